import { decodeOutput } from '../../../worker/core/report/task/decode';
import { taskErrors } from '../../../worker/core/report/task/scoreTask';
import type { Model } from '../../../worker/core/model/model';
import type { PersonaOverrides } from '../../../worker/core/lstm/persona';
import { toReals } from '../../../worker/core/run/bindInput';
import type { GraphRunner, Path } from '../../../worker/core/run/graphRunner';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { DIGITS, type Utterance } from './speechDigits';

/** What a model makes of one utterance. */
export interface Recognition {
  readonly text: string;
  /** Wrong, missing and added digits. */
  readonly errors: number;
  /** Real units, [steps, classes]. */
  readonly logits: Float32Array;
  /** h of each LSTM in real units, [steps, output]; empty unless asked for. */
  readonly hidden: readonly Float32Array[];
}

/** A speech model ready to run in one arithmetic, TensorFlow Lite's unless overridden. */
export class Recognizer {
  readonly #runner: GraphRunner;

  constructor(model: Model, path: Path, personaOverrides: PersonaOverrides = {}) {
    this.#runner = prepareGraph(model, 0, { path, persona: 'tflite', personaOverrides });
  }

  /** States start at 0. */
  recognize({ sample, digits }: Utterance, withHidden = false): Recognition {
    const { graph } = this.#runner;
    const hidden: Float32Array[] = [];
    this.#runner.resetState();
    const [output] = this.#runner.run(sample.inputs, (operator, outputs) => {
      const [value] = outputs;
      const tensor = graph.tensors[operator.outputs[0] ?? -1];
      if (!withHidden || !operator.name.endsWith('LSTM') || value === undefined || tensor === undefined) return;
      // The value may lie in memory that the next run uses again.
      hidden.push(toReals(tensor, value).slice());
    });
    const tensor = graph.tensors[graph.outputs[0] ?? -1];
    if (output === undefined || tensor === undefined) throw new Error('The model has no output.');
    const text = decodeOutput(DIGITS, output);
    return { text, errors: taskErrors(DIGITS, digits, text), logits: toReals(tensor, output).slice(), hidden };
  }

  /** Wrong, missing and added digits of all utterances. */
  errorsOn(utterances: readonly Utterance[]): number {
    return utterances.reduce((sum, utterance) => sum + this.recognize(utterance).errors, 0);
  }
}
