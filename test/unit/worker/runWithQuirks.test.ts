import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RunRequest } from '../../../worker/api';
import { Sessions } from '../../../worker/session';
import { describeShared } from '../../shared';

describeShared('a run with a quirk switched', (shared) => {
  const folder = `${shared}/golden/lstm16/lstm-ln-proj-peep-odd-batch2`;
  const named = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(`${folder}/${name}`)) });
  const sessions = new Sessions();
  sessions.open('m', named('int8.tflite'));
  const request = (quirks?: RunRequest['quirks']): RunRequest => ({
    runId: 'r',
    persona: 'tflite',
    state: 'reset',
    inputs: [named('x_int8.npy')],
    dataLabel: 'x_int8.npy',
    floatModel: null,
    labels: null,
    ...(quirks === undefined ? {} : { quirks }),
  });
  const run = (quirks?: RunRequest['quirks']) => sessions.run('m', request(quirks), () => undefined);

  it('computes, tells and exports what it was made with', async () => {
    const [as, without] = [await run(), await run({ 'peephole-width': false })];
    // The runtime's own decision is no switch.
    const same = await run({ 'peephole-width': true });
    expect(as.quirks).toBe(undefined);
    expect(same.layers).toEqual(as.layers);
    expect(without.quirks).toEqual({ 'peephole-width': false });
    const db = [as, without].map(({ layers }) => layers[0]!.accumulated!.sqnrDb!);
    const job = {
      ...request(),
      other: null,
      personaB: 'tflite',
      quirksB: { 'peephole-width': false },
      filesOnly: false,
    } as const;
    const { run: compared } = await sessions.compare('m', job, () => undefined);
    const output = compared!.layers[0]!.signals.at(-1)!;
    expect(db.map((one) => one.toFixed(3))).toEqual([output.sqnrDbA!, output.sqnrDbB!].map((one) => one.toFixed(3)));
    expect(db[1]! - db[0]!).toBeGreaterThan(10);
    const html = sessions.exportReport(without, 'html');
    expect(html).toContain('TFLite, peephole quirk off');
    expect(sessions.exportReport(as, 'html')).not.toContain('peephole quirk');
    expect(JSON.parse(sessions.exportReport(without, 'json'))).toMatchObject({ quirks: { 'peephole-width': false } });
  });

  it('has details of the same arithmetic', async () => {
    const detail = async (quirks?: RunRequest['quirks']) => {
      await run(quirks);
      const question = {
        op: 0,
        signal: 'o_in',
        samples: [0],
        steps: null,
        units: null,
        filter: null,
        series: { mostPoints: 64 },
      } as const;
      const { series } = await sessions.signalDetail('m', 'd', question);
      return Array.from(series!.rmse);
    };
    const [as, without] = [await detail(), await detail({ 'peephole-width': false })];
    expect(as[0]).toBeGreaterThan(10 * without[0]!);
  });
});
