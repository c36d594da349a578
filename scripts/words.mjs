/** `npm test -- words`: refuses words that the project has replaced, and lines and sentences that are too long to read. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';
import { trackedFiles } from './tracked-files.mjs';

/** Replaced word → what the field says. Whole words, in any case; in names a word ends at `_`, `-` or a capital. */
const REPLACED = [
  [/floors?/, 'local stack (or: round down)'],
  [/judge[sd]?|judging|judgements?/, 'validate, validation'],
  [/forerunners?/, 'predecessor'],
  [/mended|mends?|mending/, 'row patches; patch'],
  [/zygotes?/, 'pre-fork server'],
  [/keepers?/, 'supervisor'],
  [/bury|buried|buries/, 'send to the DLQ'],
  [/full house/, 'at capacity'],
  [/told|tells/, 'report, say, name'],
  [/newest word|has the word|last word/, 'current version'],
  [/refuses?|refused|refusals?/, 'reject (files), quarantine (rows)'],
  [/doom(ed)?|condemn(ed)?/, 'fault plan'],
  [/shelf|levers?|valves?/, 'fake store, alarm triggers, event gate'],
  [/sniff(ed|s)?/, 'detect format'],
  [/resting place|at rest/, 'terminal state, archived'],
  [/beaten/, 'duplicates'],
  [/asks?|asked|asking/, 'request; prompt (a person)'],
  [/stands?|standing|stood/, 'current version, effective; is'],
  [/hand(s|ed|ing)? on/, 'complete a stage'],
  [/settle[sd]?|settling/, 'reach a terminal state'],
  [/fates?/, 'fault plan'],
  [/form(s|ed|ing)? (a |the )?runs?/, 'create a run'],
  [/named_tracks|user_words|genre_mask/, 'tall tables'],
];

/** Files that name replaced words on purpose. */
const EXEMPT = [
  /^CHANGELOG\.md$/,
  /^scripts\/words(\.test)?\.(mjs|ts)$/,
  /^package-lock\.json$/,
  /requirements.*\.(txt|in)$/,
];
/** `Math.floor` and its like are the language's. The command `refuse` is kept as an alias. */
const ALLOWED = [/Math\.floor|math\.floor|\bfloor\(/g, /ECONNREFUSED/g, /allSettled/g, /alias\('refuse'\)|`refuse`/g];
const SOURCES = REPLACED.map(([word]) => word.source);
const anyOf = (sources) => `(${sources.map((source) => `(?:${source})`).join('|')})`;
const withFirst = (change) => (source) =>
  source.replace(/(^|\||\()([a-z])/g, (_, before, first) => before + change(first));
const upper = (letter) => letter.toUpperCase();
/** As a word of its own, after a capital in a name (`rowsJudged`), or in capitals (`JUDGED_ROWS`). */
const FORMS = [
  new RegExp(`(?<![a-zA-Z])${anyOf(SOURCES.map(withFirst((letter) => `[${letter}${upper(letter)}]`)))}(?![a-z])`),
  new RegExp(`(?<=[a-z])${anyOf(SOURCES.map(withFirst(upper)))}(?![a-z])`),
  new RegExp(`(?<![a-zA-Z])${anyOf(SOURCES.map(upper))}(?![a-zA-Z])`),
];

const LONGEST_LINE = 120;
const LONGEST_SENTENCE = 31;

/** What is wrong with one line of any file: a replaced word. */
export const replacedWord = (line) => {
  const text = ALLOWED.reduce((rest, allowed) => rest.replace(allowed, ''), line);
  return FORMS.map((form) => form.exec(text)?.[1]).find(Boolean) ?? null;
};

/** What the field says instead of a replaced word. */
export const successor = (word) =>
  REPLACED.find(([pattern]) => new RegExp(`^(${pattern.source})$`, 'i').test(word))?.[1] ?? '';

/** Sentences of a Markdown text that have too many words; code, tables and links' targets do not count. */
export const longSentences = (markdown) =>
  markdown
    .replace(/```[\s\S]*?```/g, '\n\n')
    .replace(/^\|.*$/gm, '')
    .replace(/\]\([^)]*\)/g, ']')
    .split(/\n\s*\n|^#+.*$|^\s*(?:[-*]|\d+\.)\s/m)
    .flatMap((paragraph) => paragraph.replace(/`[^`]*`/g, 'code').split(/(?<=[.!?])\s+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(/\s+/).length > LONGEST_SENTENCE);

const findingsOf = (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text.split('\n');
  const isDocument = path.endsWith('.md');
  const words = lines.flatMap((line, at) => {
    const word = replacedWord(line);
    return word === null ? [] : [`${path}:${at + 1}: "${word}" → ${successor(word)}`];
  });
  const inPath = replacedWord(path);
  const wide = lines.flatMap((line, at) =>
    /\.(md|ts|mjs|cjs|py|sql)$/.test(path) && line.length > LONGEST_LINE && !line.startsWith('|')
      ? [`${path}:${at + 1}: ${line.length} characters`]
      : [],
  );
  const long = isDocument
    ? longSentences(text).map((sentence) => `${path}: a sentence too long: "${sentence.slice(0, 90)}…"`)
    : [];
  return [
    ...(inPath === null ? [] : [`${path}: the name has "${inPath}" → ${successor(inPath)}`]),
    ...words,
    ...wide,
    ...long,
  ];
};

const documentsAndSources = () =>
  trackedFiles(/\.(ts|mjs|cjs|py|sql|md|yml|json|toml)$/).filter((path) => !EXEMPT.some((exempt) => exempt.test(path)));

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const chosen = process.argv.slice(2);
  const paths = documentsAndSources().filter(
    (path) => chosen.length === 0 || chosen.some((start) => path.startsWith(start)),
  );
  const findings = paths.flatMap(findingsOf);
  for (const finding of findings) console.log(finding);
  console.log(findings.length === 0 ? `words: ${paths.length} files are clean` : `words: ${findings.length} findings`);
  process.exit(findings.length === 0 ? 0 : 1);
}
