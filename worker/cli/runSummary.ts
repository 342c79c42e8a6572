import { count, real } from '../../webview/charts/format';
import type { Sample } from '../core/data/sample';
import type { PersonaName } from '../core/lstm/persona';
import { toReals } from '../core/run/bindInput';
import { formatShape } from '../core/run/arrays';
import type { GraphRunner, Path } from '../core/run/graphRunner';
import type { Value } from '../core/run/value';
import { textTable } from './textTable';
import { nameInFile } from '../core/model/operatorName';

interface OutputSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Lowest and highest real value; null where there is none that is finite. */
  readonly min: number | null;
  readonly max: number | null;
}

interface SampleSummary {
  readonly name: string;
  readonly steps: number;
  readonly outputs: readonly OutputSummary[];
}

interface RunSettings {
  readonly path: Path;
  readonly persona: PersonaName;
  readonly state: 'reset' | 'carry';
}

const MOST_LINES = 20;
const MOST_NAMED = 5;

function list(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${named} and ${names.length - MOST_NAMED} more` : named;
}

/** What `gatescope run` prints: what was run, and what came out of each sample. */
export class RunSummary {
  private readonly samples: SampleSummary[] = [];
  private readonly started = performance.now();

  constructor(
    private readonly model: string,
    private readonly runner: Pick<GraphRunner, 'graph' | 'operators'>,
    private readonly settings: RunSettings,
    private readonly synthetic: boolean,
  ) {}

  /** @param results null for outputs that are not computed */
  add(sample: Sample, results: readonly (Value | null)[]): void {
    const outputs = results.flatMap((value, position) => (value === null ? [] : [this.outputSummary(value, position)]));
    this.samples.push({ name: sample.name, steps: sample.steps, outputs });
  }

  toJson(): string {
    const { path, persona, state } = this.settings;
    const document = {
      schema: 'gatescope.run/1',
      model: this.model,
      path,
      persona,
      state,
      synthetic: this.synthetic,
      milliseconds: Math.round(performance.now() - this.started),
      runtimes: this.runtimes(),
      notComputed: this.notComputed(),
      samples: this.samples,
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  }

  toText(): string {
    const { path, persona, state } = this.settings;
    const steps = this.samples.reduce((sum, sample) => sum + sample.steps, 0);
    const seconds = ((performance.now() - this.started) / 1000).toFixed(2);
    const states = state === 'reset' ? 'states reset before each' : 'states carried over';
    const what = this.synthetic ? 'synthetic samples (random: ranges only, not accuracy)' : 'samples';
    const lines = [
      `${this.model}: ${path} path${path === 'float' ? '' : `, persona ${persona}`}`,
      `${count(this.samples.length)} ${what}, ${count(steps)} steps, ${states}, ${seconds} s`,
    ];
    const rows = this.samples.flatMap((sample) =>
      sample.outputs.map((output) => [
        sample.name,
        count(sample.steps),
        output.name,
        `${output.dtype} ${formatShape(output.shape)}`,
        output.min === null || output.max === null ? '' : `${real(output.min)} to ${real(output.max)}`,
      ]),
    );
    const table = textTable([['sample', 'steps', 'output', 'type', 'range'], ...rows], ['left', 'right']);
    return `${[...lines, ...this.elsewhere(), ...table].join('\n')}\n`;
  }

  /** What others compute, and what nobody does. */
  private elsewhere(): string[] {
    const byOthers = Object.entries(this.runtimes()).map(([name, operators]) => `${name} computes ${list(operators)}`);
    const missing = this.notComputed().map(({ index, op, reason }) => `not computed: op ${index} ${op}: ${reason}`);
    return [
      ...byOthers,
      ...missing.slice(0, MOST_LINES),
      ...(missing.length > MOST_LINES ? [`and ${missing.length - MOST_LINES} more`] : []),
    ];
  }

  private runtimes(): Readonly<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const { operator, runtime } of this.runner.operators) {
      if (runtime !== undefined) (found[runtime] ??= []).push(`op ${operator.index} ${operator.name}`);
    }
    return found;
  }

  private notComputed(): { readonly index: number; readonly op: string; readonly reason: string }[] {
    return this.runner.operators.flatMap(({ operator, notComputed }) =>
      notComputed === undefined ? [] : [{ index: operator.index, op: nameInFile(operator), reason: notComputed }],
    );
  }

  private outputSummary(value: Value, position: number): OutputSummary {
    const tensor = this.runner.graph.tensors[this.runner.graph.outputs[position] ?? -1];
    const reals = tensor === undefined ? Float32Array.from(value.data as ArrayLike<number>) : toReals(tensor, value);
    let min = Infinity;
    let max = -Infinity;
    for (const x of reals) {
      if (x < min) min = x;
      if (x > max) max = x;
    }
    const isFinite = Number.isFinite(min) && Number.isFinite(max);
    return {
      name: tensor?.name ?? `output ${position}`,
      dtype: value.dtype,
      shape: value.shape,
      min: isFinite ? min : null,
      max: isFinite ? max : null,
    };
  }
}
