import { describe, expect, it } from 'vitest';
import { ModelTargets } from '../../../extension/modelTargets';
import type { MappedState } from '../../../extension/protocol/targets';
import type { WorkerApi } from '../../../worker/api';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { replyTo } from '../../../worker/reply';
import { Sessions } from '../../../worker/session';
import { initialState, reduce } from '../../../webview/state';
import { EDGE_TPU } from '../targetLogs/logs';
import { sampleOverview } from '../webview/overviewFixture';
import { openState } from '../webview/testHost';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { memoryFiles } from './memoryFiles';

const MODEL = 'digits-int8.tflite';
const npu = (name: string) =>
  JSON.stringify({
    schema: 'gatescope.target/1',
    name,
    version: '1',
    source: 'manual',
    operators: ['FULLY_CONNECTED'],
    rules: [],
  });

/** The targets of a sample, with a worker's sessions on this thread. */
function start(content: Readonly<Record<string, string>>) {
  const sessions = new Sessions();
  const bytes = new Uint8Array(readFileSync(join(resolve(import.meta.dirname, '../../../samples'), MODEL)));
  const overview = sessions.open('model', { name: MODEL, bytes });
  const api = {
    targets: (...call: Parameters<WorkerApi['targets']>) => replyTo(() => sessions.targets(...call)),
    targetLog: (...call: Parameters<WorkerApi['targetLog']>) => replyTo(() => sessions.targetLog(...call)),
  } as WorkerApi;
  const seen: (MappedState | null)[] = [];
  const own: string[] = Object.keys(content).flatMap((name) => (name.endsWith('.json') ? [`mem:/${name}`] : []));
  const targets = new ModelTargets({
    files: memoryFiles(content),
    session: () => 'model',
    call: async (ask) => {
      const reply = await ask(api);
      if (!reply.ok) throw new Error(reply.error.message);
      return reply.value;
    },
    ownTargets: () => own,
    update: (mapped) => seen.push(mapped),
    log: (message) => {
      throw new Error(message);
    },
  });
  return { targets, overview, seen, own };
}

const namesOf = (mapped: MappedState | null | undefined) => mapped?.targets.targets.map(({ name }) => name) ?? [];

describe('targets of the model on show', () => {
  it('follow the model, and what the user adds', async () => {
    const { targets, overview, seen, own } = start({ 'a.json': npu('npu-a') });
    expect(overview.targets).toEqual({});
    targets.follow(overview);
    await targets.refresh();
    expect(seen[0]).toBe(null);
    expect(namesOf(seen.at(-1)).at(-1)).toBe('npu-a');
    targets.follow(overview);
    const before = seen.length;
    own.length = 0;
    await targets.refresh();
    expect(seen.length).toBe(before + 1);
    expect(namesOf(seen.at(-1))).not.toContain('npu-a');
  });

  it('name each file that is of no use, and what is wrong in it', async () => {
    const { targets, overview, seen, own } = start({ 'a.json': npu('npu a'), 'b.json': '{' });
    own.push('mem:/none.json');
    targets.follow(overview);
    await targets.refresh();
    expect(targets.problems.map(({ uri }) => uri)).toEqual(['mem:/none.json', 'mem:/a.json', 'mem:/b.json']);
    expect(seen.at(-1)?.problems[1]).toBe('a.json: $.name is "npu a"; allowed: letters, digits and -, at most 64.');
    expect(seen.at(-1)?.problems[0]).toMatch(/^none\.json: \$ cannot be read/);
  });

  it('keep an imported log until it is dropped; one that cannot be read changes nothing', async () => {
    const { targets, overview, seen } = start({ 'x.log': EDGE_TPU, 'y.log': 'nothing' });
    targets.follow(overview);
    await targets.refresh();
    await targets.importLog('mem:/x.log');
    await expect(targets.importLog('mem:/y.log')).rejects.toThrow(/no log of a known kind/);
    await targets.refresh();
    expect(seen.at(-1)?.log).toMatchObject({ fileName: 'x.log', kind: 'edge-tpu-compiler' });
    targets.dropLog();
    expect(seen.at(-1)?.log).toBe(null);
  });
});

describe('the page', () => {
  it('has the map in the overview, over later states, and none of another file', async () => {
    const { targets, overview, seen } = start({});
    targets.follow(overview);
    await targets.refresh();
    const host = openState(overview);
    const mapped = seen.at(-1) ?? null;
    const shown = [{ type: 'host', state: host } as const, { type: 'targets', mapped } as const, { type: 'host', state: host } as const]; // prettier-ignore
    const state = shown.reduce(reduce, initialState(null));
    expect(targetsOf(state.host)).toEqual(sampleOverview(MODEL).targets);
    const other = openState({ ...overview, ops: overview.ops.slice(1) });
    expect(targetsOf(reduce(state, { type: 'host', state: other }).host)).toEqual({});
    expect(targetsOf(reduce(state, { type: 'targets', mapped: null }).host)).toEqual({});
  });
});

function targetsOf(host: ReturnType<typeof openState> | null): ModelOverview['targets'] | null {
  return host?.model.status === 'open' ? host.model.overview.targets : null;
}
