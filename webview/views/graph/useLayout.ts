import { useEffect, useRef, useState } from 'preact/hooks';
import type { GraphLayout, LayoutRequest } from '../../../worker/core/graph/graphLayout';
import { useInspector } from '../InspectorContext';

/** A layout with its lines one by one. */
export interface PlacedGraph extends GraphLayout {
  readonly lines: readonly Float64Array[];
}

function placed(layout: GraphLayout): PlacedGraph {
  const { points, starts } = layout;
  const lines = Array.from({ length: Math.max(0, starts.length - 1) }, (_, at) => points.subarray(starts[at], starts[at + 1]));
  return { ...layout, lines };
}

export interface Laid<T> {
  /** What is laid out, of an earlier request while another is under way; null before the first. */
  readonly shown: { readonly of: T; readonly layout: PlacedGraph } | null;
  readonly isWaiting: boolean;
  readonly problem: string | null;
  /** Leaves what is shown as it is. */
  readonly cancel: () => void;
  readonly again: () => void;
}

/** Layouts that were made, so that going back to one costs nothing. */
const KEPT = 12;

/**
 * Has a graph laid out whenever it is another one. An answer that is no longer wanted is cancelled.
 * @param of what the request stands for, kept beside its layout
 * @param key the same for the same request
 */
export function useLayout<T>(of: T, key: string, request: LayoutRequest): Laid<T> {
  const inspector = useInspector();
  const [shown, setShown] = useState<Laid<T>['shown']>(null);
  const [waiting, setWaiting] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const known = useRef(new Map<string, PlacedGraph>());
  const stop = useRef<() => void>(() => undefined);
  const wanted = useRef({ of, request });
  wanted.current = { of, request };
  useEffect(() => {
    const asked = wanted.current;
    const take = (layout: PlacedGraph) => {
      setShown({ of: asked.of, layout });
      setWaiting(null);
    };
    const kept = known.current.get(key);
    setProblem(null);
    if (kept) {
      take(kept);
      return undefined;
    }
    let over = false;
    const question = inspector.detail('layoutGraph', asked.request);
    setWaiting(key);
    const end = () => {
      if (over) return;
      over = true;
      question.cancel();
    };
    stop.current = () => {
      end();
      setWaiting(null);
      setProblem('The layout was stopped.');
    };
    question.answer.then(
      (answer) => {
        const layout = placed(answer);
        const [oldest] = known.current.keys();
        if (known.current.size >= KEPT && oldest !== undefined) known.current.delete(oldest);
        known.current.set(key, layout);
        if (!over) take(layout);
        over = true;
      },
      (error: unknown) => {
        if (!over) {
          setWaiting(null);
          setProblem(error instanceof Error ? error.message : String(error));
        }
        over = true;
      },
    );
    return end;
  }, [inspector, key, round]);
  return {
    shown,
    isWaiting: waiting !== null,
    problem,
    cancel: () => {
      stop.current();
    },
    again: () => {
      setRound(round + 1);
    },
  };
}
