import type { SignalDetail, SignalDetailRequest, StepSeries } from '../../report/detail';
import { DETAIL_LIMITS } from '../../report/detail';
import { stepSeries, unitErrors, worstFirst } from '../../report/stepSeries';
import { INTEGER_RAILS } from '../../model/dtype';
import { addLocated, addWhere, emptyLocated, type LocatedSums } from '../locatedSums';
import { rangeOf } from '../valueRange';
import { MatchCounts } from './matchCounts';
import { MatrixBuilder } from './matrix';
import { rawValue } from './rawValues';
import type { SignalBlock } from './signalBlock';
import { maskOf, type MaskedSignal } from './valueMask';
import { WindowHistogram } from './windowHistogram';
import { UnitRanges } from './unitRanges';
import { worstOfSteps } from './worstOfSteps';

/** What is known of the signal and the samples before their values are looked at. */
export type DetailFrame = Pick<SignalDetail, 'samples' | 'steps' | 'stepRange' | 'unitRange' | 'batch'>;

/** Answers one request from blocks of values, which are gone through twice: once for figures and ranges, once for all that needs those. */
export class SignalAnswer {
  private readonly located: LocatedSums;
  private readonly unitRanges: UnitRanges | null;
  private readonly seen = { min: Infinity, max: -Infinity };
  private readonly paths = { float: false, quantized: false, local: false };

  constructor(
    private readonly request: SignalDetailRequest,
    private readonly signal: MaskedSignal,
    private readonly frame: DetailFrame,
  ) {
    const { unitRange } = frame;
    const units = unitRange.to - unitRange.from;
    this.located = emptyLocated(units, DETAIL_LIMITS.points);
    this.unitRanges = request.unitList === undefined ? null : new UnitRanges(units);
  }

  /** Whether blocks are needed a second time. */
  get needsSecondPass(): boolean {
    const { matrix, histogram, matches, series, values } = this.request;
    return [matrix, histogram, matches, series, values].some((part) => part !== undefined);
  }

  /** First pass. */
  look(block: SignalBlock): void {
    const { float, quantized, local, codes } = block;
    this.paths.float ||= float !== null;
    this.paths.quantized ||= quantized !== null;
    this.paths.local ||= local !== null;
    const ranges = [float, quantized, local].flatMap((values) => (values === null ? [] : [rangeOf(values)]));
    for (const { min, max } of ranges.slice(0, 2)) {
      this.seen.min = Math.min(this.seen.min, min);
      this.seen.max = Math.max(this.seen.max, max);
    }
    this.unitRanges?.add(block);
    const values = quantized ?? float;
    if (values === null || ranges.some(({ nonFinite }) => nonFinite > 0)) return;
    const place = { sample: block.sample, firstStep: block.axisStep - this.frame.stepRange.from, batch: block.batch };
    addLocated(this.located, place, { float: float ?? values, quantized: values, local });
    const rails = INTEGER_RAILS[this.signal.plan.format.dtype];
    if (codes !== null && rails !== undefined) addWhere(this.located, place, 'atRails', codes, rails[0], rails[1]);
  }

  /** Second pass, begun when all blocks were looked at. */
  begin(): SecondPass {
    const { request, signal, frame, located } = this;
    const { stepRange, unitRange } = frame;
    const steps = stepRange.to - stepRange.from;
    const units = unitRange.to - unitRange.from;
    const masked = request.filter !== null;
    const byIndex = () => new Uint32Array(units).map((_, unit) => unit);
    const matrix =
      request.matrix === undefined
        ? null
        : new MatrixBuilder(request.matrix, {
            firstStep: stepRange.from,
            steps,
            order: request.matrix.order === 'worst' ? worstFirst(located.units) : byIndex(),
            firstUnit: unitRange.from,
            masked,
          });
    const histogram =
      request.histogram === undefined ? null : new WindowHistogram(request.histogram, signal.plan.format, this.seen, masked);
    const matches =
      request.matches === undefined || !masked ? null : new MatchCounts(stepRange.from, steps, unitRange.from, units);
    const series = request.series === undefined ? null : this.series(request.series.mostPoints);
    const worst = series === null ? null : worstOfSteps(series, unitRange.from);
    const values = request.values === undefined ? null : rawValue(request.values, unitRange.from);
    return { matrix, histogram, matches, series, worst, values };
  }

  /** One block of the second pass. */
  count(pass: SecondPass, block: SignalBlock): void {
    const { filter } = this.request;
    const mask = filter === null ? null : maskOf(filter, block, this.signal);
    pass.matrix?.add(block, this.signal.plan, mask);
    pass.histogram?.add(block, mask);
    if (mask !== null) pass.matches?.add(block, mask);
    pass.worst?.add(block);
    pass.values?.add(block);
  }

  finish(pass: SecondPass): SignalDetail {
    const { request, frame } = this;
    const { plan } = this.signal;
    const { direction } = request;
    const lsb = plan.format.quantization?.scales[0] ?? null;
    const zeroPoint = plan.format.quantization?.zeroPoints[0] ?? 0;
    const rails = INTEGER_RAILS[plan.format.dtype];
    const real = (code: number) => Math.fround((lsb ?? 1) * (code - zeroPoint)) + 0;
    return {
      op: request.op,
      ...(direction === undefined ? {} : { direction }),
      signal: plan.name,
      ...frame,
      size: plan.size,
      dtype: plan.format.dtype,
      lsb,
      rails: lsb === null || rails === undefined ? null : [real(rails[0]), real(rails[1])],
      paths: this.paths,
      series: pass.series === null ? null : { ...pass.series, ...pass.worst?.finish() },
      unitList: this.unitList(),
      matrix: pass.matrix?.finish() ?? null,
      histogram: pass.histogram?.finish() ?? null,
      matches: pass.matches?.finish() ?? null,
      values: pass.values?.finish() ?? null,
    };
  }

  private unitList(): SignalDetail['unitList'] {
    const { unitRanges, request, frame } = this;
    if (unitRanges === null || request.unitList === undefined) return null;
    const { order, most } = request.unitList;
    const first = frame.unitRange.from;
    const errors = unitErrors(this.located, order, Math.min(most, DETAIL_LIMITS.values), first);
    return errors.map((error) => ({ ...error, ...unitRanges.of(error.unit - first) }));
  }

  private series(mostPoints: number): StepSeries {
    return stepSeries(this.located.steps, this.frame.stepRange.from, mostPoints, (values) => Float64Array.from(values));
  }
}

export interface SecondPass {
  readonly matrix: MatrixBuilder | null;
  readonly histogram: WindowHistogram | null;
  readonly matches: MatchCounts | null;
  readonly series: StepSeries | null;
  readonly worst: ReturnType<typeof worstOfSteps> | null;
  readonly values: ReturnType<typeof rawValue> | null;
}
