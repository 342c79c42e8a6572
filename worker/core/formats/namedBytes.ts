/** A file as the host hands it over: its name (for messages and for its extension) and its bytes. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A model's values in files of their own, by the place below the model's folder that the model names; see `externalFiles`. */
  readonly beside?: ReadonlyMap<string, Uint8Array>;
  /** Values that inputs of an ONNX model are taken to have, where they decide which of its graphs run; see `readOnnx`. */
  readonly assumed?: Readonly<Record<string, number>>;
}
