/**
 * The only globals outside ECMAScript that core may use: both exist in Node, in browsers and in every worker. Anything else
 * (files, timers, DOM, vscode) has to be handed in, which this project's `"types": []` enforces.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
