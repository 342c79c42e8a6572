import type { ModelOverview, TensorInfo } from '../../report/overview';

/** An input or output that can be heard or seen as sound. */
export interface AudioTensor {
  readonly tensor: number;
  readonly name: string;
  readonly role: 'input' | 'output';
  readonly kind: 'frames' | 'mask';
  /** Values of one frame; null: all of a sample. */
  readonly frame: number | null;
  /** Values from one frame to the next, as is usual. */
  readonly hop: number;
  /** The input whose frames an output's belong to. */
  readonly input: number | null;
}

/** Frames of sound have a power of two of values, or 10, 20 or 30 ms at a usual rate. */
const FRAME_SIZES = [128, 160, 240, 256, 320, 480, 512, 720, 960, 1024, 1440, 2048, 4096];
/** From here on it is no frame but a recording. */
const RECORDING = 4_000;
/** Frequencies of a Fourier transform of 256 to 4,096 points. */
const BIN_COUNTS = [129, 257, 513, 1025, 2049];
/** Frames are usually this part of their length apart. */
const OVERLAP = 4;

/**
 * Which outputs of the main graph are sound, judged by shapes alone: one that has the shape of the first input, in frames of a usual
 * size, is sound; one of as many values as a spectrum has frequencies is a mask over them.
 * @param takesRecordings the data are recordings, so that the first input is sound whatever comes out
 */
export function audioTensors(
  { inputs, outputs }: Pick<ModelOverview, 'inputs' | 'outputs'>,
  takesRecordings: boolean,
): AudioTensor[] {
  const [first] = inputs;
  if (first === undefined) return [];
  const found = outputs.flatMap((output): AudioTensor[] => {
    const form = sameShape(first, output) ? formOf(output) : null;
    return form === null ? [] : [{ tensor: output.index, name: output.name, role: 'output', ...form, input: first.index }];
  });
  const own = formOf(first);
  if (found.length > 0 || !takesRecordings || own?.kind !== 'frames') return found;
  return [{ tensor: first.index, name: first.name, role: 'input', ...own, input: null }];
}

function formOf({ shape }: TensorInfo): Pick<AudioTensor, 'kind' | 'frame' | 'hop'> | null {
  const wide = shape.filter((size) => size !== 1);
  const size = shape.at(-1) ?? 0;
  if (wide.length === 1 && (wide[0] === -1 || (wide[0] ?? 0) >= RECORDING)) return { kind: 'frames', frame: null, hop: 1 };
  if (shape.length < 2 || shape.length > 3) return null;
  if (BIN_COUNTS.includes(size)) return { kind: 'mask', frame: size, hop: (2 * (size - 1)) / OVERLAP };
  if (FRAME_SIZES.includes(size)) return { kind: 'frames', frame: size, hop: Math.floor(size / OVERLAP) };
  return null;
}

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
