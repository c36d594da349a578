/** The moment at which tests happen. */
export const NOW = new Date('2026-11-23T10:10:00.000Z');
/** A run that was created five minutes before `NOW`, and another one of the same moment. */
export const RUN = '20261123T100502123-9f86d081';
export const OTHER_RUN = '20261123T100502123-00000000';

/** Returns the moment `seconds` after `from`. */
export const later = (seconds: number, from = NOW): Date => new Date(from.getTime() + seconds * 1000);
