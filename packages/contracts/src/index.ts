export * from './documents.ts';
export * from './keys.ts';
export * from './messages.ts';
export * from './metrics.ts';
export * from './names.ts';
export * from './operations.ts';
export * from './results.ts';
