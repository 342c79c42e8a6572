import { afterEach, describe, expect, it } from 'vitest';
import { WorkerClient, WorkerDied } from '../../../extension/workerClient';
import { spawnTestWorker } from './testWorker';

const clients: WorkerClient[] = [];
function start(resourceLimits = {}) {
  const deaths: string[] = [];
  let spawned = 0;
  const client = new WorkerClient(
    () => {
      spawned++;
      return spawnTestWorker(resourceLimits);
    },
    (death) => deaths.push(death.message),
  );
  clients.push(client);
  const open = (name: string, limitMs?: number) =>
    client.call((api) => api.open('s', { name, bytes: new TextEncoder().encode(name) }), limitMs);
  return { client, open, deaths, spawned: () => spawned };
}

afterEach(() => clients.splice(0).forEach((client) => client.kill('test over')));

describe('the worker thread', () => {
  it('starts with the first call and stays for the next', async () => {
    const { open, spawned } = start();
    expect(spawned()).toBe(0);
    expect(await open('a')).toMatchObject({ ok: true, value: { fileName: 'a', opens: 1 } });
    expect(await open('b')).toMatchObject({ ok: true, value: { fileName: 'b', opens: 2 } });
    expect(spawned()).toBe(1);
  });

  it.each([
    ['exit', 'The worker ended with code 3.'],
    ['throw', 'The worker failed: boom'],
  ])('rejects calls and tells when it dies: %s', async (name, message) => {
    const { open, deaths } = start();
    const calls = [open(name), open(name)];
    for (const call of calls) await expect(call).rejects.toThrow(new WorkerDied(message));
    expect(deaths).toEqual([message]);
  });

  it('has bounded memory', async () => {
    const { open, deaths } = start({ maxOldGenerationSizeMb: 32 });
    await expect(open('memory')).rejects.toThrow('The worker ran out of memory.');
    expect(deaths).toEqual(['The worker ran out of memory.']);
  });

  it('starts anew after a death', async () => {
    const { open, spawned } = start();
    await expect(open('exit')).rejects.toThrow(WorkerDied);
    expect(await open('again')).toMatchObject({ ok: true, value: { opens: 1 } });
    expect(spawned()).toBe(2);
  });

  it('ends an endless loop when a call takes longer than its limit', async () => {
    const { open, deaths } = start();
    await expect(open('hang', 50)).rejects.toThrow('The worker gave no answer within 0 s.');
    expect(deaths).toHaveLength(1);
    expect(await open('again')).toMatchObject({ ok: true });
  });

  it('can be killed inside an endless loop, without a report of death', async () => {
    const { client, open, deaths } = start();
    const hanging = open('hang');
    client.kill('closed');
    await expect(hanging).rejects.toThrow(new WorkerDied('closed'));
    expect(await open('again')).toMatchObject({ ok: true });
    expect(deaths).toEqual([]);
  });

  it('says what a call that threw said', async () => {
    const { client } = start();
    await expect(client.call((api) => api.exportReport(null as never, 'html'))).resolves.toMatchObject({ ok: false });
    await expect(client.call(() => Promise.reject(new Error('not sent')))).rejects.toThrow('not sent');
  });
});
