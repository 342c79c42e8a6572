import type { MatchFigures, ValueAddress } from '../../report/detail';
import type { SignalBlock } from './signalBlock';

/** Points over steps that counts are told in. */
const MOST_POINTS = 4_096;
const MOST_TOP = 32;
const MOST_FIRST = 16;

/** Where the values are that match a filter, counted block by block. */
export class MatchCounts {
  private readonly stepsPerPoint: number;
  private readonly perUnit: Uint32Array;
  private readonly perStep: Uint32Array;
  /** Values, matching or not. */
  private readonly unitValues: Uint32Array;
  private readonly stepValues: Uint32Array;
  /** 1 for steps with a match. */
  private readonly stepsSeen: Uint8Array;
  private readonly first: ValueAddress[] = [];
  private count = 0;
  private values = 0;

  constructor(
    private readonly firstStep: number,
    steps: number,
    private readonly firstUnit: number,
    units: number,
  ) {
    let stepsPerPoint = 1;
    while (Math.ceil(steps / stepsPerPoint) > MOST_POINTS) stepsPerPoint *= 2;
    this.stepsPerPoint = stepsPerPoint;
    const points = Math.ceil(steps / stepsPerPoint);
    this.perUnit = new Uint32Array(units);
    this.unitValues = new Uint32Array(units);
    this.perStep = new Uint32Array(points);
    this.stepValues = new Uint32Array(points);
    this.stepsSeen = new Uint8Array(steps);
  }

  add(block: SignalBlock, mask: Uint8Array): void {
    const { perUnit, perStep, unitValues, stepValues, stepsSeen } = this;
    let i = 0;
    for (let step = 0; step < block.steps; step++) {
      const axisStep = block.axisStep + step - this.firstStep;
      const point = Math.floor(axisStep / this.stepsPerPoint);
      for (let batch = 0; batch < block.batch; batch++) {
        stepValues[point]! += block.units;
        for (let unit = 0; unit < block.units; unit++, i++) {
          unitValues[unit]!++;
          if (mask[i] !== 1) continue;
          this.count++;
          perUnit[unit]!++;
          perStep[point]!++;
          stepsSeen[axisStep] = 1;
          if (this.first.length >= MOST_FIRST) continue;
          this.first.push({ sample: block.sample, step: block.sampleStep + step, batch, unit: unit + this.firstUnit });
        }
      }
    }
    this.values += i;
  }

  finish(): MatchFigures {
    const top = (counts: Uint32Array, values: Uint32Array) =>
      [...counts.keys()]
        .filter((place) => counts[place]! > 0)
        .sort((a, b) => counts[b]! - counts[a]! || a - b)
        .slice(0, MOST_TOP)
        .map((place) => ({ place, count: counts[place]!, values: values[place]! }));
    return {
      count: this.count,
      values: this.values,
      units: this.perUnit.filter((count) => count > 0).length,
      steps: this.stepsSeen.filter((seen) => seen === 1).length,
      perUnit: this.perUnit,
      perStep: this.perStep,
      stepsPerPoint: this.stepsPerPoint,
      topUnits: top(this.perUnit, this.unitValues).map(({ place, ...rest }) => ({ unit: place + this.firstUnit, ...rest })),
      topSteps: top(this.perStep, this.stepValues).map(({ place, ...rest }) => ({
        step: place * this.stepsPerPoint + this.firstStep,
        ...rest,
      })),
      first: this.first,
    };
  }
}
