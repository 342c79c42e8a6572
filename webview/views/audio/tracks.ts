import type { AudioDetail, AudioTrack, TrackName } from '../../../worker/core/report/audioDetail';
import type { Grid } from '../../../worker/core/analysis/audio/spectrogram';
import type { AudioLane } from '../../charts/audioLayout';
import type { AudioPoint } from '../../charts/AudioLanes';
import { decibel, real, withUnit } from '../../charts/format';

/** A lane of the picture: a track, or a mask as it is. */
export interface Shown {
  readonly lane: AudioLane;
  readonly track: AudioTrack | null;
  readonly grid: Grid;
  /** `mask`: factors; else dB. */
  readonly of: 'level' | 'mask' | 'difference';
}

const TONES: Readonly<Record<TrackName, AudioLane['tone']>> = {
  input: 'fg',
  float: 'float',
  quantized: 'int',
  difference: 'fg',
  reference: 'fg',
};

export function trackLabel(name: TrackName, path: string): string {
  switch (name) {
    case 'quantized':
      return path;
    case 'difference':
      return `${path} − float`;
    case 'reference':
      return 'clean';
    case 'input':
    case 'float':
      return name;
  }
}

/** Tracks in the order of the answer, then the masks. */
export function lanesOf({ tracks, masks, rate }: AudioDetail, path: string): readonly Shown[] {
  const heard = tracks.map((track): Shown => ({
    lane: {
      name: trackLabel(track.name, path),
      wave: track.envelope,
      tone: TONES[track.name],
      topHz: rate / 2,
    },
    track,
    grid: track.spectrogram,
    of: 'level',
  }));
  const mask = (name: 'float' | 'quantized' | 'difference'): readonly Shown[] => {
    const grid = masks?.[name];
    if (!grid) return [];
    const lane = { name: `mask, ${trackLabel(name, path)}`, wave: null, tone: TONES[name], topHz: rate / 2 };
    return [{ lane, track: null, grid, of: name === 'difference' ? 'difference' : 'mask' }];
  };
  return [...heard, ...mask('float'), ...mask('quantized'), ...mask('difference')];
}

/** What is at a place: its time, the frequency pointed at and every lane's level there. */
export function describePoint({ seconds, lane, up }: AudioPoint, shown: readonly Shown[], length: number, topHz: number): string {
  const time = `${seconds.toFixed(3)} s`;
  if (lane === null) return time;
  const levels = shown.map(({ grid, of, lane: { name } }) => {
    const column = Math.min(grid.columns - 1, Math.floor((seconds / length) * grid.columns));
    const row = Math.max(0, Math.min(grid.rows - 1, Math.floor(up * grid.rows)));
    const value = grid.cells[row * grid.columns + column] ?? 0;
    return `${name} ${of === 'level' ? withUnit(decibel(value), 'dB') : real(value)}`;
  });
  return `${time}, ${Math.round(up * topHz).toLocaleString('en')} Hz: ${levels.join(', ')}`;
}

/** Loudest cell of all pictures of levels, in dB: what is drawn in full. */
export function loudest(shown: readonly Shown[]): number {
  let most = -Infinity;
  for (const { of, grid } of shown) {
    if (of !== 'level') continue;
    for (const level of grid.cells) if (level > most) most = level;
  }
  return Number.isFinite(most) ? most : 0;
}
