import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { TextRows } from '../figures/textRows';

type Tables = () => readonly TextRows[];

/** What the charts inside a panel show, as tables: each part that draws adds its own. */
export type ChartedTables = Set<Tables>;

export const ChartedContext = createContext<ChartedTables | null>(null);

export const allCharted = (tables: ChartedTables): readonly TextRows[] => [...tables].flatMap((make) => make());

/** @param make asked when the tables are wanted */
export function useCharted(make: Tables): void {
  const tables = useContext(ChartedContext);
  const latest = useRef(make);
  latest.current = make;
  useEffect(() => {
    const own = () => latest.current();
    tables?.add(own);
    return () => {
      tables?.delete(own);
    };
  }, [tables]);
}
