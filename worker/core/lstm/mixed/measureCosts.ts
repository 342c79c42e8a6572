import type { Graph, Operator } from '../../model/model';
import { describeCell } from '../describeCell';
import { OperandReader } from '../operandReader';
import { integerPersona, type PersonaName, type PersonaOverrides } from '../persona';
import { CostMeter, type CostMeasurement } from './costMeter';

export interface OperatorInGraph {
  readonly graph: Graph;
  readonly operator: Operator;
}

export interface CostSample {
  /** The float path's exact input of this LSTM as reals, [steps, batch, input], time-major. */
  readonly x: ArrayLike<number>;
  readonly steps: number;
  readonly batch: number;
}

export interface MeasureCostsOptions {
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  /** The same LSTM in a float partner; null: the file's own weights as reals, and the weights' cost stays unmeasured. */
  readonly float: OperatorInGraph | null;
  /** Steps (times batch rows) to cover at most; see `CostOptions`. */
  readonly maxSteps?: number;
  /** Asked before each sample; true ends the measurement with the samples done so far. */
  readonly stop?: () => boolean;
}

/** A meter for one integer UNIDIRECTIONAL_SEQUENCE_LSTM; see `CostMeter` for what it refuses. */
export function costMeter(
  { graph, operator }: OperatorInGraph,
  { persona, personaOverrides, float, maxSteps }: Omit<MeasureCostsOptions, 'stop'>,
): CostMeter {
  const reader = new OperandReader(graph, operator);
  const floatCell = float === null ? null : describeCell(new OperandReader(float.graph, float.operator));
  const options = maxSteps === undefined ? { floatCell } : { floatCell, maxSteps };
  return new CostMeter(describeCell(reader), reader, integerPersona(persona, personaOverrides), options);
}

/**
 * What each part of an integer LSTM costs: the SQNR that its output h gains when that part alone is put back to float, the
 * rest rounded and clamped as the file says. States restart with each sample.
 * @throws UnsupportedOperatorError when the operator is no integer LSTM whose parameters can be used
 */
export function measureCosts(
  quantized: OperatorInGraph,
  samples: Iterable<CostSample>,
  options: MeasureCostsOptions,
): CostMeasurement {
  const meter = costMeter(quantized, options);
  for (const { x, steps, batch } of samples) {
    if (meter.full || options.stop?.() === true) {
      meter.leaveOut();
      break;
    }
    meter.add(x, steps, batch);
  }
  return meter.result();
}
