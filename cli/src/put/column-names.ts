const csvFields = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"]|"")*)"|[^,]+/g)].map(([whole, quoted]) => (quoted ?? whole).replaceAll('""', '"'));

const jsonKeys = (line: string): string[] => {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
};

/** Enough lines of JSON to see every column: a line may leave out what is null. */
const JSON_LINES = 100;

/** Reads the column names of a text file from its first lines, in lower case. */
export const textColumns = (head: string): string[] => {
  const lines = head
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '');
  const first = lines[0]?.trim() ?? '';
  const names = first.startsWith('{') ? lines.slice(0, JSON_LINES).flatMap(jsonKeys) : csvFields(first);
  return [...new Set(names.map((name) => name.trim().toLowerCase()))];
};

/** Finds those of `names` in a Parquet footer, where Thrift writes a name as its length and its bytes. */
export const parquetColumns = (footer: Buffer, names: readonly string[]): string[] => {
  const lower = Buffer.from(footer.toString('latin1').toLowerCase(), 'latin1');
  return names.filter((name) => lower.includes(Buffer.concat([Buffer.from([name.length]), Buffer.from(name)])));
};
