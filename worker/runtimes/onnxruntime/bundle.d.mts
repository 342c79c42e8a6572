import type { BuildOptions, Plugin } from 'esbuild';

export interface OrtFileNames {
  readonly thread: string;
  readonly wasm: string;
  readonly glue: string;
}

export declare const ORT_COPIES: Readonly<Record<string, string>>;
export declare const ORT_FILES: OrtFileNames;
export declare const ortThread: BuildOptions;
export declare function ortFilesElsewhere(): OrtFileNames;
export declare const esbuildOrt: Plugin;
