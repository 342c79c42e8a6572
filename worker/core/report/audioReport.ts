import { audioTensors } from '../analysis/audio/audioTensors';
import { siSdrOfCosine } from '../analysis/audio/siSdr';
import type { ModelOverview } from './overview';
import type { LayerReport, Report } from './report';

/** An output that is sound, or a mask over its frequencies, quantized against float over all frames of the run. */
export interface AudioReport {
  readonly tensor: number;
  readonly name: string;
  readonly kind: 'frames' | 'mask';
  /** Operator that computes it. */
  readonly index: number;
  /** Values of a frame; null: all of a sample. */
  readonly frame: number | null;
  readonly frames: number;
  /** Scale-invariant signal to distortion ratio over the frames one after the other, before they are overlapped; null where it is not finite. */
  readonly siSdrDb: number | null;
  readonly exact: boolean;
}

/** Outputs of the main graph that are sound; those that nothing was compared at are left out. */
export function audioReports(
  overview: Pick<ModelOverview, 'inputs' | 'outputs' | 'ops'>,
  layers: readonly LayerReport[],
): AudioReport[] {
  return audioTensors(overview, false).flatMap(({ tensor, name, kind, frame }) => {
    const op = overview.ops.find(({ subgraph, outputs }) => subgraph === 0 && outputs[0] === tensor);
    return op === undefined ? [] : withFigures({ tensor, name, kind, frame, index: op.index }, layers);
  });
}

/** The same of a report whose layers have other figures by now. */
export function audioAgain({ audio, layers }: Pick<Report, 'audio' | 'layers'>): Pick<Report, 'audio'> {
  return audio === undefined ? {} : { audio: audio.flatMap((one) => withFigures(one, layers)) };
}

type Place = Pick<AudioReport, 'tensor' | 'name' | 'kind' | 'frame' | 'index'>;

function withFigures({ tensor, name, kind, frame, index }: Place, layers: readonly LayerReport[]): AudioReport[] {
  const error = layers.find((layer) => layer.subgraph === 0 && layer.index === index)?.accumulated ?? null;
  if (error === null) return [];
  const siSdrDb = error.cosine === null ? null : siSdrOfCosine(error.cosine);
  return [
    { tensor, name, kind, frame, index, frames: Math.floor(error.values / (frame ?? error.values)), siSdrDb, exact: error.exact },
  ];
}
