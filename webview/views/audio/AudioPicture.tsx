import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AudioDetail, AudioTrack } from '../../../worker/core/report/audioDetail';
import { AudioLanes, type AudioPoint } from '../../charts/AudioLanes';
import { layoutAudio, type AudioLayout } from '../../charts/audioLayout';
import { count, decibel, real } from '../../charts/format';
import type { HeatData } from '../../charts/heatColors';
import { Button } from '../../ui/Button';
import { ProgressRing } from '../../ui/ProgressRing';
import { HeatMap } from '../lstm/HeatMap';
import { LevelCanvas } from './LevelCanvas';
import { describePoint, lanesOf, loudest, type Shown } from './tracks';
import type { Player } from './usePlayer';

/** Levels this far below the loudest are drawn as silence. */
const RANGE_DB = 80;

interface Props {
  readonly detail: AudioDetail;
  readonly waiting: boolean;
  readonly path: string;
  readonly title: string;
  readonly seconds: number;
  readonly width: number;
  readonly player: Player;
}

/** Every track over time: its wave, its loudness by frequency, and a button to hear it. */
export function AudioPicture({ detail, waiting, path, title, seconds, width, player }: Props) {
  const [cursor, setCursor] = useState<AudioPoint | null>(null);
  const shown = useMemo(() => lanesOf(detail, path), [detail, path]);
  const top = useMemo(() => loudest(shown), [shown]);
  const peak = Math.max(...detail.tracks.map((track) => track.peak), 0);
  const layout = useMemo(
    () => layoutAudio({ width, lanes: shown.map(({ lane }) => lane), seconds, peak }),
    [width, shown, seconds, peak],
  );
  const describe = (point: AudioPoint) => describePoint(point, shown, seconds, detail.rate / 2);
  return (
    <div class={`audio-picture ${waiting ? 'stale' : ''}`} data-testid="audio-picture">
      <Pictures shown={shown} layout={layout} top={top} />
      <AudioLanes
        width={width}
        title={title}
        summary={summaryOf(shown)}
        layout={layout}
        seconds={seconds}
        peak={peak}
        cursor={cursor}
        describe={describe}
        onPoint={setCursor}
        onSeek={(at) => {
          player.seek(at);
        }}
      />
      <Playhead player={player} layout={layout} />
      {shown.map(({ lane, track }, k) => (
        <TrackHead
          key={lane.name}
          name={lane.name}
          track={track}
          top={layout.lanes[k]?.top ?? 0}
          width={layout.left - 8}
          hasSound={detail.length > 0}
          player={player}
        />
      ))}
      <p class="caption step-text" data-testid="audio-text" aria-live="polite">
        {cursor === null ? scaleText(top, detail.masks !== null) : describe(cursor)}
      </p>
    </div>
  );
}

function Pictures({
  shown,
  layout,
  top,
}: {
  readonly shown: readonly Shown[];
  readonly layout: AudioLayout;
  readonly top: number;
}) {
  return (
    <>
      {shown.map(({ lane, grid, of }, k) => {
        const picture = layout.lanes[k]?.picture;
        if (!picture) return null;
        const [width, height] = [Math.round(layout.plotWidth), picture.height];
        return (
          <div key={lane.name} class="heat-place" style={{ left: `${layout.left}px`, top: `${picture.top}px` }}>
            {of === 'difference' ? (
              <HeatMap matrix={upright(grid)} width={width} height={height} />
            ) : (
              <LevelCanvas
                data={{ ...grid, ...(of === 'mask' ? { low: 0, high: 1 } : { low: top - RANGE_DB, high: top }) }}
                width={width}
                height={height}
              />
            )}
          </div>
        );
      })}
    </>
  );
}

/** Rows from the highest frequency down, as a heat map draws them. */
function upright({ rows, columns, cells }: Shown['grid']): HeatData {
  const turned = new Float32Array(cells.length);
  let most = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = cells[row * columns + column] ?? 0;
      turned[(rows - 1 - row) * columns + column] = value;
      most = Math.max(most, Math.abs(value));
    }
  }
  return { of: 'error', rows, columns, cells: turned, scaleEnd: most, matching: null };
}

/** A line that follows the sound without drawing anything else anew. */
function Playhead({ player, layout }: { readonly player: Player; readonly layout: AudioLayout }) {
  const line = useRef<HTMLDivElement>(null);
  const { playing } = player;
  useEffect(() => {
    if (playing === null) return undefined;
    let frame = 0;
    const follow = () => {
      if (line.current) line.current.style.transform = `translateX(${layout.left + layout.x(player.now())}px)`;
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [playing, layout]);
  return playing === null ? null : (
    <div class="playhead" ref={line} style={{ height: `${layout.axisTop}px` }} aria-hidden="true" />
  );
}

interface HeadProps {
  readonly name: string;
  readonly track: AudioTrack | null;
  readonly top: number;
  readonly width: number;
  readonly hasSound: boolean;
  readonly player: Player;
}

function TrackHead({ name, track, top, width, hasSound, player }: HeadProps) {
  const isPlaying = track !== null && player.playing === track.name;
  return (
    <div class="track-head" style={{ top: `${top}px`, width: `${width}px` }} data-testid={`track-${track?.name ?? name}`}>
      <div class="track-name">
        <b>{name}</b>
        {track === null || !hasSound ? null : player.loading === track.name ? (
          <ProgressRing label={`Making the sound of ${name}`} />
        ) : (
          <Button
            quiet
            icon={isPlaying ? 'debug-pause' : 'play'}
            label={isPlaying ? `Pause ${name}` : `Play ${name}`}
            testId={`play-${track.name}`}
            onClick={() => {
              player.toggle(track.name);
            }}
          />
        )}
      </div>
      {track === null ? null : (
        <span class="caption">
          peak <span class="figure">{real(track.peak)}</span>
          <br />
          RMS <span class="figure">{real(track.rms)}</span>
          {track.clipped > 0 ? (
            <>
              <br />
              <span class="lost">{count(track.clipped)} clipped</span>
            </>
          ) : null}
        </span>
      )}
    </div>
  );
}

/** What the pictures' greys mean. */
function scaleText(top: number, isMask: boolean): string {
  const zero = isMask ? 'the loudest input' : 'a sine of amplitude 1';
  const ends = `${decibel(top)} dB in full, ${decibel(top - RANGE_DB)} dB and less as background`;
  return `Loudness over time and frequency: ${ends}; 0 dB is ${zero}. Arrow keys move in time, a click sets where to play from.`;
}

function summaryOf(shown: readonly Shown[]): string {
  const tracks = shown.flatMap(({ track, lane }) => (track === null ? [] : [`${lane.name} RMS ${real(track.rms)}`]));
  return tracks.join(', ');
}
