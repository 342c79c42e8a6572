import { calibrate } from '../../../worker/core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from '../../../worker/core/calibration/calibrateSamples';
import type { Calibration } from '../../../worker/core/calibration/calibration';
import { rangesOf } from '../../../worker/core/calibration/rangesOf';
import type { CalibratedRanges } from '../../../worker/core/calibration/calibratedRanges';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import { readModel } from '../../../worker/core/formats/readModel';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { SampleSource } from '../../../worker/core/data/sample';
import type { Model } from '../../../worker/core/model/model';
import { quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import type { CalibrationState, Recipe } from '../../../worker/core/recipe/recipe';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';

/** A quantized model as it is read back from the file that was written of it. */
export interface WrittenModel {
  readonly model: Model;
  /** Of the file. */
  readonly bytes: number;
}

const NO_RANGES: CalibratedRanges = { tensors: [], lstms: new Map() };

/** A float model of the speech set on its way through the product's own calibration, recipe and writer. */
export class SpeechQuantizer {
  readonly float: Model;
  readonly #file: NamedBytes;

  constructor(file: NamedBytes) {
    this.#file = file;
    this.float = readModel(file);
  }

  async calibrate(samples: SampleSource, state: CalibrationState): Promise<Calibration> {
    const runner = prepareGraph(this.float, 0, CALIBRATED);
    const about = { model: this.float.fileName, state, synthetic: false };
    const { calibration, complete } = await calibrate(prepareCalibration(runner, about), samples, state, {});
    if (!complete) throw new Error(`${about.model}: ${calibration.samples} of ${samples.count} utterances were calibrated with.`);
    return calibration;
  }

  integer(calibration: Calibration, recipe: Omit<Recipe, 'schema' | 'scheme'> = {}): WrittenModel {
    return this.integerOf(rangesOf(calibration, this.float.graphs[0]!, recipe), recipe);
  }

  integerOf(ranges: CalibratedRanges, recipe: Omit<Recipe, 'schema' | 'scheme'> = {}): WrittenModel {
    return this.#write(ranges, { schema: 'gatescope.recipe/1', ...recipe });
  }

  hybrid(): WrittenModel {
    return this.#write(NO_RANGES, { schema: 'gatescope.recipe/1', scheme: 'hybrid' });
  }

  #write(ranges: CalibratedRanges, recipe: Recipe): WrittenModel {
    const bytes = writeTflite(quantizeModel(this.float, ranges, recipe).edit, this.#file.bytes);
    return { model: readTflite(bytes, this.#file.name), bytes: bytes.length };
  }
}
