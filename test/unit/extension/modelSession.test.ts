import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DataPick } from '../../../extension/dataDiscovery';
import { ModelSession } from '../../../extension/modelSession';
import type { InspectorState, Progress, RunChoice } from '../../../extension/protocol/messages';
import type { ReportStore } from '../../../extension/sessionOptions';
import type { Report } from '../../../worker/core/report/report';
import { memoryFiles } from './memoryFiles';
import { spawnTestWorker } from './testWorker';

const sessions: ModelSession[] = [];
afterEach(() => sessions.splice(0).forEach((session) => session.dispose()));

function start(
  content: Readonly<Record<string, string>>,
  { model = 'net.tflite', stored = null as Report | null, picks = [] as readonly DataPick[], canSave = true, stands = {} } = {},
) {
  const files = memoryFiles(Object.fromEntries(Object.entries(content).map(([name, value]) => [`m/${name}`, value])));
  const saved: Report[] = [];
  const log: string[] = [];
  const reports: ReportStore = {
    find: () => Promise.resolve(stored),
    save: (report) => (canSave ? Promise.resolve(void saved.push(report)) : Promise.reject(new Error('disk full'))),
  };
  let kept: readonly DataPick[] = picks;
  let assumed: Readonly<Record<string, number>> = stands;
  let spawned = 0;
  let listeners: (() => void)[] = [];
  const tell = () => listeners.splice(0).forEach((listener) => listener());
  const states: InspectorState[] = [];
  const progress: Progress[] = [];
  const session = new ModelSession({
    model: `mem:/m/${model}`,
    files,
    reports,
    picks: {
      load: () => kept,
      save: (list) => (kept = list),
      assumed: { load: () => assumed, save: (values) => (assumed = values) },
    },
    spawn: () => (spawned++, spawnTestWorker()),
    log: (message) => log.push(message),
    onState: (state) => {
      states.push(state);
      tell();
    },
    onProgress: (told) => {
      progress.push(told);
      tell();
    },
    onFixProgress: () => undefined,
    limits: { cancelMs: 300, openMs: 1_000 },
  });
  sessions.push(session);
  /** Waits for a state in which `holds`. */
  const until = async (holds: (state: InspectorState) => boolean): Promise<InspectorState> => {
    while (!holds(session.state)) await new Promise<void>((resolve) => (listeners = [...listeners, resolve]));
    return session.state;
  };
  const choice = (index: number): RunChoice => ({ dataId: session.state.data[index]?.id ?? '', persona: 'tflm', state: 'carry' });
  return {
    session,
    files,
    saved,
    states,
    progress,
    until,
    choice,
    spawned: () => spawned,
    kept: () => kept,
    assumed: () => assumed,
    log,
  };
}

const idle = ({ run }: InspectorState) => run.status === 'idle';
const underWay = ({ run }: InspectorState) => run.status === 'running' && run.progress.total === 9;
const failed = ({ run }: InspectorState) => run.status === 'failed';

describe('what inputs are assumed to be', () => {
  const model = 'rate.onnx';

  it('is the reader’s own value until another one is chosen, which is kept and opens the other graph', async () => {
    const { session, assumed, until, choice, saved } = start({ [model]: 'one' }, { model });
    await session.open();
    expect(session.assumed).toEqual({ sr: 16000 });
    session.start(choice(0));
    await until(({ report }) => report !== null);
    expect(saved[0]?.model).toMatchObject({ assumed: { sr: 16000 } });
    await session.assume({ sr: 8000 });
    expect(session.assumed).toEqual({ sr: 8000 });
    expect(assumed()).toEqual({ sr: 8000 });
    expect(session.state.report).toBeNull();
  });

  it('shows a kept report only where it is about the same graph', async () => {
    const stored = { schema: 'gatescope.report/1', model: { assumed: { sr: 8000 } } } as unknown as Report;
    const { session } = start({ [model]: 'one' }, { model, stored });
    await session.open();
    expect(session.state.report).toBeNull();
    await session.assume({ sr: 8000 });
    expect(session.state.report).toBe(stored);
  });

  it('is refused for an input that decides nothing, and the model opens as the reader takes it', async () => {
    const { session, assumed } = start({ [model]: 'one' }, { model });
    await session.open();
    await expect(session.assume({ x: 1 })).rejects.toThrow('x decides nothing');
    expect(session.state.model.status).toBe('open');
    expect(assumed()).toEqual({});
  });

  it('is dropped where the file has changed and the input decides nothing any more', async () => {
    const { session, assumed } = start({ [model]: 'one' }, { model, stands: { gone: 1 } });
    await session.open();
    expect(session.assumed).toEqual({ sr: 16000 });
    expect(assumed()).toEqual({});
  });
});

