import type { Operator } from './model';

/** What the file calls an operator, for people and for rules about the file: a custom operator's code, else the name as stored. */
export function nameInFile({ customCode, storedAs, name }: Pick<Operator, 'customCode' | 'storedAs' | 'name'>): string {
  return customCode ?? storedAs ?? name;
}
