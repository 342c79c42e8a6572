import type { LayerReport, LstmPart, SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';
import { costOf, NOTHING_DB } from './readings';
import { PART_NAME, signalLabel } from './signalNames';

/** How a gain came about: what ran in float, and what became of the output. Null where it was not measured. */
export function costTip(layer: LayerReport, part: LstmPart, path = 'int8'): string | null {
  const cost = costOf(layer, part);
  if (cost === null) return null;
  const output = layer.accumulated?.sqnrDb ?? null;
  const steps = layer.lstm?.costSteps ?? null;
  const change =
    output === null || Math.abs(cost) < NOTHING_DB
      ? ''
      : `; SQNR of h ${cost > 0 ? 'rises' : 'falls'} from ${format.decibel(output)} to ${format.withUnit(format.decibel(output + cost), 'dB')}`;
  const over = steps === null ? '' : ` Measured over ${format.count(steps)} steps.`;
  return `${format.withUnit(format.gain(cost), 'dB')}: gain if put back to float\n${PART_NAME[part]} runs in float, all else stays ${path}${change}.${over}`;
}

/** How a signal's figures came about. */
export function signalTip({ signal, accumulated, rails, flat, values }: SignalReport, path = 'int8'): string {
  const lines = [signalLabel(signal)];
  if (accumulated?.exact) lines.push(`All ${format.count(values)} values equal float.`);
  else if (typeof accumulated?.sqnrDb === 'number')
    lines.push(
      `SQNR ${format.withUnit(format.decibel(accumulated.sqnrDb), 'dB')}: RMS error ${format.real(accumulated.rmse)} of ${path} against float over ${format.count(values)} values`,
    );
  if (flat) lines.push(`Flat: ${format.count(flat.low)} values at the low end, ${format.count(flat.high)} at the high end`);
  else if (rails)
    lines.push(
      `At the rails: ${format.count(rails.low)} values at ${format.real(rails.lowReal)}, ${format.count(rails.high)} at ${format.real(rails.highReal)}`,
    );
  return lines.join('\n');
}
