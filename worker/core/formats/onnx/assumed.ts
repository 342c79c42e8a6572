/** Begins the names of a model's metadata that say what the reader took for granted, before what it is about. */
export const ASSUMED = 'assumed: ';
