import type { SizeResult } from './measure/calibrationSizes';
import type { ModelResult } from './measure/measureModel';
import type { Times } from './measure/speed';
import type { ReferenceErrors, SetName } from './speech/speechDigits';

/** All that the document is made from. */
export interface PaperResults extends PaperTimes {
  /** ISO date. */
  readonly date: string;
  /** Processor and runtime. */
  readonly machine: string;
  /** Time of all processors, speed left out. */
  readonly cpuMinutes: number;
  /** In the order of the table. */
  readonly models: readonly ModelResult[];
  /** Digits of every utterance, by set. */
  readonly digits: Readonly<Record<SetName, readonly number[]>>;
  /** TensorFlow Lite's errors, by model. */
  readonly reference: Readonly<Record<string, ReferenceErrors>>;
  readonly calibrationSizes: Readonly<Record<string, readonly SizeResult[]>>;
}

/** How long the forms take, measured apart: it wants a machine that has nothing else to do. */
export interface PaperTimes {
  /** How many processes wanted a processor meanwhile, this one among them, and how many processors there are. */
  readonly load: number;
  readonly processors: number;
  /** Dense models, by name. */
  readonly modelTimes: Readonly<Record<string, Times>>;
  readonly layerTimes: readonly { readonly cell: number; readonly times: Times }[];
}
