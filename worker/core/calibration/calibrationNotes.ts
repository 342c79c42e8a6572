import { LSTM_INTERMEDIATES, lstmOperatorOf } from '../model/lstmOperands';
import type { Graph } from '../model/model';
import { counted } from '../wording';
import type { Calibration } from './calibration';

/** The paper found about 100 utterances enough; below this, ranges are a matter of luck. */
const FEW_SAMPLES = 10;
const NAMED_TENSORS = 3;

/** What a user should know of a calibration before trusting its ranges, one sentence or two each. */
export function calibrationNotes(calibration: Calibration, graph: Graph): string[] {
  const { samples, synthetic } = calibration;
  const notes: string[] = [];
  if (synthetic)
    notes.push('The samples are random: the ranges, and what is quantized with them, are good for trying things out only.');
  else if (samples < FEW_SAMPLES) {
    notes.push(
      `Ranges come from ${counted(samples, 'sample')}: what lies outside them will be clipped. The paper found about 100 enough.`,
    );
  }
  const unseen = neverSeen(calibration, graph);
  if (unseen.length > 0) {
    const more = unseen.length > NAMED_TENSORS ? ` and ${unseen.length - NAMED_TENSORS} more` : '';
    notes.push(
      `No value was ever seen of ${unseen.slice(0, NAMED_TENSORS).join(', ')}${more}: the samples gave no steps, or nothing computes it.`,
    );
  }
  return notes;
}

/** Names of the float tensors that data flows through and that no value was seen of. */
function neverSeen({ tensors }: Calibration, { inputs, operators, tensors: all }: Graph): string[] {
  const flowing = new Set([...inputs, ...operators.flatMap(({ outputs }) => outputs)]);
  for (const operator of operators.filter((one) => lstmOperatorOf(one) !== null)) {
    for (const index of operator.intermediates.slice(0, LSTM_INTERMEDIATES.hidden + 1)) flowing.delete(index);
  }
  return [...flowing].flatMap((index) => {
    const tensor = all[index];
    return tensor?.dtype === 'float32' && tensor.data === null && (tensors[index] ?? null) === null ? [tensor.name] : [];
  });
}
