import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '../../../worker/api';
import { writeNpy } from '../../../worker/core/data/npy';
import { POOL_THREAD } from '../../../worker/pool/threadApi';
import { Sessions } from '../../../worker/session';
import { runCommand } from '../cli/command';
import { onnxModel } from '../formats/onnxLstmModel';
import { bundle, type Bundle } from '../worker/bundle';

/** y = relu(x w), quantized and back; z is what nobody computes. */
const model = onnxModel({
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], outputs: ['m'] },
    { op: 'Relu', inputs: ['m'], outputs: ['r'] },
    { op: 'QuantizeLinear', inputs: ['r', 'scale', 'zero'], outputs: ['q'] },
    { op: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['y'] },
    { op: 'Nonsense', inputs: ['y'], outputs: ['n'] },
    { op: 'Neg', inputs: ['n'], outputs: ['z'] },
  ],
  constants: {
    w: { shape: [4, 3], values: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
    scale: { shape: [], values: Float32Array.of(0.02) },
    zero: { shape: [], values: Int8Array.of(-128) },
  },
  inputs: { x: 'float32' },
  shapes: { x: [-1, 4] },
  outputs: ['y', 'z'],
});
const SAMPLES = 24;
const data = writeNpy({
  dtype: 'float32',
  shape: [SAMPLES, 2, 4],
  data: Float32Array.from({ length: SAMPLES * 8 }, (_, i) => Math.cos(i * i)),
});
const REQUEST: RunRequest = {
  runId: 'run',
  persona: 'tflite',
  state: 'reset',
  inputs: [{ name: 'x.npy', bytes: data }],
  dataLabel: 'x.npy',
  floatModel: null,
  labels: null,
};

describe('models that ONNX Runtime has a part in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-onnx-'));
  let worker: Bundle;
  let command: Bundle;
  beforeAll(async () => {
    [worker, command] = await Promise.all([bundle('worker/main.ts'), bundle('worker/cli.ts')]);
    writeFileSync(join(folder, 'x.onnx'), model);
    writeFileSync(join(folder, 'x.npy'), data);
  });
  afterAll(() => {
    worker.remove();
    command.remove();
    rmSync(folder, { recursive: true });
  });

  const report = async (pool: ConstructorParameters<typeof Sessions>[0] = null) => {
    const sessions = new Sessions(pool);
    sessions.open('model', { name: 'x.onnx', bytes: model });
    const done = await sessions.run('model', REQUEST, () => undefined);
    sessions.close('model');
    return done;
  };

  it('are reported as all others, and who computed what', async () => {
    const alone = await report();
    expect(alone.foreign?.map(({ op, runtime }) => `${op} ${runtime ?? 'nobody'}`)).toEqual(
      expect.arrayContaining(['MatMul ONNX Runtime', 'Relu ONNX Runtime', 'Nonsense nobody', 'Neg nobody']),
    );
    expect(alone.foreign?.find(({ op }) => op === 'Neg')?.reason).toBe('needs n, which op 4 Nonsense would compute');
    expect(alone.layers[0]?.signals[0]?.values).toBe(SAMPLES * 6);
    let threads = 0;
    const spawn = () => (threads++, new Worker(worker.program, { workerData: POOL_THREAD }));
    expect(await report({ spawn, jobs: 2, atOnce: true })).toEqual(alone);
    expect(threads).toBe(1);
  });

  it('run on the command line, which ends when it is done', async () => {
    const at = (name: string) => join(folder, name);
    const { status, stdout, stderr } = await runCommand(command.program, ['run', at('x.onnx'), '--input', at('x.npy')]);
    expect(stderr).not.toContain('onnxruntime');
    expect(stdout).toContain('ONNX Runtime computes op 0 MatMul, op 1 Relu');
    expect(stdout).toContain('not computed: op 4 Nonsense: ONNX Runtime: No Op registered for Nonsense');
    expect(status).toBe(0);
  });
});
