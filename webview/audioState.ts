import type { OfferedFile } from '../extension/protocol/messages';

/** How a model's sound is looked at and listened to. Part of the view that is kept, but for the recording, which the editor forgets. */
export interface AudioState {
  /** Of `audioTensors`; null: the first. */
  readonly tensor: number | null;
  /** Place among the recordings that the samples make. */
  readonly recording: number;
  /** Values from one frame to the next; null: as is usual for the frame's size. */
  readonly hop: number | null;
  readonly overlap: 'sum' | 'mean';
  /** Hz. */
  readonly rate: number;
  readonly reference: OfferedFile | null;
}

export const RATES = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

export const DEFAULT_AUDIO: AudioState = {
  tensor: null,
  recording: 0,
  hop: null,
  overlap: 'sum',
  rate: 16_000,
  reference: null,
};

const MOST_HOP = 65_536;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** As far as it is understood. */
export function parseAudio(saved: unknown): AudioState {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_AUDIO;
  const { tensor, recording, hop, overlap, rate } = saved as Readonly<Record<string, unknown>>;
  return {
    tensor: isCount(tensor) ? tensor : null,
    recording: isCount(recording) ? recording : 0,
    hop: isCount(hop) && hop >= 1 && hop <= MOST_HOP ? hop : null,
    overlap: overlap === 'mean' ? 'mean' : 'sum',
    rate: RATES.find((known) => known === rate) ?? DEFAULT_AUDIO.rate,
    reference: null,
  };
}
