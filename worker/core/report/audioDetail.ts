import type { Envelope } from '../analysis/audio/envelope';
import type { Overlap } from '../analysis/audio/overlapAdd';
import type { Grid } from '../analysis/audio/spectrogram';
import type { IndexRange } from './detail';

/**
 * Audio that a model's frames make, over samples of a run, computed anew when asked. As with other details, an answer holds what was
 * asked for: pictures of bounded size, and the sound of one track at a time.
 */
export const AUDIO_LIMITS = {
  /** Values of one track: 4 minutes at 16 kHz in frames of 512 that are 128 apart. */
  values: 2 ** 24,
  /** Columns of a picture. */
  columns: 1_024,
  /** Longest frame, and largest distance of two. */
  frame: 65_536,
  /** Hz. */
  rate: [1_000, 192_000],
  /** Bytes of a recording to compare with. */
  recording: 256 * 2 ** 20,
} as const;

export const TRACKS = ['input', 'float', 'quantized', 'difference', 'reference'] as const;
/** `difference` is quantized - float. */
export type TrackName = (typeof TRACKS)[number];

export interface AudioDetailRequest {
  /** An input or output of the main graph. */
  readonly tensor: number;
  /** The input that the output's frames belong to; null where there is none. */
  readonly input: number | null;
  /** Which samples, in the order of the run. */
  readonly samples: IndexRange;
  /** `frames`: of sound; `mask`: factors (0 to 1) of the input's magnitudes over frequencies. */
  readonly kind: 'frames' | 'mask';
  /** Values of one frame; null: a sample holds one frame. */
  readonly frame: number | null;
  /** Values of sound from one frame to the next. */
  readonly hop: number;
  /** How frames of an output that overlap become one signal; those of an input are always averaged. */
  readonly overlap: Overlap;
  /** Hz. */
  readonly rate: number;
  readonly columns: number;
  /** Whose sound is wanted. */
  readonly sound: TrackName | null;
  /** What the result should sound like: a recording that the user picked, by the id that the editor gave it. */
  readonly reference: string | null;
}

export interface AudioDetail {
  /** Frames that are covered, and those that the samples hold; fewer are covered where the limit is reached. */
  readonly frames: number;
  readonly framesSeen: number;
  /** Values of one frame. */
  readonly frame: number;
  /** Values of each track; 0 where there is only a picture (a mask whose recording is not known). */
  readonly length: number;
  readonly rate: number;
  /** In the order of `TRACKS`; those that there are. */
  readonly tracks: readonly AudioTrack[];
  /** `mask` only: the factors as they are, by path. */
  readonly masks: Partial<Readonly<Record<'float' | 'quantized' | 'difference', Grid>>> | null;
  /** Of quantized against float. Null where nothing is compared, and where it is not finite; then `exact` tells. */
  readonly siSdrDb: number | null;
  readonly exact: boolean;
  readonly reference: ReferenceFigures | null;
  /** A wav file of 16 bits; values beyond -1..1 are clipped (`clipped` of the track tells how many). */
  readonly sound: { readonly track: TrackName; readonly wav: Uint8Array } | null;
  /** Why a mask has no sound. */
  readonly silentBecause: string | null;
}

export interface AudioTrack {
  readonly name: TrackName;
  readonly peak: number;
  readonly rms: number;
  /** Values beyond -1..1, which a loudspeaker cannot play. */
  readonly clipped: number;
  /** Null where there is only a picture. */
  readonly envelope: Envelope | null;
  /** dB; see `spectrogram`. */
  readonly spectrogram: Grid;
}

/** Every track against the recording that was picked, after taking off the delay of the float path. */
export interface ReferenceFigures {
  readonly name: string;
  /** Values that the float path comes after the recording. */
  readonly delay: number;
  readonly siSdrDb: Partial<Readonly<Record<TrackName, number | null>>>;
}
