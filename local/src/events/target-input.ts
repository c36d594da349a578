import type { Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from './event.ts';

/** Returns the value at a path such as `$.a.b`. */
const valueAt = (event: BusEvent, path: string): unknown => {
  let value: unknown = event;
  for (const step of path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(Boolean)) {
    value =
      value !== null && typeof value === 'object' ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined;
  }
  return value;
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

/** Returns the input of a target: the event, or what its Input, InputPath or InputTransformer makes of it. */
export const targetInput = (target: Target, event: BusEvent): string => {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? null);
  const transformer = target.InputTransformer;
  if (transformer?.InputTemplate === undefined) return JSON.stringify(event);
  const paths = transformer.InputPathsMap ?? {};
  return transformer.InputTemplate.replace(/<([\w.-]+)>/g, (whole, name: string) => {
    const path = paths[name];
    return path === undefined ? whole : asText(valueAt(event, path));
  });
};
