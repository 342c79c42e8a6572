import { NOTABLE_DB } from '../../../worker/core/findings/runRule';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { decibel, gain, percent } from '../../charts/format';
import { inputKey, keyOfLstm, layerOf } from '../../derived';
import type { CellSelection } from '../../figures/CellFigure';
import { isCulprit } from '../../figures/culprits';
import { findSignal, PART_NAME } from '../../figures/signalNames';
import type { OpKey } from '../../viewState';
import { mostLost } from '../lstm/losses';
import { costOf, rankedCosts, selectionOf } from '../lstm/parts';

export interface Place {
  /** A letter or a number for the front of the row. */
  readonly mark: string;
  readonly title: string;
  readonly detail: string;
  readonly link: string;
  /** Where to go: a layer, or a signal of an LSTM. */
  readonly op: OpKey;
  readonly signal: CellSelection | null;
}

const MOST = 3;
/** From this share on an input loses more than any recipe can win back. */
const CLIPPED_INPUT = 0.01;

/** The places that explain most of the error, at most three: clipped inputs, then what costs most, then the worst single operators. */
export function lookFirst(report: Report): readonly Place[] {
  const clipped = clippedInputs(report);
  const fed = new Set(clipped.flatMap(({ lstm }) => (lstm ? [lstm] : [])));
  return [...clipped.map(({ place }) => place), ...costs(report, fed), ...culprits(report)].slice(0, MOST);
}

interface ClippedInput {
  readonly place: Place;
  /** The LSTM that reads the input as it is; what its x costs is then the input's cost. */
  readonly lstm: LayerReport | null;
}

function clippedInputs(report: Report): readonly ClippedInput[] {
  return report.inputs
    .map((input) => ({ input, share: mostLost(input)?.share ?? 0 }))
    .filter(({ share }) => share >= CLIPPED_INPUT)
    .sort((a, b) => b.share - a.share)
    .map(({ input, share }) => {
      const lstm = report.layers.find((layer) => reads(layer, input)) ?? null;
      const cost = lstm && costOf(lstm.lstm, 'x');
      return {
        lstm,
        place: {
          mark: 'x',
          title: `model input ${input.name}`,
          detail: `${percent(share)} of its values at the rails${cost === null ? ': its range is too small for this data' : `; ${gain(cost)} dB if put back to float`}`,
          link: lstm?.lstm ? `${lstm.lstm.name} › x` : 'input',
          op: lstm ?? inputKey(input.subgraph, input.index),
          signal: lstm && 'x',
        },
      };
    });
}

/** Whether an LSTM's x is the model's input itself: the same values, the same losses. */
function reads(layer: LayerReport, input: LayerReport): boolean {
  const x = layer.lstm && findSignal(layer, 'x');
  return (
    x !== null &&
    x.values === input.saturation.values &&
    x.rails !== null &&
    x.rails.low + x.rails.high === input.saturation.total
  );
}

function costs(report: Report, told: ReadonlySet<LayerReport>): readonly Place[] {
  return report.lstms
    .flatMap((lstm) => {
      const key = keyOfLstm(lstm);
      const layer = layerOf(report, key);
      const ranked = rankedCosts(layer?.lstm ?? null);
      return ranked
        .filter(({ part, gainDb }) => gainDb >= NOTABLE_DB && !(part === 'x' && layer !== null && told.has(layer)))
        .map(({ part, gainDb }) => ({
          gainDb,
          place: {
            mark: part,
            title: `${PART_NAME[part]} of ${lstm.name}`,
            detail: `${gain(gainDb)} dB if put back to float`,
            link: `${lstm.name} › ${part}`,
            op: key,
            signal: selectionOf(lstm, part),
          },
        }));
    })
    .sort((a, b) => b.gainDb - a.gainDb)
    .map(({ place }) => place);
}

function culprits(report: Report): readonly Place[] {
  return report.layers
    .flatMap((layer) => {
      const db = layer.local?.sqnrDb ?? null;
      return layer.lstm === null && db !== null && isCulprit(layer) ? [{ layer, db }] : [];
    })
    .sort((a, b) => a.db - b.db)
    .slice(0, MOST)
    .map(({ layer, db }) => ({
      mark: String(layer.index),
      title: `op ${layer.index} ${layer.op}`,
      detail: `${decibel(db)} dB local: adds error of its own`,
      link: `op ${layer.index}`,
      op: { subgraph: layer.subgraph, index: layer.index },
      signal: null,
    }));
}
