const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Published properties stay; new ones may come. */
const properties = (before: unknown, after: unknown, path: string): string[] => {
  const now = isObject(after) ? after : {};
  return Object.entries(isObject(before) ? before : {}).flatMap(([name, schema]) =>
    name in now ? breaks(schema, now[name], `${path}.${name}`) : [`${path}.${name} is gone`],
  );
};

const required = (before: unknown, after: unknown, path: string): string[] => {
  const [were, are] = [listOf(before), listOf(after)];
  const dropped = were.filter((name) => !are.includes(name)).map((name) => `${path}.${name} may be absent now`);
  const added = are.filter((name) => !were.includes(name)).map((name) => `${path}.${name} is required now`);
  return [...dropped, ...added];
};

const options = (before: unknown, after: unknown, path: string): string[] =>
  listOf(before).flatMap((option, i) => breaks(option, listOf(after)[i], `${path}|${i}`));

const values = (before: unknown, after: unknown, path: string): string[] =>
  listOf(before).flatMap((value) => (listOf(after).includes(value) ? [] : [`${path} does not know ${value} any more`]));

type Rule = (before: unknown, after: unknown, path: string) => string[];

const RULES: Record<string, Rule> = {
  properties,
  required,
  anyOf: options,
  oneOf: options,
  enum: values,
  items: (before, after, path) => breaks(before, after, `${path}[]`),
};

const changed: Rule = (before, after, path) =>
  same(before, after) ? [] : [`${path} was ${JSON.stringify(before)} and is ${JSON.stringify(after)}`];

/**
 * Lists what a changed JSON Schema breaks. Allowed are new optional properties, new enum values and new alternatives.
 * Both directions count: old documents stay readable, and old readers find in new documents what they need.
 */
export const breaks = (before: unknown, after: unknown, path: string): string[] => {
  if (!isObject(before) || !isObject(after)) return changed(before, after, path);
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => key !== 'description');
  return keywords.flatMap((keyword) => {
    const rule = RULES[keyword];
    return rule === undefined
      ? changed(before[keyword], after[keyword], `${path} (${keyword})`)
      : rule(before[keyword], after[keyword], path);
  });
};
