import type { LstmInfo, RecurrentInfo } from './overview';

/** A recurrent layer that is one operator: an LSTM, a GRU or a simple one. */
export type CellInfo = LstmInfo | RecurrentInfo;

export const isLstm = (info: CellInfo): info is LstmInfo => !('kind' in info);

/** Whether it is two cells in one operator. Of GRUs and simple layers each direction is an operator of its own. */
export const isBidirectional = (info: CellInfo): boolean => isLstm(info) && info.bidirectional;

/** Every recurrent layer of a model or a report, in file order. */
export function cellInfos({
  lstms,
  recurrent = [],
}: {
  readonly lstms: readonly LstmInfo[];
  readonly recurrent?: readonly RecurrentInfo[];
}): readonly CellInfo[] {
  if (recurrent.length === 0) return lstms;
  return [...lstms, ...recurrent].sort((a, b) => a.subgraph - b.subgraph || a.op - b.op);
}

/** The one that an operator is; null for other operators. */
export function cellInfoOf(
  of: Parameters<typeof cellInfos>[0],
  { subgraph, index }: { readonly subgraph: number; readonly index: number },
): CellInfo | null {
  return cellInfos(of).find((info) => info.subgraph === subgraph && info.op === index) ?? null;
}

const KIND_NAMES = { gru: 'GRU', rnn: 'RNN' } as const;

/** What people call its kind. */
export const kindName = (info: CellInfo): 'LSTM' | 'GRU' | 'RNN' => (isLstm(info) ? 'LSTM' : KIND_NAMES[info.kind]);

/** Sizes of its vectors: x, what its gates compute, h. */
export function cellSizes(info: CellInfo): Readonly<Record<'input' | 'cell' | 'output', number>> {
  return isLstm(info) ? info : { input: info.input, cell: info.hidden, output: info.hidden };
}
