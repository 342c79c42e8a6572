import { GruCostMeter } from '../gru/mixed/gruCostMeter';
import { toTimeMajor } from '../lstm/layout';
import { CostMeter, type OperatorInGraph } from '../lstm/mixed/costMeter';
import type { CostSums, PartMeter } from '../lstm/mixed/costSums';
import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import { GRU_OPERANDS } from '../model/gruOperands';
import { isLstm, type CellInfo } from '../report/cellInfos';
import { ABSENT } from '../model/model';
import { keepsStates } from '../model/lstmOperands';
import { callOf } from '../run/calls';
import { UnsupportedOperatorError } from '../run/preparedOp';
import type { Value } from '../run/value';

/** Multiply-accumulates spent on one recurrent layer over a run, some 0.3 s; a large one takes more of them for enough steps. */
const MACS_PER_RUN = 2e9;
const MOST_MACS_PER_RUN = 1e10;
/** A recurrent network that starts at zero shows little in fewer steps. */
const ENOUGH_STEPS = 64;
const LEAST_STEPS = 16;

export interface CostSettings {
  readonly state: 'reset' | 'carry';
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  /** Samples of the whole run. */
  readonly samples: number;
}

/**
 * What each part of one integer LSTM or GRU costs over the first samples of a run. Which steps of which samples are measured follows
 * from the size of the layer and the number of samples alone, so that it does not depend on who runs which sample: each of the
 * first `samples` gives its first `stepsPerSample` steps. With states carried over, the first steps of the run are measured.
 */
export class PartCosts {
  private readonly samples: number;
  private readonly stepsPerSample: number;
  private stepsLeft: number;

  private constructor(
    private readonly layout: SequenceLayout,
    private readonly settings: CostSettings,
    /** Null once no sample is left to measure: the weights that it holds are not small. */
    private meter: PartMeter | null,
    macsPerStep: number,
  ) {
    const enough = Math.min(ENOUGH_STEPS, MOST_MACS_PER_RUN / macsPerStep);
    const steps = Math.floor(Math.max(MACS_PER_RUN / macsPerStep, enough, LEAST_STEPS));
    this.samples = Math.max(1, Math.min(settings.samples, Math.floor(steps / ENOUGH_STEPS)));
    this.stepsPerSample = Math.floor(steps / this.samples);
    this.stepsLeft = steps;
  }

  /** Null where costs cannot be measured: no integer LSTM or GRU, or not the same as its float counterpart. */
  static of(info: CellInfo, settings: CostSettings, quantized: OperatorInGraph, float: OperatorInGraph | null): PartCosts | null {
    const { persona, personaOverrides = {} } = settings;
    try {
      const options = { persona, personaOverrides, float };
      const meter = isLstm(info) ? new CostMeter(quantized, options) : new GruCostMeter(quantized, options);
      return new PartCosts(layoutOf(info, quantized), settings, meter, meter.macsPerStep);
    } catch (error) {
      if (error instanceof UnsupportedOperatorError) return null;
      throw error;
    }
  }

  /**
   * Measures one sample, with pauses; null where it is not among those that are.
   * @param index of the sample in the run; with states carried over, they must come in order
   * @param x the float path's exact input of the layer, in the operator's own layout; of many calls [calls, ...]
   * @param calls whose steps follow each other; null: one, without an axis of its own
   */
  *measure(index: number, x: Value, calls: number | null = null): Generator<void, CostSums | null> {
    const { layout, meter, settings } = this;
    const carried = settings.state === 'carry';
    const isMeasured = carried ? this.stepsLeft > 0 : index < this.samples;
    if (!isMeasured) this.meter = null;
    if (!isMeasured || meter === null || !(x.data instanceof Float32Array)) return null;
    if (calls !== null && !layout.goesOn) return null;
    const { steps, batch, rows } = calls === null ? timeMajor(x, layout) : callsTimeMajor(x, calls, layout);
    const most = Math.max(1, Math.floor((carried ? this.stepsLeft : this.stepsPerSample) / batch));
    const taken = Math.min(steps, most);
    if (carried) this.stepsLeft -= taken * batch;
    else meter.reset();
    return yield* meter.measure(rows, taken, batch);
  }
}

interface SequenceLayout {
  readonly timeMajor: boolean;
  /** Values of x in a step. */
  readonly input: number;
  /** Whether a call goes on with the states of the one before it. */
  readonly goesOn: boolean;
}

function layoutOf(info: CellInfo, { graph, operator }: OperatorInGraph): SequenceLayout {
  const { input } = info;
  if (isLstm(info)) return { timeMajor: info.timeMajor, input, goesOn: keepsStates(operator) };
  const initial = graph.tensors[operator.inputs[GRU_OPERANDS.initialHidden] ?? ABSENT];
  return { timeMajor: operator.options.time_major === true, input, goesOn: initial?.isVariable === true };
}

interface Rows {
  readonly steps: number;
  readonly batch: number;
  /** [steps, batch, input]. */
  readonly rows: Float32Array;
}

function timeMajor({ shape, data }: Value, { timeMajor: isTimeMajor, input }: SequenceLayout): Rows {
  const [first = 1, second = 1] = shape.length === 3 ? shape : [...(isTimeMajor ? [1] : []), shape[0] ?? 1, 1];
  const [steps, batch] = isTimeMajor ? [first, second] : [second, first];
  return { steps, batch, rows: toTimeMajor(data as Float32Array, { steps, batch, isTimeMajor, rank: 3 }, input) };
}

/** Steps of all calls, one after the other. */
function callsTimeMajor(x: Value, calls: number, layout: SequenceLayout): Rows {
  const rows = new Float32Array(x.data.length);
  let [steps, batch] = [0, 1];
  for (let call = 0; call < calls; call++) {
    const one = timeMajor(callOf(x, call), layout);
    rows.set(one.rows, call * one.rows.length);
    steps += one.steps;
    ({ batch } = one);
  }
  return { steps, batch, rows };
}
