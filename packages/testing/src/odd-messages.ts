import fc from 'fast-check';

/** How many cases each property over messages runs; scripts/fuzz.mjs sets more. */
export const CASES = Number(process.env.FUZZ_MESSAGES ?? 150);

const LONE_SURROGATE = '\ud800';

/** Values that parsers, databases and languages treat differently. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    ...[null, '', ' ', 0, -1, 1.5, 1e308, -0, 2 ** 53, true, [], {}, '\u0000', LONE_SURROGATE, '../..', '__proto__'],
    ...['2026-02-30T00:00:00.000Z', '99999999T999999999-ffffffff', 'x'.repeat(100_000), [[[[[[]]]]]]],
  ),
);

/** Returns a copy of `value` in which the value at `path` is replaced, or removed if `next` is undefined. */
const withAt = (value: unknown, path: readonly string[], next: unknown): unknown => {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (typeof value !== 'object' || value === null) return value;
  const copy = new Map<string, unknown>(Object.entries(value));
  const changed = withAt(copy.get(head), rest, next);
  if (changed === undefined) copy.delete(head);
  else copy.set(head, changed);
  return Array.isArray(value) ? [...copy.values()] : Object.fromEntries(copy);
};

const pathsOf = (value: unknown): string[][] =>
  typeof value !== 'object' || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [key, ...path]))];

/** Generates good values with one or two parts replaced by odd ones or removed. */
export const mutated = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(good, fc.array(fc.tuple(fc.nat(), fc.option(oddValue, { nil: undefined })), { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) =>
      changes.reduce((before, [at, next]) => {
        const paths = pathsOf(before);
        return withAt(before, paths[at % paths.length] ?? [], next) ?? null;
      }, value),
    );

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const withKeys = (body: string, keys: string): string => body.replace(/^\{/, `{${keys},`);

/** Generates message bodies as a queue may hold them: good ones made odd, other JSON, and no JSON. */
export const oddBody = (good: fc.Arbitrary<unknown>): fc.Arbitrary<string> => {
  const text = mutated(good).map((value) => JSON.stringify(value));
  return fc.oneof(
    { arbitrary: text, weight: 4 },
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary' }),
    fc.tuple(text, fc.nat()).map(([body, at]) => body.slice(0, at % (body.length + 1))),
    text.map((body) => withKeys(body, '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}')),
    text.map((body) => `${body}${body}`),
    fc.constantFrom(1, 1000, 100_000).map(deep),
    fc.constantFrom('', ' ', 'null', '\ufeff{}', '{"a":1e999}', `"${'x'.repeat(250_000)}"`),
  );
};

/** Returns whether the prototype of all objects was changed. */
export const isPolluted = (): boolean => 'polluted' in {};
