/**
 * Counts equal texts, in the order in which each first comes.
 * @example countEqual(['b', 'a', 'b']) // Map { 'b' → 2, 'a' → 1 }
 */
export const countEqual = <T extends string>(texts: Iterable<T>): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};
