import { useEffect, useRef, useState } from 'preact/hooks';
import type { AudioDetailRequest, TrackName } from '../../../worker/core/report/audioDetail';
import { useInspector } from '../InspectorContext';

export interface Player {
  readonly playing: TrackName | null;
  /** Its sound is being made. */
  readonly loading: TrackName | null;
  readonly problem: string | null;
  /** Plays a track from where the one before is; the one that plays is paused. */
  toggle(track: TrackName): void;
  seek(seconds: number): void;
  /** Seconds; for what moves with the sound. */
  now(): number;
}

/**
 * One loudspeaker for all tracks of one question: changing the track goes on at the same place, so that two can be told apart by ear. The
 * sound of a track is asked for when it is first played.
 */
export function usePlayer(request: AudioDetailRequest | null, about: string): Player {
  const inspector = useInspector();
  const audio = useRef<HTMLAudioElement | null>(null);
  const urls = useRef(new Map<TrackName, string>());
  const cancel = useRef<(() => void) | null>(null);
  const [state, setState] = useState<Pick<Player, 'playing' | 'loading' | 'problem'>>(SILENT);
  const key = request === null ? '' : `${about} ${JSON.stringify(request)}`;
  // Another question has other sounds.
  useEffect(() => {
    const element = new Audio();
    element.addEventListener('ended', () => {
      setState((old) => ({ ...old, playing: null }));
    });
    audio.current = element;
    setState(SILENT);
    const known = urls.current;
    return () => {
      cancel.current?.();
      cancel.current = null;
      element.pause();
      element.removeAttribute('src');
      for (const url of known.values()) URL.revokeObjectURL(url);
      known.clear();
    };
  }, [key]);

  const play = async (track: TrackName, url: string) => {
    const element = audio.current;
    if (!element) return;
    const at = element.ended ? 0 : element.currentTime;
    if (element.src !== url) {
      element.src = url;
      element.currentTime = at;
    }
    setState({ playing: track, loading: null, problem: null });
    await element.play();
  };
  const failed = (error: unknown) => {
    // A sound that was paused before it began is no failure.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    setState({ ...SILENT, problem: error instanceof Error ? error.message : String(error) });
  };
  const toggle = (track: TrackName) => {
    const element = audio.current;
    if (!element || !request || state.loading !== null) return;
    if (state.playing === track) {
      element.pause();
      setState(SILENT);
      return;
    }
    const known = urls.current.get(track);
    if (known !== undefined) {
      play(track, known).catch(failed);
      return;
    }
    setState({ ...state, loading: track, problem: null });
    const question = inspector.detail('audioDetail', { ...request, sound: track });
    cancel.current = question.cancel;
    question.answer
      .then(async ({ sound }) => {
        if (audio.current !== element || sound === null) return;
        cancel.current = null;
        const url = URL.createObjectURL(new Blob([sound.wav as Uint8Array<ArrayBuffer>], { type: 'audio/wav' }));
        urls.current.set(track, url);
        await play(track, url);
      })
      .catch((error: unknown) => {
        if (audio.current === element) failed(error);
      });
  };
  return {
    ...state,
    toggle,
    seek: (seconds) => {
      if (audio.current) audio.current.currentTime = seconds;
    },
    now: () => audio.current?.currentTime ?? 0,
  };
}

const SILENT = { playing: null, loading: null, problem: null } as const;
