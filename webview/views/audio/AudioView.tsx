import { AUDIO_LIMITS, type AudioDetailRequest } from '../../../worker/core/report/audioDetail';
import type { AudioTensor } from '../../../worker/core/analysis/audio/audioTensors';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { count } from '../../charts/format';
import type { AppState } from '../../state';
import { Icon } from '../../ui/Icon';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { plural } from '../text';
import { useDetail } from '../useDetail';
import { AudioBar } from './AudioBar';
import { AudioFigures } from './AudioFigures';
import { AudioPicture } from './AudioPicture';
import { recordingsOf, type Recording } from './recordings';
import { soundOf } from './soundOf';
import { tracksTable } from './tracksTable';
import { usePlayer } from './usePlayer';

/** What goes into the model and comes out of it as sound: seen, heard, and told apart. */
export function AudioView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const report = state.host?.report ?? null;
  const tensors = soundOf(overview, report);
  const shown = tensors.find(({ tensor }) => tensor === state.view.audio.tensor) ?? tensors[0];
  if (!shown) return <p class="dim screen-note">Nothing of this model is sound.</p>;
  if (!report || report.perSample.length === 0) {
    return <p class="dim screen-note">Run first: sound is made of the frames that a run gives.</p>;
  }
  return <Sound state={state} report={report} tensors={tensors} shown={shown} />;
}

interface Props {
  readonly state: AppState;
  readonly report: Report;
  readonly tensors: readonly AudioTensor[];
  readonly shown: AudioTensor;
}

function Sound({ state, report, tensors, shown }: Props) {
  const { audio } = state.view;
  const recordings = recordingsOf(report);
  const at = audio.recording < recordings.length ? audio.recording : 0;
  const recording = recordings[at];
  const hop = audio.hop ?? shown.hop;
  const request: AudioDetailRequest | null = recording
    ? {
        tensor: shown.tensor,
        input: shown.input,
        samples: { from: recording.from, to: recording.to },
        kind: shown.kind,
        frame: shown.frame,
        hop,
        overlap: audio.overlap,
        rate: audio.rate,
        columns: AUDIO_LIMITS.columns,
        sound: null,
        reference: audio.reference?.id ?? null,
      }
    : null;
  const about = `${report.model.sha256} ${report.persona} ${JSON.stringify(report.quirks ?? {})} ${report.data.label} ${report.samples} ${shown.tensor} ${at}`;
  const { detail, waiting, problem } = useDetail('audioDetail', about, request);
  const player = usePlayer(request, about);
  const path = report.quantizedPath ?? 'int8';
  const bins = shown.kind === 'mask' && detail ? 2 * (detail.frame - 1) : null;
  const seconds = detail
    ? (detail.length > 0 || bins === null ? detail.length : (detail.frames - 1) * hop + bins) / detail.rate
    : 0;
  const title = `${shown.role} ${shown.name}`;
  return (
    <div class="audio-screen">
      <Panel
        title="Sound"
        detail={detail ? lengthText(detail.frames, detail.frame, hop, seconds) : ''}
        testId="panel-sound"
        copies
        charted={() => (detail ? [tracksTable(detail, path)] : [])}
      >
        <AudioBar
          {...{ audio, tensors, shown, recordings, hop }}
          recording={at}
          frame={shown.frame === null || bins === null ? shown.frame : bins}
        />
        <Notes report={report} recording={recording ?? null} texts={detail?.silentBecause ? [detail.silentBecause] : []} />
        {problem !== null || player.problem !== null ? (
          <p class="caveat" role="alert" data-testid="audio-problem">
            {problem ?? player.problem}
          </p>
        ) : null}
        {detail && detail.framesSeen > detail.frames ? (
          <p class="caveat">
            Shown are the first {count(detail.frames)} of {count(detail.framesSeen)} frames.
          </p>
        ) : null}
        {detail && report.quantizedPath !== null ? <AudioFigures detail={detail} path={path} /> : null}
        {detail ? (
          <Sized class="audio-figure">
            {({ width }) => <AudioPicture {...{ detail, waiting, path, title, seconds, width, player }} />}
          </Sized>
        ) : problem === null ? (
          <p class="dim steps-waiting">{waiting ? 'Putting the frames together…' : 'No sound to show.'}</p>
        ) : null}
      </Panel>
    </div>
  );
}

function lengthText(frames: number, size: number, hop: number, seconds: number): string {
  const apart = frames > 1 ? `, ${count(hop)} apart` : '';
  return `${plural(frames, 'frame')} of ${count(size)} values${apart}; ${seconds.toFixed(2)} s`;
}

interface NotesProps {
  readonly report: Report;
  readonly recording: Recording | null;
  readonly texts: readonly string[];
}

/** What limits what is heard. */
function Notes({ report, recording, texts }: NotesProps) {
  const isOfFrames = recording !== null && recording.to - recording.from > 1;
  const all = [
    ...(report.data.synthetic ? ['Synthetic data: noise goes in, so that only the difference says something.'] : []),
    ...(isOfFrames && report.state === 'reset' && report.lstms.length > 0
      ? ['States were reset before every frame. Run with states carried over to hear the model as it streams.']
      : []),
    ...texts,
  ];
  return (
    <>
      {all.map((text) => (
        <p class="caveat" key={text}>
          <Icon name="info" />
          {text}
        </p>
      ))}
    </>
  );
}
