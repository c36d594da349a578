/** Ranks UTF-16 code units in the order of their code points: surrogates come after U+E000…U+FFFF. */
const rank = (unit: number): number => {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
};

/** Compares two texts by their bytes in UTF-8. */
export const compareUtf8 = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
};

/** Compares two composite keys part by part. */
export const compareKeys = (a: readonly string[], b: readonly string[]): number => {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareUtf8(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
};

/** Sorts texts by their bytes in UTF-8. */
export const sortUtf8 = (texts: Iterable<string>): string[] => [...texts].sort(compareUtf8);
