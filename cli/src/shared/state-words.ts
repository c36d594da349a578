/** Returns a file's state in the words that a person reads. */
export const stateWords = (state: string): string => (state === 'held' ? 'on hold' : state);
