import { costMeter, type OperatorInGraph } from '../lstm/mixed/measureCosts';
import { toTimeMajor } from '../lstm/layout';
import type { PersonaName } from '../lstm/persona';
import type { LstmInfo } from '../report/overview';
import type { PartCost } from '../report/report';
import { UnsupportedOperatorError } from '../run/preparedOp';
import type { Value } from '../run/value';

type CostMeter = ReturnType<typeof costMeter>;

/** Multiply-accumulates spent on one LSTM over a run, and in one go between two chances to stop. About 0.3e9 take a second. */
const MACS_PER_RUN = 2e8;
const MACS_IN_ONE_GO = 5e7;
/** Fewer steps than this from a state of zero say nothing of a recurrent network. */
const LEAST_STEPS = 16;

/**
 * What each part of one integer LSTM costs, over as many steps of the first samples as the time allows. States restart with each
 * sample; with states carried over, the samples are joined to one sequence, which starts at zero as the run does.
 */
export class PartCosts {
  private readonly meter: CostMeter;
  private readonly mostSteps: number;
  private readonly joined: Float32Array[] = [];
  private joinedSteps = 0;

  private constructor(
    private readonly info: LstmInfo,
    private readonly state: 'reset' | 'carry',
    quantized: OperatorInGraph,
    float: OperatorInGraph | null,
    persona: PersonaName,
    macsPerStep: number,
  ) {
    this.mostSteps = Math.floor(MACS_IN_ONE_GO / macsPerStep);
    this.meter = costMeter(quantized, { persona, float, maxSteps: Math.floor(MACS_PER_RUN / macsPerStep) });
  }

  /** Null where costs cannot be measured: no integer LSTM, or one too large to cover enough steps in the time. */
  static of(
    info: LstmInfo,
    state: 'reset' | 'carry',
    quantized: OperatorInGraph,
    float: OperatorInGraph | null,
    persona: PersonaName,
  ): PartCosts | null {
    const { input, cell, output } = info;
    // Two products with the input, and one with h for each of nine parts, for all together and for float.
    const macsPerStep = Math.max(1, 4 * cell * (4 * input + 11 * output));
    if (MACS_IN_ONE_GO / macsPerStep < LEAST_STEPS) return null;
    try {
      return new PartCosts(info, state, quantized, float, persona, macsPerStep);
    } catch (error) {
      if (error instanceof UnsupportedOperatorError) return null;
      throw error;
    }
  }

  /** @param x the float path's exact input of the LSTM, in the operator's own layout */
  add(x: Value): void {
    if (this.meter.full || !(x.data instanceof Float32Array)) return;
    const { steps, batch, rows } = timeMajor(x.shape, x.data, this.info);
    if (this.state === 'reset') {
      this.meter.add(rows, Math.min(steps, this.mostSteps), batch);
    } else if (batch === 1 && this.joinedSteps < this.mostSteps) {
      this.joined.push(rows);
      this.joinedSteps += steps;
    }
  }

  /** Null where nothing differs or no sample was seen. */
  result(): readonly PartCost[] | null {
    if (this.joinedSteps > 0) {
      const all = new Float32Array(this.joinedSteps * this.info.input);
      let offset = 0;
      for (const part of this.joined) {
        all.set(part, offset);
        offset += part.length;
      }
      this.meter.add(all, Math.min(this.joinedSteps, this.mostSteps), 1);
      this.joinedSteps = 0;
    }
    const { costs } = this.meter.result();
    return costs.length === 0 ? null : costs;
  }
}

function timeMajor(shape: readonly number[], data: Float32Array, { timeMajor: isTimeMajor, input }: LstmInfo) {
  const [first = 1, second = 1] = shape.length === 3 ? shape : [...(isTimeMajor ? [1] : []), shape[0] ?? 1, 1];
  const [steps, batch] = isTimeMajor ? [first, second] : [second, first];
  return { steps, batch, rows: toTimeMajor(data, { steps, batch, isTimeMajor, rank: 3 }, input) };
}
