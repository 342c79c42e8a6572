import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packed } from '../../../extension/packed';
import { Host, HostError, parseMessage, TIMEOUT_MS } from '../../../webview/host';
import { TestWindow } from './testHost';

describe('Host', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('numbers its requests and settles each with its own answer, in any order', async () => {
    const window = new TestWindow();
    const host = new Host(window.api, window.source);
    const exported = host.request('exportReport', { format: 'html' });
    const copied = host.request('copyText', { text: 'x' });
    const [first, second] = window.requests;
    expect(first).toEqual({ kind: 'request', id: 1, name: 'exportReport', params: { format: 'html' } });
    expect(second?.id).toBe(2);
    window.send({ kind: 'response', id: 2, ok: true, result: null });
    window.send({ kind: 'response', id: 1, ok: true, result: '/tmp/report.html' });
    expect(await copied).toBe(null);
    expect(await exported).toBe('/tmp/report.html');
  });

  it('rejects with the text of the host', async () => {
    const window = new TestWindow();
    const asked = new Host(window.api, window.source).request('run', { dataId: 'a', persona: 'tflite', state: 'reset' });
    window.send({ kind: 'response', id: 1, ok: false, error: 'This data is no longer there.' });
    await expect(asked).rejects.toThrow(new HostError('run', 'This data is no longer there.'));
  });

  it('gives up on a silent host, and ignores its late answer', async () => {
    const window = new TestWindow();
    const asked = new Host(window.api, window.source).request('cancel', null);
    const outcome = expect(asked).rejects.toThrow('did not answer within 10 seconds');
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS.cancel ?? 0);
    await outcome;
    window.send({ kind: 'response', id: 1, ok: true, result: null });
  });

  it('waits for people as long as they take', async () => {
    const window = new TestWindow();
    let settled = false;
    const asked = new Host(window.api, window.source).request('chooseData', null).finally(() => {
      settled = true;
    });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(settled).toBe(false);
    window.answer(null);
    expect(await asked).toBe(null);
  });

  it('hands events to its listeners until they leave', () => {
    const window = new TestWindow();
    const host = new Host(window.api, window.source);
    const heard: string[] = [];
    const leave = host.onEvent((event) => heard.push(event.name));
    window.send({ kind: 'event', name: 'command', command: 'run' });
    leave();
    window.send({ kind: 'event', name: 'command', command: 'run' });
    expect(heard).toEqual(['command']);
  });
});

describe('parseMessage', () => {
  it.each([
    null,
    undefined,
    'text',
    {},
    { kind: 'response' },
    { kind: 'response', id: 1.5, ok: true },
    { kind: 'response', id: 1, ok: false },
    { kind: 'event', name: 'state' },
    { kind: 'packed', json: 'text' },
    { kind: 'packed', json: new TextEncoder().encode('{') },
    { kind: 'packed', json: new TextEncoder().encode('{}') },
    { kind: 'event', name: 'state', state: 7 },
    { kind: 'event', name: 'progress' },
    { kind: 'event', name: 'command', command: 3 },
    { kind: 'event', name: 'other' },
    { kind: 'request', id: 1, name: 'init', params: null },
  ])('takes no notice of %j', (data) => {
    expect(parseMessage(data)).toBe(null);
  });

  it('opens what was packed', () => {
    const event = { kind: 'event', name: 'state', state: { fileName: 'größer.tflite', report: null } } as const;
    expect(parseMessage(packed(event))).toEqual(event);
  });
});
