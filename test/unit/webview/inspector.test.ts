import { beforeEach, describe, expect, it } from 'vitest';
import type { Inspector } from '../../../webview/inspector';
import type { Store } from '../../../webview/state';
import { actOnKey, type KeyPress } from '../../../webview/views/shell/keys';
import { sampleOverview } from './overviewFixture';
import { inspectorOn, openState, TestWindow } from './testHost';

const overview = sampleOverview();
const running = { status: 'running', progress: { done: 0, total: 8, sample: 'u0', finished: [] } } as const;

let window: TestWindow;
let inspector: Inspector;
let store: Store;
beforeEach(async () => {
  window = new TestWindow();
  ({ inspector, store } = inspectorOn(window));
  const started = inspector.start();
  window.answer(openState(overview));
  await started;
});

const press = (key: string, more: Partial<KeyPress> = {}, typing = false) =>
  actOnKey(inspector, { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }, typing);

describe('Inspector', () => {
  it('runs the data found beside the model with the chosen persona and states', () => {
    inspector.view({ persona: 'tflm', states: 'carry' });
    void inspector.run();
    expect(window.last).toMatchObject({ name: 'run', params: { dataId: 'folder:inputs', persona: 'tflm', state: 'carry' } });
  });

  it('remembers data that was run by name', () => {
    void inspector.run('synthetic');
    expect(window.last).toMatchObject({ name: 'run', params: { dataId: 'synthetic' } });
    expect(store.state.view.dataId).toBe('synthetic');
  });

  it('does not start a second run, nor cancel none', () => {
    const asked = window.requests.length;
    void inspector.cancel();
    window.send({ kind: 'event', name: 'state', state: { ...openState(overview), run: running } });
    void inspector.run();
    expect(window.requests.length).toBe(asked);
    void inspector.cancel();
    expect(window.last.name).toBe('cancel');
  });

  it('follows commands of the palette', () => {
    window.send({ kind: 'event', name: 'command', command: 'showLayers' });
    expect(store.state.view.tab).toBe('layers');
    window.send({ kind: 'event', name: 'command', command: 'chooseData' });
    expect(window.last.name).toBe('chooseData');
  });

  it('chooses what was picked, and nothing when the dialog was left', async () => {
    const left = inspector.chooseData();
    window.answer(null);
    await left;
    expect(store.state.view.dataId).toBe(null);
    const picked = inspector.chooseData();
    window.answer({ id: 'file:a.npy', label: 'a.npy', detail: '1 kB', synthetic: false });
    await picked;
    expect(store.state.view.dataId).toBe('file:a.npy');
  });

  it('leaves it to the editor to say where a report was saved, and says why one was not', async () => {
    const saved = inspector.exportReport('json');
    expect(store.state.exporting).toBe(true);
    window.answer('/tmp/report.json');
    await saved;
    expect(store.state).toMatchObject({ exporting: false, notice: null });
    const refused = inspector.exportReport('html');
    window.send({ kind: 'response', id: window.last.id, ok: false, error: 'There is no report yet. Run first.' });
    await refused;
    expect(store.state).toMatchObject({
      exporting: false,
      notice: { kind: 'error', text: 'There is no report yet. Run first.' },
    });
  });
});

describe('keys', () => {
  it('1 to 4 show the screens', () => {
    const shown = ['1', '2', '3', '4'].map((key) => {
      press(key);
      return store.state.view.tab;
    });
    expect(shown).toEqual(['overview', 'layers', 'lstm', 'targets']);
  });

  it('leave text and open lists alone, but for Ctrl+Enter and Esc', () => {
    expect(press('2', {}, true)).toBe(false);
    expect(press('Enter', { ctrlKey: true }, true)).toBe(true);
    expect(window.last.name).toBe('run');
  });

  it('select a gate before its activation, then its other stages', () => {
    press('3');
    const stages = ['o', 'o', 'o', 'o', 'o'].map((key) => {
      press(key);
      return store.state.view.signal;
    });
    // The sample has layer norm and no peephole.
    expect(stages).toEqual(['o_ln', 'o', 'o_x', 'o_xh', 'o_ln']);
    press('c');
    expect(store.state.view.signal).toBe('c');
    press('c');
    expect(store.state.view.signal).toBe('tanh_c');
  });

  it('[ and ] go through the LSTMs and stop at the ends; l changes the counts', () => {
    press('3');
    press('[');
    expect(store.state.view.lstm).toBe(null);
    press(']');
    expect(store.state.view.lstm).toEqual({ subgraph: 0, index: 1 });
    press(']');
    expect(store.state.view.lstm).toEqual({ subgraph: 0, index: 1 });
    press('l');
    expect(store.state.view.counts).toBe('linear');
  });

  it(', and . go by one step; with Shift to the next mark, with Alt to the next value at a rail', () => {
    press('3');
    inspector.stepPlaces = { marked: [4, 30], atRails: [7, 8, 31] };
    const at = (key: string, more: Partial<KeyPress> = {}) => {
      press(key, more);
      return store.state.view.step;
    };
    expect([at('.'), at('.'), at(',')]).toEqual([0, 1, 0]);
    const [back, forth] = [{ code: 'Comma' }, { code: 'Period' }];
    expect([at('>', { ...forth, shiftKey: true }), at(':', { ...forth, shiftKey: true })]).toEqual([4, 30]);
    expect([at('.', { ...forth, altKey: true }), at('.', { ...forth, altKey: true })]).toEqual([31, 31]);
    expect([at(',', { ...back, altKey: true }), at('<', { ...back, shiftKey: true })]).toEqual([8, 4]);
    expect(press('x', { altKey: true })).toBe(false);
  });

  it('gate letters do nothing on other screens', () => {
    expect(press('o')).toBe(false);
  });

  it('Esc does one thing at a time: run, filter, selection', () => {
    inspector.view({ tab: 'layers', filter: 'add', layer: { subgraph: 0, index: 2 } });
    window.send({ kind: 'event', name: 'state', state: { ...openState(overview), run: running } });
    press('Escape');
    expect(window.last.name).toBe('cancel');
    window.send({ kind: 'event', name: 'state', state: openState(overview) });
    press('Escape');
    expect(store.state.view).toMatchObject({ filter: '', layer: { index: 2 } });
    press('Escape');
    expect(store.state.view.layer).toBe(null);
    expect(press('Escape')).toBe(false);
  });
});
