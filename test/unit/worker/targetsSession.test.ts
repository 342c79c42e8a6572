import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mapTargets } from '../../../worker/core/targets/mapTargets';
import { unpackTargets } from '../../../worker/core/targets/packedTargets';
import { readModel } from '../../../worker/core/formats/readModel';
import { replyTo } from '../../../worker/reply';
import { Sessions } from '../../../worker/session';
import { EDGE_TPU } from '../targetLogs/logs';

const BYTES = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/digits-int8.tflite')));
const file = (name: string, value: unknown) => ({
  name,
  bytes: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
});
const NPU = {
  schema: 'gatescope.target/1',
  name: 'my-npu',
  version: '1',
  source: 'manual',
  operators: ['FULLY_CONNECTED'],
  rules: [],
};

function opened(): Sessions {
  const sessions = new Sessions();
  sessions.open('a', { name: 'digits-int8.tflite', bytes: BYTES.slice() });
  return sessions;
}

describe('targets of an open model', () => {
  it('come when they are asked for, with a user’s own', async () => {
    const sessions = opened();
    const { targets, problems } = await sessions.targets('a', [file('x/npu.json', NPU)]);
    const { 'my-npu': own, ...builtIn } = unpackTargets(targets);
    expect(builtIn).toEqual(mapTargets(readModel({ name: 'digits-int8.tflite', bytes: BYTES })));
    expect(own?.ops.map(({ verdict }) => verdict)).toEqual(['fallback', 'fallback', 'native']);
    expect(problems).toEqual([]);
    // The next call without the file forgets it.
    expect((await sessions.targets('a', [])).targets.targets.map(({ name }) => name)).not.toContain('my-npu');
  });

  it('leave out a file that cannot be used, and say where it is wrong', async () => {
    const files = [file('good.json', NPU), file('again.json', NPU), file('bad.json', { ...NPU, name: 'b', rules: [{}] })];
    const { targets, problems } = await opened().targets('a', files);
    expect(targets.targets.at(-1)?.name).toBe('my-npu');
    expect(problems.map(({ place, problems: [first] }) => [place, first?.path])).toEqual([[1, '$.name'], [2, '$.rules[0].require']]); // prettier-ignore
  });

  it('have a log laid over them', async () => {
    const log = await opened().targetLog('a', file('a_edgetpu.log', EDGE_TPU));
    expect(log).toMatchObject({ fileName: 'a_edgetpu.log', kind: 'edge-tpu-compiler' });
    expect(log.overlays.map(({ target }) => target)).toEqual(['edge-tpu']);
    const damaged = await replyTo(() => opened().targetLog('a', file('a.log', 'nothing of interest')));
    expect(damaged).toMatchObject({ ok: false, error: { kind: 'data', code: 'LOG_UNKNOWN', file: 'a.log' } });
  });
});
