import type { GruGateLetter, SignalName } from '../lstm/signals';
import { flatEntries, NOT_IN_CELL, railEntry, row, weightEntry, type LedgerSource } from './ledgerRows';
import type { RecurrentInfo } from './overview';
import type { LedgerEntry, LedgerRow, LstmPart } from './report';

type Letter = GruGateLetter | 'a';

/**
 * Where values are lost in a GRU or a simple recurrent layer, by cause and part. What goes into the candidate counts with it: r times
 * h, and the recurrent product that r is to multiply.
 */
export function hiddenLedger(source: LedgerSource<RecurrentInfo>): LedgerRow[] {
  const { scheme, reset, kind } = source.info;
  const needsInteger = scheme === 'int8' ? null : `${scheme} arithmetic`;
  const letters: readonly Letter[] = kind === 'gru' ? ['z', 'r', 'n'] : ['a'];
  const rail = (part: LstmPart, signal: SignalName) => railEntry(source, part, signal);
  const stage = (suffix: 'x' | 'xh'): LedgerEntry[] => letters.flatMap((letter) => rail(letter, `${letter}_${suffix}`));
  const activated: readonly (readonly [LstmPart, SignalName])[] =
    kind === 'gru' ? (['z', 'r', 'n'] as const).map((letter) => [letter, letter] as const) : [];
  return [
    row('int8-rails', 'at the int8 rails', needsInteger, [...rail('x', 'x'), ...rail('n', 'rh'), ...rail('h', 'h')]),
    row('weight-rails', 'weights at ±127', needsInteger, weightEntry(source), false),
    row('after-input', 'after W·x, int16', needsInteger, stage('x')),
    row('recurrent-alone', 'R·h alone, int16', reset === 'after' ? needsInteger : NOT_IN_CELL, rail('n', 'n_h')),
    row('after-recurrent', 'after + R·h, int16', needsInteger, stage('xh')),
    ...(kind === 'gru' ? [row('flat', 'σ, tanh flat', null, flatEntries(source, activated), false)] : []),
  ];
}