describe('opening', () => {
  it('shows the overview, the data beside the model and its float partner', async () => {
    const { session, states } = start(
      { 'net-int8.tflite': 'one', 'net-float.tflite': '', 'inputs/a.npy': '', 'audio/a.wav': '' },
      { model: 'net-int8.tflite' },
    );
    expect(session.state.model.status).toBe('opening');
    await session.open();
    expect(session.state).toMatchObject({
      fileName: 'net-int8.tflite',
      model: { status: 'open', overview: { description: 'one' } },
      floatPartner: 'net-float.tflite',
      run: { status: 'idle' },
      report: null,
    });
    // The wav folder does not fit an input of 120 features.
    expect(session.state.data.map((data) => data.label)).toEqual(['inputs/', 'Synthetic']);
    expect(states.at(-1)).toBe(session.state);
  });

  it('shows a stored report again', async () => {
    const stored = { schema: 'gatescope.report/1', model: {}, data: { label: 'inputs/' } } as Report;
    const { session } = start({ 'net.tflite': 'one' }, { stored });
    await session.open();
    expect(session.state.report).toBe(stored);
  });

  it('says what is wrong with a broken file, with its bytes', async () => {
    const { session } = start({ 'net.tflite': 'broken' });
    await session.open();
    expect(session.state.model).toEqual({
      status: 'broken',
      error: {
        code: 'BAD',
        message: 'bad',
        byteLength: 6,
        byteOffset: 4,
        limit: null,
        bytes: [...new TextEncoder().encode('broken')],
        bytesStart: 0,
      },
    });
  });

  it('says that a file cannot be read at all', async () => {
    const { session } = start({ 'other.tflite': '' });
    await session.open();
    expect(session.state.model).toMatchObject({ status: 'broken', error: { code: 'FILE_NOT_READ', byteLength: 0 } });
  });

  it.each(['exit.tflite', 'hang.tflite'])('says that the worker died, and can start again: %s', async (model) => {
    const { session, spawned } = start({ [model]: '' }, { model });
    await session.open();
    expect(session.state.model.status).toBe('dead');
    await session.open();
    expect(session.state.model.status).toBe('dead');
    expect(spawned()).toBe(2);
  });

  it('reads the file again when it changed, and drops the figures of its former bytes', async () => {
    const { session, files, until, choice } = start({ 'net.tflite': 'one' });
    await session.open();
    session.start(choice(0));
    await until(({ report }) => report !== null);
    files.put('mem:/m/net.tflite', 'two');
    await session.reload();
    expect(session.state).toMatchObject({ model: { status: 'open', overview: { description: 'two' } }, report: null });
    files.put('mem:/m/net.tflite', 'broken');
    await session.reload();
    expect(session.state.model.status).toBe('broken');
  });
});

