import { useEffect, useRef, useState } from 'preact/hooks';
import type { Detail, DetailRequest } from '../inspector';
import { askSettled } from './askSettled';
import { useInspector } from './InspectorContext';

export interface Answered<T> {
  /** The last answer: of an earlier request while `waiting`. Null before the first. */
  readonly detail: T | null;
  readonly waiting: boolean;
  readonly problem: string | null;
}

/** Requests in quick succession, as while dragging, are asked for once. */
const SETTLE_MS = 40;

/**
 * Asks the worker for what lies beyond the report, again whenever the request changes; an answer no longer wanted is cancelled. The old
 * answer stays until the new one is there.
 * @param subject run and signal: an answer about another one, or about a former model, is not kept
 */
export function useDetail<K extends keyof Detail>(
  kind: K,
  subject: string,
  request: DetailRequest[K] | null,
): Answered<Detail[K]> {
  const inspector = useInspector();
  const about = `${inspector.store.state.opening} ${subject}`;
  const [answered, setAnswered] = useState<Answered<Detail[K]> & { about: string }>({
    about,
    detail: null,
    waiting: false,
    problem: null,
  });
  const wanted = useRef<DetailRequest[K] | null>(request);
  wanted.current = request;
  const key = request === null ? null : JSON.stringify(request);
  useEffect(() => {
    const asked = wanted.current;
    if (key === null || asked === null) return undefined;
    setAnswered((old) => ({ ...old, about, detail: old.about === about ? old.detail : null, waiting: true, problem: null }));
    return askSettled(
      SETTLE_MS,
      () => [inspector.detail(kind, asked)],
      ([detail = null]) => setAnswered({ about, detail, waiting: false, problem: null }),
      (error) => {
        const problem = error instanceof Error ? error.message : String(error);
        setAnswered({ about, detail: null, waiting: false, problem });
      },
    );
  }, [inspector, kind, about, key]);
  return answered.about === about ? answered : { detail: null, waiting: request !== null, problem: null };
}
