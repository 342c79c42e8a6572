import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { registerMap } from '../../../worker/cli/map';
import { TARGET_NAMES } from '../../../worker/core/targets/mapTargets';
import type { TargetPlacement } from '../../../worker/core/targets/verdict';

const MODEL = resolve(import.meta.dirname, '../../../samples/digits-int8.tflite');

afterEach(() => vi.restoreAllMocks());

async function map(...parameters: readonly string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerMap(program);
  await program.parseAsync(['map', ...parameters], { from: 'user' });
  return written.join('');
}

describe('gatescope map', () => {
  it('prints every target as JSON', async () => {
    const { schema, targets } = JSON.parse(await map(MODEL, '--json')) as {
      schema: string;
      targets: Record<string, TargetPlacement>;
    };
    expect(schema).toBe('gatescope.map/1');
    expect(Object.keys(targets)).toEqual([...TARGET_NAMES]);
    const rejecting = Object.entries(targets).flatMap(([name, { result }]) => (result === 'rejected' ? [name] : []));
    expect(rejecting).toEqual(['tflm', 'cmsis-nn', 'esp-nn', 'esp-dl', 'ort-cpu', 'ort-qnn']);
    expect(targets.nnapi?.result).toBe('unverified');
    expect(targets['ethos-u55']?.ops.map(({ verdict }) => verdict)).toEqual(['fallback', 'fallback', 'fallback']);
  });

  it('prints the targets asked for, with the rule that decided, the value seen, the message and the change', async () => {
    const text = await map(MODEL, '--target', 'tflm', 'tflite-cpu');
    expect(text).toContain('tflm (8f6596d): rejected · 3 rejected');
    expect(text).toContain(
      '0, 1 UNIDIRECTIONAL_SEQUENCE_LSTM: rejected. no projection (seen: operand 16 is there). The model does not load. Change: Train',
    );
    expect(text).toContain('tflite-cpu (LiteRT 2.3.0): runs · 3 native');
    expect(text).not.toContain('ethos');
  });

  it('prints operators against targets, and what each target takes', async () => {
    const lines = (await map(MODEL, '--target', 'tflite-cpu', 'tflm', 'nnapi')).split('\n');
    expect(lines.slice(3, 6)).toEqual([
      '  #       operator                         1  2  3',
      '  0 to 1  UNIDIRECTIONAL_SEQUENCE_LSTM x2  +  x  ?',
      '  2       FULLY_CONNECTED                  +  .  ~',
    ]);
    expect(lines.find((line) => line.includes(' nnapi '))).toMatch(/LiteRT f674577 +unverified +1 of 3 +\d/);
  });

  it('maps to variants and to targets of the user', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'targets-'));
    const file = join(folder, 'mine.json');
    const rules = [
      { rule: 'one LSTM', operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'], require: { version: 9 }, verdict: 'fallback' },
    ];
    const head = { schema: 'gatescope.target/1', name: 'mine', version: '1', source: 'Manual' };
    await writeFile(file, JSON.stringify({ ...head, rules }));
    const { targets } = JSON.parse(await map(MODEL, '--target-file', file, '--target', 'mine', 'cmsis-nn:mve', '--json')) as {
      targets: Record<string, TargetPlacement>;
    };
    expect(Object.keys(targets)).toEqual(['mine', 'cmsis-nn:mve']);
    expect(targets.mine?.ops.map(({ verdict }) => verdict)).toEqual(['fallback', 'fallback', 'native']);
    expect(targets.mine?.summary?.macs.onTarget).toBeGreaterThan(0);
    await writeFile(file, JSON.stringify({ ...head, rules: 1 }));
    await expect(map(MODEL, '--target-file', file)).rejects.toThrow(
      /^mine\.json: \$\.rules is the number 1; allowed: a list of rules$/,
    );
    await rm(folder, { recursive: true });
  });

  it('names the targets there are when asked for another', async () => {
    await expect(map(MODEL, '--target', 'abacus')).rejects.toThrow(/Known targets: tflite-cpu, xnnpack/);
  });
});
