import type { CellPlan } from '../analysis/layerPlan';
import type { CellSums } from '../analysis/layerSums';
import type { SignalSums } from '../analysis/signalSums';
import { GATES, GATE_LETTERS, type GateStage, type SignalName } from '../lstm/signals';
import { ledgerPlaces } from './ledgerPlaces';
import { lostAtRails, sumLost } from './lostAtRails';
import type { LstmInfo } from './overview';
import type { LedgerEntry, LedgerRow, LossCause, LstmPart } from './report';

/** int8 weights of one LSTM and how many of them are at +-127 (or -128). */
export interface WeightRails {
  readonly count: number;
  readonly values: number;
}

/** One LSTM's cells (two when bidirectional), which count together. */
export interface LedgerSource {
  readonly info: LstmInfo;
  readonly cells: readonly { readonly plan: CellPlan; readonly sums: CellSums }[];
  readonly weightRails: WeightRails | null;
}

const NOT_IN_CELL = 'not in this cell';

/** Where values are lost in an LSTM, by cause and part; contract: integer LSTM specification, section 7. */
export function lossLedger(source: LedgerSource): LedgerRow[] {
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
    row('flat', 'σ, tanh flat', null, flatEntries(source), false),
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

function row(
  cause: LossCause,
  label: string,
  absent: string | null,
  entries: readonly LedgerEntry[],
  loss: boolean = true,
): LedgerRow {
  return { cause, label, loss, absent, entries: absent === null ? entries : [] };
}

function railEntry(source: LedgerSource, part: LstmPart, signal: SignalName): LedgerEntry[] {
  return entry(source, part, signal, 'atRails', (sums) =>
    sums.rails === null ? null : { count: sums.rails.low + sums.rails.high, lost: sumLost(lostAtRails(sums)) },
  );
}

function flatEntries(source: LedgerSource): LedgerEntry[] {
  const flat = (part: LstmPart, signal: SignalName) =>
    entry(source, part, signal, 'flat', ({ flat: ends }) => (ends === null ? null : { count: ends.low + ends.high, lost: 0 }));
  return [...GATES.flatMap((gate) => flat(GATE_LETTERS[gate], GATE_LETTERS[gate])), ...flat('c', 'tanh_c')];
}

/** Empty where no cell has the signal. */
function entry(
  source: LedgerSource,
  part: LstmPart,
  signal: SignalName,
  place: 'atRails' | 'flat',
  countOf: (sums: SignalSums) => Pick<LedgerEntry, 'count' | 'lost'> | null,
): LedgerEntry[] {
  const counted = signalsNamed(source, signal).flatMap((sums) => {
    const counts = countOf(sums);
    return counts === null ? [] : [{ ...counts, values: (sums.range ?? sums.floatRange).values }];
  });
  if (counted.length === 0) return [];
  const total = (of: 'count' | 'lost' | 'values') => counted.reduce((sum, counts) => sum + counts[of], 0);
  const where = ledgerPlaces(signalsNamed(source, signal), place);
  return [{ part, signal, count: total('count'), lost: total('lost'), values: total('values'), ...where }];
}

function signalsNamed({ cells }: LedgerSource, signal: SignalName): SignalSums[] {
  return cells.flatMap(({ plan, sums }) => sums.signals[plan.signals.findIndex(({ name }) => name === signal)] ?? []);
}

/** The cell input has no peephole. */
function hasPeephole({ part }: LedgerEntry): boolean {
  return part !== 'g';
}

function weightEntry({ weightRails }: LedgerSource): LedgerEntry[] {
  return weightRails === null ? [] : [{ part: 'W', signal: null, ...weightRails, lost: 0 }];
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

function valuesOf(source: LedgerSource, signal: SignalName): number {
  return signalsNamed(source, signal).reduce((sum, { range, floatRange }) => sum + (range ?? floatRange).values, 0);
}

/** A clip beyond the cell's own range never acts. */
function cellClipAbsence({ info }: LedgerSource): string | null {
  if (info.cellClip <= 0) return NOT_IN_CELL;
  if (info.cellIntegerBits !== null && info.cellClip >= 2 ** info.cellIntegerBits) return 'inert';
  return null;
}

function clipLabel(name: string, clip: number): string {
  return clip > 0 ? `${name} ±${Number(clip.toPrecision(6))}` : name;
}
