export * from './dates.ts';
export * from './files.ts';
export * from './moments.ts';
export * from './reference.ts';
export * from './requests.ts';
export * from './results.ts';
export * from './runs.ts';
