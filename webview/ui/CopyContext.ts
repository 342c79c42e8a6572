import { createContext } from 'preact';

/** Where copies go, and where it is said that they went. */
export interface CopyTarget {
  /** @param what names the text for the confirmation, such as `Table` */
  readonly text: (what: string, text: string) => void;
  /** @param png resolves to the picture; may fail */
  readonly picture: (what: string, png: Promise<Blob>) => void;
}

export const CopyContext = createContext<CopyTarget | null>(null);
