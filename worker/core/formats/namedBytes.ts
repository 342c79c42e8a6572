/** A file as the host hands it over: its name (for messages and for its extension) and its bytes. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}
