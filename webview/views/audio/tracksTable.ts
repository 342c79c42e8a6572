import type { AudioDetail } from '../../../worker/core/report/audioDetail';
import { count, decibel, real } from '../../charts/format';
import type { TextRows } from '../../figures/textRows';
import { trackLabel } from './tracks';

/** Lines of the table at most: levels are told over stretches of time. */
const MOST_ROWS = 200;

/** How loud every track is over time, dB, as its picture shows it; and its peak and RMS in the first two rows. */
export function tracksTable({ tracks, length, rate }: AudioDetail, path: string): TextRows {
  const columns = tracks[0]?.spectrogram.columns ?? 0;
  const rows = Math.min(MOST_ROWS, columns);
  const seconds = rate > 0 ? length / rate : 0;
  const levelAt = (track: AudioDetail['tracks'][number], row: number): string => {
    const { cells, columns: wide, rows: high } = track.spectrogram;
    let most = -Infinity;
    for (let column = Math.floor((row * wide) / rows); column < Math.max(1, Math.floor(((row + 1) * wide) / rows)); column++) {
      for (let bin = 0; bin < high; bin++) most = Math.max(most, cells[bin * wide + column] ?? -Infinity);
    }
    return Number.isFinite(most) ? decibel(most) : '';
  };
  const timeOf = (row: number): string => (seconds > 0 ? ((row * seconds) / rows).toFixed(3) : count(row));
  return {
    title: 'Loudest frequency over time, dB',
    rows: [
      [seconds > 0 ? 'second' : 'frame', ...tracks.map(({ name }) => trackLabel(name, path))],
      ['peak', ...tracks.map(({ peak }) => real(peak))],
      ['RMS', ...tracks.map(({ rms }) => real(rms))],
      ...Array.from({ length: rows }, (_, row) => [timeOf(row), ...tracks.map((track) => levelAt(track, row))]),
    ],
  };
}
