import type { AudioTensor } from '../../../worker/core/analysis/audio/audioTensors';
import { RATES, type AudioState } from '../../audioState';
import { count } from '../../charts/format';
import { Button } from '../../ui/Button';
import { Dropdown } from '../../ui/Dropdown';
import { Segmented } from '../../ui/Segmented';
import { useInspector } from '../InspectorContext';
import { shortName } from '../text';
import type { Recording } from './recordings';

interface Props {
  readonly audio: AudioState;
  readonly tensors: readonly AudioTensor[];
  readonly shown: AudioTensor;
  readonly recordings: readonly Recording[];
  readonly recording: number;
  readonly hop: number;
  /** Values of a frame. */
  readonly frame: number | null;
}

const KINDS = { frames: 'sound', mask: 'mask' } as const;

/** What is listened to, and how its frames become sound. */
export function AudioBar({ audio, tensors, shown, recordings, recording, hop, frame }: Props) {
  const inspector = useInspector();
  return (
    <div class="line wrap audio-bar">
      {tensors.length < 2 ? null : (
        <Dropdown
          label="Tensor"
          testId="audio-tensor"
          choices={tensors.map(({ tensor, role, kind, name }) => {
            const label = `${role} ${shortName(name, 130)}, ${KINDS[kind]}`;
            return { value: String(tensor), label, short: label };
          })}
          value={String(shown.tensor)}
          onChange={(value) => {
            inspector.audio({ tensor: Number(value), hop: null });
          }}
        />
      )}
      {recordings.length < 2 ? null : (
        <Dropdown
          label="Recording"
          prefix="Recording"
          testId="audio-recording"
          choices={recordings.map(({ name }, at) => ({ value: String(at), label: name, short: name }))}
          value={String(recording)}
          onChange={(value) => {
            inspector.audio({ recording: Number(value) });
          }}
        />
      )}
      {frame === null ? null : (
        <>
          <Dropdown
            label="Values from one frame to the next"
            prefix="Hop"
            testId="audio-hop"
            choices={hops(frame, hop).map((value) => ({ value: String(value), label: count(value), short: count(value) }))}
            value={String(hop)}
            onChange={(value) => {
              inspector.audio({ hop: Number(value) });
            }}
          />
          {shown.kind === 'mask' ? null : (
            <Segmented
              label="Frames that overlap are"
              choices={OVERLAPS}
              value={audio.overlap}
              testId="audio-overlap"
              onChange={(overlap) => {
                inspector.audio({ overlap });
              }}
            />
          )}
        </>
      )}
      <Dropdown
        label="Sampling rate"
        prefix="Rate"
        testId="audio-rate"
        choices={RATES.map((rate) => ({ value: String(rate), label: `${count(rate)} Hz`, short: `${count(rate)} Hz` }))}
        value={String(audio.rate)}
        onChange={(value) => {
          inspector.audio({ rate: Number(value) });
        }}
      />
      <span class="spread" />
      {audio.reference === null ? null : (
        <span class="chip">
          clean: {audio.reference.label}
          <button
            type="button"
            aria-label={`No longer compare with ${audio.reference.label}`}
            onClick={() => {
              inspector.audio({ reference: null });
            }}
          >
            <i class="codicon codicon-close" aria-hidden="true" />
          </button>
        </span>
      )}
      <Button
        testId="choose-recording"
        tip="A recording of what the result should sound like; SI-SDR is measured against it"
        onClick={() => void inspector.chooseRecording()}
      >
        Choose clean recording…
      </Button>
    </div>
  );
}

const OVERLAPS = [
  { value: 'sum', label: 'added', tip: 'Overlapping frames are added as they are: what the model was trained for, mostly' },
  { value: 'mean', label: 'averaged', tip: 'Overlapping frames are divided by how many cover a value' },
] as const;

/** Usual distances, and the one in use. */
function hops(frame: number, hop: number): readonly number[] {
  const usual = [1, 2, 3, 4, 8].map((part) => Math.floor(frame / part)).filter((value) => value >= 1);
  return [...new Set([...usual, hop])].sort((a, b) => a - b);
}
