import { randomLcg } from 'd3';
import { buildTfliteLstm, prepareBenchLstm } from '../../bench/engine';
import { SpeechQuantizer } from '../speech/quantizeSpeech';
import { Recognizer } from '../speech/recognizer';
import type { SpeechDigits } from '../speech/speechDigits';

/** Milliseconds a run: the fastest of rounds in which every form had its turn, as others on the machine only add to a time. */
export interface Times {
  readonly float: number;
  readonly hybrid: number;
  readonly integer: number;
}

/** Cells of the LSTM layers that show how ratios depend on size; as many inputs, 100 steps. */
export const CELL_SIZES = [64, 128, 256, 512, 1024, 2048] as const;

/** Short turns, many of them: what else runs on the machine spares some. */
export const LEAST_ROUNDS = 9;
const LEAST_MS = 3000;
const TURN_MS = 2;
const STEPS = 100;

/** One short utterance, the whole model, on this thread alone. */
export async function timeModel(speech: SpeechDigits, name: string): Promise<Times> {
  const quantizer = new SpeechQuantizer(speech.floatFile(name));
  const calibration = await quantizer.calibrate(speech.calibration, 'reset');
  const [utterance] = speech.set('short');
  const recognizers = {
    float: new Recognizer(quantizer.float, 'float'),
    hybrid: new Recognizer(quantizer.hybrid().model, 'hybrid'),
    integer: new Recognizer(quantizer.integer(calibration).model, 'int8'),
  };
  return interleaved((form) => recognizers[form].recognize(utterance!));
}

/** One LSTM layer without projection, peephole and layer norm, of random weights. */
export function timeLayer(cell: number): Times {
  const shape = { input: cell, cell, steps: STEPS, batch: 1 };
  const random = uniform(1);
  const reals = Float32Array.from({ length: STEPS * cell }, () => random() * 2);
  const codes = Int8Array.from(reals, (value) => Math.round(value * 60));
  const prepare = (kind: 'float' | 'hybrid' | 'int8') =>
    prepareBenchLstm(buildTfliteLstm(kind, shape, uniform(cell)), kind, STEPS, 1);
  const layers = { float: prepare('float'), hybrid: prepare('hybrid'), integer: prepare('int8') };
  return interleaved((form) => layers[form].run(form === 'integer' ? codes : reals));
}

/** Two rounds warm up. In a round each form runs until some time has passed. */
function interleaved(run: (form: keyof Times) => unknown): Times {
  const times: Record<keyof Times, number> = { float: Infinity, hybrid: Infinity, integer: Infinity };
  const begun = performance.now();
  for (let round = -2; round < LEAST_ROUNDS || performance.now() - begun < LEAST_MS; round++) {
    for (const form of ['float', 'hybrid', 'integer'] as const) {
      const started = performance.now();
      let runs = 0;
      do {
        run(form);
        runs++;
      } while (performance.now() - started < TURN_MS);
      if (round >= 0) times[form] = Math.min(times[form], (performance.now() - started) / runs);
    }
  }
  return times;
}

/** In [-1, 1). */
function uniform(seed: number): () => number {
  const random = randomLcg(seed);
  return () => random() * 2 - 1;
}
