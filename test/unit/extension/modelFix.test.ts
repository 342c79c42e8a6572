import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DataSet } from '../../../extension/dataDiscovery';
import { SYNTHETIC } from '../../../extension/dataDiscovery';
import { ModelFix, type Face } from '../../../extension/modelFix';
import type { FixState, FormerFix } from '../../../extension/protocol/fix';
import type { RunChoice } from '../../../extension/protocol/messages';
import type { RunRequest, WorkerApi } from '../../../worker/api';
import { PLAIN_RECIPE } from '../../../worker/core/fix/editRecipe';
import { replyTo } from '../../../worker/reply';
import { Sessions } from '../../../worker/session';
import { SAMPLES } from '../worker/bundle';
import { file, sampleRun } from '../worker/workerThread';

const CALIBRATION: DataSet = {
  choice: { id: 'calibration', label: 'calibration.npz', detail: '', synthetic: false },
  files: [join(SAMPLES, 'calibration.npz')],
  labels: null,
};
const CHOICE: RunChoice = { dataId: 'inputs', persona: 'tflite', quirks: {}, state: 'reset' };

/** A session with the worker's own code behind it, on this thread. */
class Bench {
  readonly sessions = new Sessions();
  readonly ran: RunChoice[] = [];
  face: Face;
  state: FixState;
  readonly fix: ModelFix;
  calibrations = 0;
  private waiting: (() => void)[] = [];

  constructor(
    model = 'digits-float.tflite',
    source: { readonly file: string | null } | null = { file: null },
    readonly kept: { history: FormerFix | null } = { history: null },
  ) {
    this.face = { overview: this.sessions.open('model', file(join(SAMPLES, model))), report: null };
    const api = {
      calibrate: (session, job) => (this.calibrations++, replyTo(() => this.sessions.calibrate(session, job, () => undefined))),
      quantize: (session, job) => replyTo(() => this.sessions.quantize(session, job)),
      measure: (session, job) => replyTo(() => this.sessions.measure(session, job, () => undefined)),
      observed: (session, row, bits) => replyTo(() => this.sessions.observed(session, row, bits)),
      fileBytes: (session) => replyTo(() => this.sessions.fileBytes(session)),
      cancel: (id) => Promise.resolve(this.sessions.cancel(id)),
    } as Partial<WorkerApi> as WorkerApi;
    this.fix = new ModelFix({
      files: {
        name: (path: string) => path,
        size: () => Promise.resolve(1),
        read: (path: string) => Promise.resolve(new Uint8Array(readFileSync(path))),
      } as never,
      history: { load: () => kept.history, save: (history) => (kept.history = history) },
      ...{ session: 'model', target: 'quantized', cancelMs: 60_000 },
      call: async (ask) => {
        const reply = await ask(api);
        if (!reply.ok) throw new Error(reply.error.message);
        return reply.value;
      },
      source: () => source?.file,
      request: (_choice, id) => Promise.resolve(this.request(id)),
      run: (choice) => void this.ran.push(choice),
      isRunning: () => false,
      settle: () => Promise.resolve(),
      face: () => this.face,
      show: (face) => (this.face = face),
      update: (state) => {
        this.state = state;
        this.waiting.splice(0).forEach((tell) => tell());
      },
      progress: () => undefined,
      replaceWorker: () => undefined,
    });
    this.state = this.fix.state;
    this.fix.offer('digits-float.tflite', [CALIBRATION, SYNTHETIC], false);
  }

  private request(id: string): RunRequest {
    const { inputs, ...request } = sampleRun(id);
    return { ...request, inputs: inputs.slice(0, 2) };
  }

  async idle(): Promise<FixState> {
    while (this.fix.isBusy || this.state.job.status === 'running')
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.state;
  }

  /** Runs the quantized model, as the session is asked to. */
  async run(): Promise<void> {
    this.ran.pop();
    this.fix.tookReport(await this.sessions.run('quantized', this.request('run'), () => undefined));
  }

