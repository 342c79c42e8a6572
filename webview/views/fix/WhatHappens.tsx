import type { FixState } from '../../../extension/protocol/fix';
import { Panel } from '../../ui/Panel';

const STEPS: readonly (readonly [string, string])[] = [
  ['1. Calibrate', 'run the float model over the data and keep what every value reaches'],
  ['2. Quantize', 'in memory, to the same integers as TensorFlow Lite’s quantizer'],
  ['3. Measure', 'float and the quantized model side by side, in all screens'],
  ['4. Change', 'a range, an observer, a cell’s format; see the new error, undo'],
];
const SAVE = 'the recipe as JSON, the model as .tflite';
/** ONNX has no operator for what its LSTMs become. */
const SAVE_OF_ONNX = 'the recipe as JSON; no ONNX operator holds an integer LSTM, so there is no model to save';

/** @param isOnnx of the float model */
export function WhatHappens({ fix, isOnnx }: { readonly fix: FixState; readonly isOnnx: boolean }) {
  const steps = [...STEPS, ['5. Save', isOnnx ? SAVE_OF_ONNX : SAVE] as const];
  return (
    <Panel title="What happens" detail={fix.source ?? ''}>
      <ol class="what-happens">
        {steps.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span class="dim">{text}</span>
          </li>
        ))}
      </ol>
      <p class="caption">Nothing is written before you save.</p>
    </Panel>
  );
}
