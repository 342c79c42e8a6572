import type { StepSignal } from '../recognise/recognised';
import type { RecognisedInfo } from './overview';
import type { CellError, CellReport, CellSignalReport, ErrorStats, LayerReport, Report } from './report';

/** Reference RMS of a value by its rounding to half precision (see NoiseFloor). */
const HALF = 2 ** -11;

/** The unrolled LSTMs of a model, by the figures that their operators have. */
export function cellReports(recognised: readonly RecognisedInfo[], layers: readonly LayerReport[]): CellReport[] {
  return recognised.flatMap(({ name, subgraph, steps, signals }) => {
    const own = layers.filter((layer) => layer.subgraph === subgraph);
    if (signals === undefined || own.length === 0) return [];
    return [{ name, subgraph, steps, signals: signalReports(signals, own) }];
  });
}

/** The cells of a report whose layers have other figures by now. */
export function cellsAgain({ cells, layers }: Pick<Report, 'cells' | 'layers'>): Pick<Report, 'cells'> {
  if (cells === undefined) return {};
  return {
    cells: cells.map((cell) => ({
      ...cell,
      signals: signalReports(
        cell.signals,
        layers.filter(({ subgraph }) => subgraph === cell.subgraph),
      ),
    })),
  };
}

function signalReports(signals: readonly StepSignal[], layers: readonly LayerReport[]): CellSignalReport[] {
  const byIndex = new Map(layers.map((layer) => [layer.index, layer]));
  return signals.map(({ signal, operators }) => {
    const steps = operators.map((indices) => indices.flatMap((index) => byIndex.get(index) ?? []));
    const all = steps.flat();
    const sum = (of: (layer: LayerReport) => number) => all.reduce((total, layer) => total + of(layer), 0);
    return {
      signal,
      operators,
      values: sum(({ saturation }) => saturation.values),
      atRails: sum(({ saturation }) => saturation.total),
      lostAtRails: sum(({ lostAtRails }) => lostAtRails),
      local: cellError(steps, ({ local }) => local),
      accumulated: cellError(steps, ({ accumulated }) => accumulated),
    };
  });
}

function cellError(steps: readonly (readonly LayerReport[])[], of: (layer: LayerReport) => ErrorStats | null): CellError | null {
  let [values, noise, reference, maxAbs, worst] = [0, 0, 0, 0, 0];
  let worstStep: number | null = null;
  for (const [step, layers] of steps.entries()) {
    for (const layer of layers) {
      const error = of(layer);
      if (error === null) continue;
      const floatRms = (layer.signals[0]?.noiseFloor?.float16Rmse ?? 0) / HALF;
      values += error.values;
      noise += error.rmse ** 2 * error.values;
      reference += floatRms ** 2 * error.values;
      maxAbs = Math.max(maxAbs, error.maxAbs);
      if (error.rmse > worst) [worst, worstStep] = [error.rmse, step];
    }
  }
  if (values === 0) return null;
  const isFinite = noise > 0 && reference > 0;
  return {
    sqnrDb: isFinite ? 10 * Math.log10(reference / noise) : null,
    exact: noise === 0,
    rmse: Math.sqrt(noise / values),
    maxAbs,
    worstStep,
  };
}
