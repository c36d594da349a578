export * from './archive.ts';
export * from './ingest.ts';
export * from './kpi.ts';
export * from './load.ts';
export * from './validate.ts';
