/** Returns a function that counts: `prefix1`, `prefix2`, … */
export const countingIds = (prefix: string): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${count}`;
  };
};
