import type { Graph } from '../../model/model';
import { AUDIO_LIMITS, type AudioDetailRequest } from '../../report/audioDetail';
import { toReals } from '../../run/bindInput';
import type { Value } from '../../run/value';
import { RequestError } from '../detail/requestError';
import type { AudioFrames } from './audioAnswer';

type ValueOf = (tensor: number, path: 'float' | 'quantized') => Value | undefined;

/** Puts the frames of many samples one after the other, up to the limit. */
export class FrameCollector {
  private readonly parts = { input: [] as Float32Array[], float: [] as Float32Array[], quantized: [] as Float32Array[] };
  private kept = 0;
  private values = 0;
  private size: number | null;

  constructor(
    private readonly graph: Graph,
    private readonly request: Pick<AudioDetailRequest, 'tensor' | 'input' | 'frame'>,
  ) {
    this.size = request.frame;
  }

  /** Of the sample whose values these are. @throws RequestError NO_SUCH_TENSOR */
  add(valueOf: ValueOf): void {
    const { tensor, input } = this.request;
    const float = this.reals(tensor, valueOf(tensor, 'float'));
    const quantized = this.reals(tensor, valueOf(tensor, 'quantized'));
    const length = (float ?? quantized)?.length ?? 0;
    if (float === null && quantized === null) throw new RequestError('NO_SUCH_TENSOR', `Tensor ${tensor} has no values here.`);
    this.size ??= length;
    this.values += length;
    const room = AUDIO_LIMITS.values - this.kept;
    const taken = Math.max(0, Math.min(length, room - (room % Math.max(1, this.size))));
    this.kept += taken;
    const keep = (into: Float32Array[], values: Float32Array | null) => {
      // Paths use their memory again.
      if (values !== null && taken > 0) into.push(values.slice(0, taken));
    };
    keep(this.parts.float, float);
    keep(this.parts.quantized, quantized);
    if (input !== null) keep(this.parts.input, this.reals(input, valueOf(input, 'float')));
  }

  finish(): AudioFrames {
    const size = Math.max(1, this.size ?? 1);
    const { input, float, quantized } = this.parts;
    return {
      size,
      input: joined(input),
      float: joined(float),
      quantized: joined(quantized),
      seen: Math.floor(this.values / size),
    };
  }

  private reals(index: number, value: Value | undefined): Float32Array | null {
    const tensor = this.graph.tensors[index];
    return value === undefined || tensor === undefined ? null : toReals(tensor, value);
  }
}

function joined(parts: readonly Float32Array[]): Float32Array | null {
  if (parts.length === 0) return null;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
