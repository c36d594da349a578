import { z } from 'zod';
import { pythonTypes } from '../scripts/python-types.ts';

const Color = z.enum(['red', 'blue']);
const Point = z.object({ x: z.int(), color: Color.nullable(), tags: z.array(z.string()), more: z.unknown() });
const Line = z.object({
  schema_version: z.literal(1),
  ends: z.record(z.string(), Point),
  label: z.union([z.string(), Point]).nullable().default(null),
});

test('an object becomes a TypedDict after the types that it uses, and other schemas become aliases', () => {
  expect(
    pythonTypes({ shapes: { Line, Point, Color } }).shapes,
  ).toBe(`"""Written by \`npm run generate\` from packages/contracts, which describes these types."""

from typing import Any, Literal, TypedDict


Color = Literal["red", "blue"]


class Point(TypedDict):
    x: int
    color: Color | None
    tags: list[str]
    more: Any


class Line(TypedDict):
    schema_version: Literal[1]
    ends: dict[str, Point]
    label: str | Point | None
`);
});

test('a type of another module is imported', () => {
  const { lines } = pythonTypes({ points: { Color, Point }, lines: { Line } });
  expect(lines).toContain('\n\nfrom contracts.generated.points import Point\n\n\nclass Line(TypedDict):');
});

test('exports that are no schemas are left out', () => {
  expect(pythonTypes({ shapes: { Color, RED: 'red' } }).shapes).not.toContain('RED');
});

test('a nested object without a name and a field that may be absent are errors', () => {
  const Nested = z.object({ point: z.object({ x: z.int() }) });
  expect(() => pythonTypes({ shapes: { Nested } })).toThrow('Nested.point: export its schema');
  const Optional = z.object({ x: z.int().optional() });
  expect(() => pythonTypes({ shapes: { Optional } })).toThrow('Optional.x: a field is nullable, never absent');
});
