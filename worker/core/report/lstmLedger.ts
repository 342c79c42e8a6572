import { GATES, GATE_LETTERS, type GateStage, type SignalName } from '../lstm/signals';
import { clipLabel, flatEntries, NOT_IN_CELL, railEntry, row, valuesOf, weightEntry, type LedgerSource } from './ledgerRows';
import type { LstmInfo } from './overview';
import type { LedgerEntry, LedgerRow, LstmPart } from './report';

const ACTIVATED: readonly (readonly [LstmPart, SignalName])[] = [
  ...GATES.map((gate) => [GATE_LETTERS[gate], GATE_LETTERS[gate]] as const),
  ['c', 'tanh_c'],
];

/** Where values are lost in an LSTM, by cause and part; contract: integer LSTM specification, section 7. */
export function lstmLedger(source: LedgerSource<LstmInfo>): LedgerRow[] {
  const { info } = source;
  const integer = info.scheme === 'int8' || info.scheme === '16x8';
  const needsInteger = integer ? null : `${info.scheme} arithmetic`;
  const width = info.scheme === '16x8' ? 'int16' : 'int8';
  const rail = (part: LstmPart, signal: SignalName) => railEntry(source, part, signal);
  const stage = (suffix: GateStage) => GATES.flatMap((gate) => rail(GATE_LETTERS[gate], `${GATE_LETTERS[gate]}_${suffix}`));
  return [
    row('int8-rails', `at the ${width} rails`, needsInteger, [...rail('x', 'x'), ...rail('h', 'h')]),
    row('weight-rails', 'weights at ±127', needsInteger, weightEntry(source), false),
    row('after-input', 'after W·x, int16', needsInteger, stage('x')),
    row('after-recurrent', 'after + R·h, int16', needsInteger, stage('xh')),
    row('after-peephole', 'after peephole', info.peephole ? needsInteger : NOT_IN_CELL, stage('in').filter(hasPeephole)),
    row('after-layer-norm', 'after layer norm', info.layerNorm ? needsInteger : NOT_IN_CELL, stage('ln')),
    row('layer-norm-overflow', 'layer norm int32 overflow', info.layerNorm ? needsInteger : NOT_IN_CELL, overflow(source)),
    row('flat', 'σ, tanh flat', null, flatEntries(source, ACTIVATED), false),
    row('cell-add', 'cell add, int16', needsInteger, rail('c', 'c')),
    row('cell-clip', clipLabel('cell clip', info.cellClip), cellClipAbsence(source), clipped(source, 'c', 'cellClipped')),
    row('hidden-rails', `hidden, ${width}`, info.projection ? needsInteger : NOT_IN_CELL, rail('m', 'm')),
    row(
      'projection-clip',
      clipLabel('projection clip', info.projectionClip),
      info.projection && info.projectionClip > 0 ? null : NOT_IN_CELL,
      clipped(source, 'h', 'projectionClipped'),
    ),
  ];
}

/** The cell input has no peephole. */
function hasPeephole({ part }: LedgerEntry): boolean {
  return part !== 'g';
}

function overflow(source: LedgerSource): LedgerEntry[] {
  return GATES.flatMap((gate) => {
    const letter = GATE_LETTERS[gate];
    const values = valuesOf(source, `${letter}_ln`);
    if (values === 0) return [];
    const count = source.cells.reduce((sum, cell) => sum + cell.sums.losses.layerNormOverflow[gate], 0);
    return [{ part: letter, signal: `${letter}_ln`, count, lost: count, values }];
  });
}

function clipped(source: LedgerSource, signal: 'c' | 'h', loss: 'cellClipped' | 'projectionClipped'): LedgerEntry[] {
  const count = source.cells.reduce((sum, cell) => sum + cell.sums.losses[loss], 0);
  return [{ part: signal, signal, count, lost: count, values: valuesOf(source, signal) }];
}

/** A clip beyond the cell's own range never acts. */
function cellClipAbsence({ info }: LedgerSource<LstmInfo>): string | null {
  if (info.cellClip <= 0) return NOT_IN_CELL;
  if (info.cellIntegerBits !== null && info.cellClip >= 2 ** info.cellIntegerBits) return 'inert';
  return null;
}
