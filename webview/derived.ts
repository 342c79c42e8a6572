import type { DataChoice } from '../extension/protocol/messages';
import { cellInfos, type CellInfo } from '../worker/core/report/cellInfos';
import type { ModelOverview } from '../worker/core/report/overview';
import type { LayerReport, Report } from '../worker/core/report/report';
import type { AppState } from './state';
import type { OpKey } from './viewState';

/** What follows from the state; nothing here is kept. */

export const sameOp = (a: OpKey | null, b: OpKey | null): boolean =>
  a !== null && b !== null && a.subgraph === b.subgraph && a.index === b.index;

/** Text form of an operator's place, for maps and element ids. */
export const opId = (op: OpKey): string => `${op.subgraph}-${op.index}`;

/** Place of a model input beside the operators: inputs count down from −1. */
export const inputKey = (subgraph: number, input: number): OpKey => ({ subgraph, index: -1 - input });

export const keyOfLstm = ({ subgraph, op }: Pick<CellInfo, 'subgraph' | 'op'>): OpKey => ({ subgraph, index: op });

/** Data for the next run: the chosen one where it still exists, else the first that was found, else synthetic. */
export function chosenData({ host, view }: Pick<AppState, 'host' | 'view'>): DataChoice | null {
  const data = host?.data ?? [];
  return data.find(({ id }) => id === view.dataId) ?? data.find(({ synthetic }) => !synthetic) ?? data[0] ?? null;
}

/** The recurrent layer on show: the selected one, else the first. */
export function shownLstm(overview: ModelOverview, selected: OpKey | null): CellInfo | null {
  const cells = cellInfos(overview);
  return cells.find((cell) => sameOp(keyOfLstm(cell), selected)) ?? cells[0] ?? null;
}

export function layerOf(report: Report | null, op: OpKey): LayerReport | null {
  return report?.layers.find((layer) => sameOp(layer, op)) ?? null;
}

export const PERSONA_LABELS = { tflite: 'TFLite', 'tflite-old': 'TFLite, older', tflm: 'TFLM' } as const;
