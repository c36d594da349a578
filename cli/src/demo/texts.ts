export const INTRO = [
  'Music Streaming ETL: files of listening events become daily KPIs.',
  'This starts a local stack in place of AWS, deploys the five services to it and',
  'uploads three days of made-up listening. You see how the files move through the',
  "pipeline, then yesterday's KPIs. It takes a minute or two.",
];

export const NEXT = [
  '',
  'Try next, in another terminal:',
  '  npx music-etl status               files, runs, ledgers, queues',
  '  npx music-etl put my-listens.csv   your file (user_id, track_id, listen_time)',
  '  npx music-etl export out           all KPIs as JSON lines',
];

export const STAYS_UP = [
  '',
  'The local stack stays up, and this window shows what happens.',
  'Ctrl-C stops it and cleans up.',
];

export const NEXT_AFTER_ONCE = [
  '',
  'Try next:',
  '  npm start                            the same, and it stays up for more files',
  '  npx music-etl up                     keep a local stack; then put, status',
  '  npx music-etl run DIR --export OUT   your songs.csv, users.csv and streams/*',
  '  npx music-etl --help',
];