describe('running', () => {
  it('hands over data, labels and float partner, and keeps the report', async () => {
    const { session, saved, until, choice } = start(
      { 'net_int8.tflite': 'one', 'net.tflite': '', 'inputs/quick.npy': 'q', 'inputs/b.npy': 'b', 'inputs/labels.json': '{}' },
      { model: 'net_int8.tflite' },
    );
    await session.open();
    session.start(choice(0));
    expect(session.state.run).toMatchObject({ status: 'running', progress: { done: 0, total: 2 } });
    await until(idle);
    expect(session.state.report).toMatchObject({
      complete: true,
      data: { label: 'inputs/', files: ['b.npy', 'quick.npy'] },
      floatModel: 'net.tflite',
      labels: 'labels.json',
      persona: 'tflm',
      state: 'carry',
    });
    expect(saved).toEqual([session.state.report]);
    expect(JSON.parse(await session.exportReport('json'))).toEqual(session.state.report);
    await expect(session.exportReport('html')).rejects.toThrow('cannot draw');
  });

  it('runs data that the user picked, and keeps the pick', async () => {
    const { session, until, kept } = start({ 'net.tflite': 'one', 'x/quick.npy': '', 'y/readme.md': '' });
    await session.open();
    const pick = { folder: 'mem:/m/x' };
    const choice = await session.pick(pick);
    expect(session.state.data.map((data) => data.label)).toEqual(['x/', 'Synthetic']);
    session.start({ dataId: choice.id, persona: 'tflite', state: 'reset' });
    await until(({ report }) => report?.data.label === 'x/');
    await session.pick({ files: ['mem:/m/x/quick.npy'] });
    await session.pick(pick);
    expect(session.state.data.map((data) => data.label)).toEqual(['x/', 'quick.npy', 'Synthetic']);
    await expect(session.pick({ folder: 'mem:/m/y' })).rejects.toThrow('There is no .npy');
    expect(kept()).toEqual([pick, { files: ['mem:/m/x/quick.npy'] }]);

    const later = start({ 'net.tflite': 'one', 'x/quick.npy': '' }, { picks: kept() });
    await later.session.open();
    expect(later.session.state.data).toEqual(session.state.data);
  });

  it('passes progress on and ends a cancelled run with the samples done', async () => {
    const { session, until, choice, spawned } = start({ 'net.tflite': 'one', 'inputs/slow.npy': '' });
    await session.open();
    session.start(choice(0));
    await until(underWay);
    session.start(choice(0));
    session.cancel();
    await until(idle);
    expect(session.state.report).toMatchObject({ complete: false });
    expect(spawned()).toBe(1);
  });

  it('keeps all finished samples in its state, of which each event told the new ones', async () => {
    const { session, until, choice, progress } = start({ 'net.tflite': 'one', 'inputs/told.npy': '' });
    await session.open();
    session.start(choice(0));
    await until(({ run }) => run.status === 'running' && run.progress.sample === 'told.npy');
    const names = (finished: readonly { readonly name: string }[]) => finished.map(({ name }) => name);
    expect(progress.map(({ finished }) => names(finished))).toEqual([['u1'], ['u2'], []]);
    expect(session.state.run.status === 'running' && names(session.state.run.progress.finished)).toEqual(['u1', 'u2']);
    session.cancel();
    await until(idle);
  });

  it('ends at once when it is cancelled while data is read', async () => {
    const { session, files, until, choice, spawned } = start({ 'net.tflite': 'one', 'inputs/slow.npy': '' });
    await session.open();
    let arrive = (_: Uint8Array<ArrayBuffer>) => {};
    vi.spyOn(files, 'read').mockImplementationOnce(() => new Promise((resolve) => (arrive = resolve)));
    session.start(choice(0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    session.cancel();
    expect(session.state.run).toEqual({ status: 'idle' });
    session.start(choice(1));
    arrive(new Uint8Array(3));
    await until(({ report }) => report !== null);
    expect(session.state).toMatchObject({ run: { status: 'idle' }, report: { data: { synthetic: true } } });
    expect(spawned()).toBe(1);
  });

  it('shows a report that cannot be kept', async () => {
    const { session, until, choice, log } = start({ 'net.tflite': 'one' }, { canSave: false });
    await session.open();
    session.start(choice(0));
    await until(({ report }) => report !== null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(session.state.run).toEqual({ status: 'idle' });
    expect(log).toEqual(['The report of net.tflite was not kept: disk full']);
  });

  it('replaces a worker that does not stop, and stays usable', async () => {
    const { session, until, choice, spawned } = start({ 'net.tflite': 'one', 'inputs/stubborn.npy': '' });
    await session.open();
    session.start(choice(0));
    await until(underWay);
    session.cancel();
    const state = await until(failed);
    expect(state.run).toEqual({
      status: 'failed',
      message: 'The run did not stop when it was cancelled, so its worker was replaced.',
    });
    session.start(choice(1));
    await until(({ report }) => report !== null);
    expect(spawned()).toBe(2);
    expect(session.state.model.status).toBe('open');
  });

  it('says that the worker died in a run, and opens the model again', async () => {
    const { session, until, choice } = start({ 'net.tflite': 'one', 'inputs/crash.npy': '' });
    await session.open();
    session.start(choice(0));
    const state = await until(failed);
    expect(state.model).toEqual({ status: 'dead', message: 'The worker ended with code 4.' });
    expect(() => session.start(choice(1))).toThrow('There is no open model');
    await session.reload();
    expect(session.state).toMatchObject({ model: { status: 'open' }, run: { status: 'idle' } });
  });

  it('says which file the worker refused', async () => {
    const { session, until, choice } = start({ 'net.tflite': 'one', 'inputs/refused.npy': '' });
    await session.open();
    session.start(choice(0));
    expect((await until(failed)).run).toEqual({ status: 'failed', message: 'refused.npy: does not fit (at byte 8)' });
  });

  it('refuses data that is no longer there', async () => {
    const { session, choice } = start({ 'net.tflite': 'one' });
    await session.open();
    expect(() => session.start({ ...choice(0), dataId: 'gone' })).toThrow('This data is no longer there.');
    expect(session.state.run.status).toBe('idle');
  });

  it('drops the figures of a file that changed during the run', async () => {
    const { session, files, until, choice } = start({ 'net.tflite': 'one', 'inputs/slow.npy': '' });
    await session.open();
    session.start(choice(0));
    await until(underWay);
    files.put('mem:/m/net.tflite', 'two');
    await session.reload();
    await until(idle);
    expect(session.state).toMatchObject({ model: { status: 'open', overview: { description: 'two' } }, report: null });
  });
});
