import { useEffect, useRef, useState } from 'preact/hooks';
import type { Detail, DetailRequest } from '../inspector';
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
    let over = false;
    let cancel: (() => void) | null = null;
    setAnswered((old) => ({ ...old, about, detail: old.about === about ? old.detail : null, waiting: true, problem: null }));
    const timer = setTimeout(() => {
      const question = inspector.detail(kind, asked);
      cancel = question.cancel;
      question.answer.then(
        (detail) => {
          if (!over) setAnswered({ about, detail, waiting: false, problem: null });
          over = true;
        },
        (error: unknown) => {
          const problem = error instanceof Error ? error.message : String(error);
          if (!over) setAnswered({ about, detail: null, waiting: false, problem });
          over = true;
        },
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      if (!over) cancel?.();
      over = true;
    };
  }, [inspector, kind, about, key]);
  return answered.about === about ? answered : { detail: null, waiting: request !== null, problem: null };
}
