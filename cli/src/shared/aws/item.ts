/** An attribute as DynamoDB gives it, as far as items of the table have them. */
export interface Attribute {
  S?: string;
  N?: string;
  BOOL?: boolean;
  NULL?: boolean;
  L?: Attribute[];
  M?: Record<string, Attribute>;
}

/** An item of the table of KPIs. */
export type Item = Record<string, Attribute>;

/** Writes JSON of an object from names and JSON values. */
export const objectJson = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

/** Writes JSON of an attribute, its numbers as the table has them: nothing passes through floating point. */
export const attributeJson = (value: Attribute | undefined): string => {
  if (value === undefined || value.NULL) return 'null';
  if (value.S !== undefined) return JSON.stringify(value.S);
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.L !== undefined) return `[${value.L.map(attributeJson).join(',')}]`;
  if (value.M !== undefined) {
    return objectJson(Object.entries(value.M).map(([name, inner]) => [name, attributeJson(inner)]));
  }
  throw new Error(`an attribute of unexpected type: ${Object.keys(value).join()}`);
};
