import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Inspector } from '../inspector';

export const InspectorContext = createContext<Inspector | null>(null);

/** What the user can do, from anywhere in the views. */
export function useInspector(): Inspector {
  const inspector = useContext(InspectorContext);
  if (!inspector) throw new Error('A view was rendered outside the inspector.');
  return inspector;
}
