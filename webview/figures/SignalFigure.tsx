import type { PersonaName } from '../../worker/core/lstm/persona';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
import { Histogram, type RealRange } from '../charts/Histogram';
import { FLAT_BEYOND } from './flatBeyond';
import { losslessRails, plain, readSignal } from './readings';
import { activationOf, findSignal, gateOf, signalLabel } from './signalNames';

export interface SignalFigureProps {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  /** Default: name and stage. */
  readonly title?: string | undefined;
  readonly width: number;
  readonly height: number;
  /** Whose activation tables say where σ and tanh are flat. Default: `tflite`. */
  readonly persona?: PersonaName;
  /** Axis of the counts. Default: `log`. */
  readonly scale?: 'linear' | 'log';
  /** Bin of the signal's histogram that is pointed at. */
  readonly hover?: number | null;
  readonly onHover?: (bin: number | null) => void;
  readonly brush?: RealRange | null;
  readonly onBrush?: (range: RealRange | null, final: boolean) => void;
  readonly onZoom?: (window: RealRange | null) => void;
  /** Reals that the axis goes over. Default: all. */
  readonly window?: RealRange | null;
  readonly matching?: readonly number[] | null;
  /** The same signal in an earlier run. */
  readonly before?: SignalReport | null;
}

/** The large histogram of one signal. */
export function SignalFigure(props: SignalFigureProps) {
  const { layer, signal, width, height, persona = 'tflite', scale = 'log', hover = null, onHover, onBrush, onZoom } = props;
  return (
    <Histogram
      width={width}
      height={height}
      title={props.title ?? signalLabel(signal.signal)}
      summary={plain(readSignal(layer, signal, persona))}
      data={signal.histogram}
      values={signal.values}
      rails={signal.rails}
      lossless={losslessRails(signal)}
      codes={codesOf(signal)}
      floatRange={[signal.floatMin, signal.floatMax]}
      flatBeyond={flatBeyond(signal, persona)}
      flatCounts={flatCounts(layer, signal)}
      counts={scale}
      hover={hover}
      brush={props.brush ?? null}
      window={props.window ?? null}
      matching={props.matching ?? null}
      before={props.before?.histogram ?? null}
      {...(onHover && { onHover })}
      {...(onBrush && { onBrush })}
      {...(onZoom && { onZoom })}
    />
  );
}

/** Of the activated gate that the signal becomes; null where it is counted over other values. */
function flatCounts(layer: LayerReport, { signal, direction, values }: SignalReport) {
  const gate = gateOf(signal);
  const activated = gate && gate !== signal ? findSignal(layer, gate, direction) : null;
  return activated?.values === values ? activated.flat : null;
}

/** Parameters of the code axis; null where values have no codes, or more than one scale. */
export function codesOf({ quantization, rails }: SignalReport): { readonly scale: number; readonly zeroPoint: number } | null {
  const [scale, more] = quantization?.scales ?? [];
  if (!rails || scale === undefined || scale <= 0 || more !== undefined) return null;
  return { scale, zeroPoint: quantization?.zeroPoints[0] ?? 0 };
}

/** Only the last stage before an activation, in fixed Q3.12, has a flat part to mark. */
export function flatBeyond({ signal, quantization }: SignalReport, persona: PersonaName): number | null {
  const gate = gateOf(signal);
  if (!gate || quantization?.scales[0] !== 2 ** -12 || !/_(in|ln|xh)$/.test(signal)) return null;
  return FLAT_BEYOND[persona][activationOf(gate) === 'tanh' ? 'tanh' : 'sigmoid'];
}
