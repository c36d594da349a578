/** Half a character. JSON can write it but UTF-8 cannot, so neither a document nor a key could hold it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const wellFormed = (key: string, value: unknown): unknown => {
  if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value))) throw new Error('no text');
  return value;
};

/** Parses a message body. Returns undefined for one that is not JSON or not well-formed text. */
export const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body, wellFormed);
  } catch {
    return undefined;
  }
};