  quantize(recipe = PLAIN_RECIPE): Promise<FixState> {
    this.fix.start({ ...CHOICE, calibrationId: 'calibration', recipe, label: 'Quantized' });
    return this.idle();
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('quantizing', () => {
  it('shows the quantized model, asks for a run, and tells its effect', async () => {
    const { quantized } = await bench.quantize();
    expect(quantized).toMatchObject({
      shown: true,
      calibration: { label: 'calibration.npz', samples: 30, steps: 2667, notes: [] },
      steps: [{ label: 'Quantized', effect: null }],
      step: 0,
      file: null,
    });
    expect(bench.face.overview.scheme).toBe('int8');
    expect(bench.ran).toEqual([CHOICE]);
    await bench.run();
    expect(bench.state.quantized?.steps[0]?.effect).toMatchObject({
      samples: 2,
      complete: true,
      task: { unit: 'digits', errors: 0 },
    });
    expect(await bench.fix.bytes()).toHaveLength(71_824);
  });

  it('goes on with the history of an earlier window, from the same data', async () => {
    await bench.quantize();
    const changed = { ...PLAIN_RECIPE, lstms: { 'lstm0/output': { cellExponent: 1 } } };
    bench.fix.apply({ ...CHOICE, recipe: changed, label: 'Q1.14' });
    await bench.idle();
    const bytes = await bench.fix.bytes();

    // As text, which is how it is kept.
    const later = new Bench(undefined, undefined, { history: JSON.parse(JSON.stringify(bench.kept.history)) as FormerFix });
    expect(later.state.former).toMatchObject({ source: 'digits-float.tflite', step: 1, calibration: { id: 'calibration' } });
    later.fix.restore(CHOICE);
    const { quantized, former } = await later.idle();
    expect(former).toBe(null);
    expect(quantized?.steps.map(({ label, effect }) => [label, effect])).toEqual([['Quantized', null], ['Q1.14', null]]); // prettier-ignore
    expect(quantized?.step).toBe(1);
    expect(Buffer.from(await later.fix.bytes()).equals(Buffer.from(bytes))).toBe(true);
    expect(later.ran).toEqual([CHOICE]);

    const without = new Bench(undefined, undefined, later.kept);
    without.fix.offer('digits-float.tflite', [SYNTHETIC], false);
    without.fix.restore(CHOICE);
    const failed = await without.idle();
    expect(failed.job).toEqual({ status: 'failed', message: 'This calibration data is no longer there. Choose other data.' });
    expect(failed.former).not.toBe(null);
    const other = new Bench(undefined, undefined, { history: { ...later.kept.history!, sourceBytes: 1 } });
    other.fix.restore(CHOICE);
    const message = 'The float model has changed since: it had 1 bytes, and has 248948. Quantize it anew.';
    expect((await other.idle()).job).toEqual({ status: 'failed', message });
    // Of another float model nothing is offered.
    without.fix.offer('other.tflite', [SYNTHETIC], false);
    expect(without.state.former).toBe(null);
  });

  it('takes a change without calibrating again, undoes it from what is known, and forgets what was undone with the next', async () => {
    await bench.quantize();
    await bench.run();
    const first = bench.state.quantized!.steps[0]!;
    bench.fix.apply({ ...CHOICE, recipe: { ...PLAIN_RECIPE, lstms: { 'lstm0/output': { cellExponent: 1 } } }, label: 'Q1.14' });
    await bench.idle();
    await bench.run();
    const { steps, step } = bench.state.quantized!;
    expect([steps.length, step, bench.calibrations]).toEqual([2, 1, 1]);
    expect(steps[1]!.effect!.sqnrDb!).toBeLessThan(first.effect!.sqnrDb! - 3);
    const changed = await bench.fix.bytes();

    bench.fix.goTo({ ...CHOICE, step: 0 });
    await bench.idle();
    expect(bench.state.quantized).toMatchObject({ step: 0, steps: [first, steps[1]] });
    // Its report is still known.
    expect([bench.ran, bench.face.report?.samples]).toEqual([[], 2]);
    expect(Buffer.from(await bench.fix.bytes()).equals(Buffer.from(changed))).toBe(false);
    expect(bench.fix.recipe).toEqual(PLAIN_RECIPE);

    bench.fix.apply({ ...CHOICE, recipe: { ...PLAIN_RECIPE, observer: 'mse' }, label: 'mse' });
    expect((await bench.idle()).quantized?.steps.map(({ label }) => label)).toEqual(['Quantized', 'mse']);
  });

  it('calibrates anew for other states, and begins a new history', async () => {
    await bench.quantize();
    const { quantized } = await bench.quantize({ ...PLAIN_RECIPE, observer: 'mse' });
    expect([quantized?.steps.length, bench.calibrations]).toEqual([2, 1]);
    const again = await bench.quantize({ ...PLAIN_RECIPE, state: 'as-tflite' });
    expect([again.quantized?.steps.length, bench.calibrations]).toEqual([1, 2]);
  });

  it('takes hybrid as a step that needs no ranges, and goes back to those that are there', async () => {
    await bench.quantize();
    const { quantized } = await bench.quantize({ ...PLAIN_RECIPE, scheme: 'hybrid' });
    expect([quantized?.step, bench.face.overview.scheme, quantized?.calibration.label]).toEqual([1, 'hybrid', 'calibration.npz']);
    bench.fix.goTo({ ...CHOICE, step: 0 });
    await bench.idle();
    expect([bench.face.overview.scheme, bench.calibrations]).toEqual(['int8', 1]);
    bench = new Bench();
    await bench.quantize({ ...PLAIN_RECIPE, scheme: 'hybrid' });
    const int8 = await bench.quantize();
    expect(int8.quantized).toMatchObject({ step: 0, calibration: { samples: 30 } });
  });

  it('tries recipes without applying them', async () => {
    await bench.quantize();
    const recipes = [
      { id: 'mse', recipe: { ...PLAIN_RECIPE, observer: 'mse' as const } },
      { id: 'wrong', recipe: { ...PLAIN_RECIPE, keepFloat: ['nothing'] } },
    ];
    bench.fix.tryOut({ ...CHOICE, recipes });
    const { quantized } = await bench.idle();
    expect(quantized?.tried).toMatchObject([
      { id: 'mse', effect: { samples: 2, complete: true } },
      { id: 'wrong', effect: null, reason: expect.stringContaining('nothing') as string },
    ]);
    expect(quantized?.steps).toHaveLength(1);
    bench.fix.apply({ ...CHOICE, recipe: recipes[0]!.recipe, label: 'mse' });
    expect((await bench.idle()).quantized?.tried).toEqual([]);
  });

  it('leads to the file and back', async () => {
    const before = bench.face;
    await bench.quantize();
    const quantized = bench.face;
    bench.fix.showQuantized(false);
    expect([bench.face, bench.fix.shownSession]).toEqual([before, 'model']);
    bench.fix.showQuantized(true);
    expect([bench.face, bench.fix.shownSession]).toEqual([quantized, 'quantized']);
  });
});

describe('what goes wrong', () => {
  it('is said in place, and leaves what was there', async () => {
    await bench.quantize();
    bench.fix.apply({ ...CHOICE, recipe: { ...PLAIN_RECIPE, tensors: { nowhere: { bits: 16 } } }, label: '?' });
    const state = await bench.idle();
    expect(state.job).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('no tensor named "nowhere"') as string,
    });
    expect(state.quantized?.steps).toHaveLength(1);
    bench.fix.start({ ...CHOICE, calibrationId: 'gone', recipe: PLAIN_RECIPE, label: '' });
    expect((await bench.idle()).job).toMatchObject({ message: 'This calibration data is no longer there. Choose other data.' });
  });

  it('one thing at a time', async () => {
    const first = bench.quantize();
    expect(() => bench.fix.start({ ...CHOICE, calibrationId: 'calibration', recipe: PLAIN_RECIPE, label: '' })).toThrow(
      'under way',
    );
    await first;
  });

  it('a cancel leaves nothing behind, and says nothing', async () => {
    const running = bench.quantize();
    setTimeout(() => bench.fix.cancel(), 30);
    expect(await running).toMatchObject({ job: { status: 'idle' }, quantized: null });
    expect(bench.fix.cancel()).toBe(false);
  });

  it('data that is random, or few, is told of', async () => {
    bench.fix.start({ ...CHOICE, calibrationId: 'synthetic', recipe: PLAIN_RECIPE, label: '' });
    const { quantized } = await bench.idle();
    expect(quantized?.calibration.notes[0]).toContain('random');
  });

  it('without a float model there is nothing to start from', async () => {
    bench = new Bench('digits-int8.tflite', null);
    expect((await bench.quantize()).job).toMatchObject({ message: 'There is no float model to quantize.' });
  });

  it('forgets all of it with the file', async () => {
    await bench.quantize();
    bench.fix.forget();
    expect(bench.state).toMatchObject({ quantized: null, job: { status: 'idle' } });
    expect(() => bench.fix.goTo({ ...CHOICE, step: 0 })).toThrow('Nothing was quantized yet.');
  });
});

describe('a quantized model with a float partner', () => {
  it('starts from the partner, beside what the file itself is worth', async () => {
    bench = new Bench('digits-int8-miscalibrated.tflite', { file: join(SAMPLES, 'digits-float.tflite') });
    bench.face = { ...bench.face, report: await bench.sessions.run('model', sampleRun('file'), () => undefined) };
    const { quantized } = await bench.quantize();
    expect(quantized?.file?.task).toMatchObject({ errors: 11, total: 34 });
    await bench.run();
    expect(bench.state.quantized?.steps[0]?.effect?.task?.errors).toBe(0);
  });
});
