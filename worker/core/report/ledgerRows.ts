import type { CellPlan } from '../analysis/layerPlan';
import type { CellSums } from '../analysis/layerSums';
import type { SignalSums } from '../analysis/signalSums';
import type { SignalName } from '../lstm/signals';
import type { CellInfo } from './cellInfos';
import { ledgerPlaces } from './ledgerPlaces';
import { lostAtRails, sumLost } from './lostAtRails';
import type { LedgerEntry, LedgerRow, LossCause, LstmPart } from './report';

/** int8 weights of one recurrent layer and how many of them are at +-127 (or -128). */
export interface WeightRails {
  readonly count: number;
  readonly values: number;
}

/** One layer's cells (two when bidirectional), which count together. */
export interface LedgerSource<Info extends CellInfo = CellInfo> {
  readonly info: Info;
  readonly cells: readonly { readonly plan: CellPlan; readonly sums: CellSums }[];
  readonly weightRails: WeightRails | null;
}

/** Why a row does not apply. */
export const NOT_IN_CELL = 'not in this cell';

export function row(
  cause: LossCause,
  label: string,
  absent: string | null,
  entries: readonly LedgerEntry[],
  loss: boolean = true,
): LedgerRow {
  return { cause, label, loss, absent, entries: absent === null ? entries : [] };
}

export function railEntry(source: LedgerSource, part: LstmPart, signal: SignalName): LedgerEntry[] {
  return entry(source, part, signal, 'atRails', (sums) =>
    sums.rails === null ? null : { count: sums.rails.low + sums.rails.high, lost: sumLost(lostAtRails(sums)) },
  );
}

/** At an activation's end, by part and signal. */
export function flatEntries(source: LedgerSource, activated: readonly (readonly [LstmPart, SignalName])[]): LedgerEntry[] {
  return activated.flatMap(([part, signal]) =>
    entry(source, part, signal, 'flat', ({ flat: ends }) => (ends === null ? null : { count: ends.low + ends.high, lost: 0 })),
  );
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

export function weightEntry({ weightRails }: LedgerSource): LedgerEntry[] {
  return weightRails === null ? [] : [{ part: 'W', signal: null, ...weightRails, lost: 0 }];
}

export function valuesOf(source: LedgerSource, signal: SignalName): number {
  return signalsNamed(source, signal).reduce((sum, { range, floatRange }) => sum + (range ?? floatRange).values, 0);
}

export function clipLabel(name: string, clip: number): string {
  return clip > 0 ? `${name} ±${Number(clip.toPrecision(6))}` : name;
}
