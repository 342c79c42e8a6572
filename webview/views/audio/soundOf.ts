import { audioTensors, type AudioTensor } from '../../../worker/core/analysis/audio/audioTensors';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';

/** What of a model is sound: by its shapes, and by what it was run with. */
export function soundOf(overview: Pick<ModelOverview, 'inputs' | 'outputs'>, report: Report | null): readonly AudioTensor[] {
  const files = report?.data.files ?? [];
  return audioTensors(overview, files.length > 0 && files.every((name) => name.toLowerCase().endsWith('.wav')));
}
