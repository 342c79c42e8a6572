import { describe, expect, it } from 'vitest';
import type { InspectorState } from '../../../extension/protocol/messages';
import type { Report } from '../../../worker/core/report/report';
import { initialState, reduce, Store } from '../../../webview/state';
import { changedView, DEFAULT_VIEW, parseView, type ViewState } from '../../../webview/viewState';
import { sampleOverview } from './overviewFixture';
import { openState } from './testHost';

const overview = sampleOverview();
const progress = { done: 3, total: 8, sample: 'u3', finished: [] };

describe('reduce', () => {
  it('keeps what the user chose when the host says something new', () => {
    const chosen = reduce(initialState(null), { type: 'view', change: { tab: 'layers', filter: 'add' } });
    const told = reduce(chosen, { type: 'host', state: openState(overview) });
    expect(told.view).toBe(chosen.view);
    expect(told.host?.model.status).toBe('open');
  });

  it('takes progress only while a run is under way', () => {
    const open = reduce(initialState(null), { type: 'host', state: openState(overview) });
    expect(reduce(open, { type: 'progress', progress })).toBe(open);
    const running = reduce(open, {
      type: 'host',
      state: { ...openState(overview), run: { status: 'running', progress: { ...progress, done: 0 } } },
    });
    expect(reduce(running, { type: 'progress', progress }).host?.run).toEqual({ status: 'running', progress });
  });

  it('adds the samples that an event says are finished to those before', () => {
    const event = (done: number, ...names: readonly string[]) => ({
      ...progress,
      done,
      finished: names.map((name) => ({ name, steps: 1, sqnrDb: null })),
    });
    const running = reduce(initialState(null), {
      type: 'host',
      state: { ...openState(overview), run: { status: 'running', progress: event(1, 'u0') } },
    });
    const [first, second] = [event(3, 'u1', 'u2'), event(4)];
    const told = [first, second].reduce((state, one) => reduce(state, { type: 'progress', progress: one }), running);
    expect(told.host?.run).toEqual({ status: 'running', progress: event(4, 'u0', 'u1', 'u2') });
  });
});

describe('the run before', () => {
  const report = (persona: 'tflite' | 'tflm') =>
    ({
      model: { sha256: 'a' },
      floatModel: null,
      persona,
      state: 'reset',
      data: { label: 'x' },
      samples: 1,
      complete: true,
    }) as unknown as Report;
  const idle = (shown: Report) => ({ ...openState(overview), report: shown });
  const running = (shown: Report) => ({ ...idle(shown), run: { status: 'running' as const, progress } });
  const after = (...states: readonly InspectorState[]) =>
    states.reduce((state, told) => reduce(state, { type: 'host', state: told }), initialState(null)).before;

  it('is kept when another run starts, until the next one', () => {
    const [first, second] = [report('tflite'), report('tflm')];
    expect(after(idle(first))).toBeNull();
    expect(after(idle(first), running(first))).toBe(first);
    expect(after(idle(first), running(first), running(second), idle(second))).toBe(first);
    expect(after(idle(first), running(first), idle(second), running(second), idle(report('tflm')))).toBe(second);
  });

  it('is forgotten with another file', () => {
    const [first, second] = [report('tflite'), report('tflm')];
    const other = { ...second, model: { ...second.model, sha256: 'b' } };
    expect(after(idle(first), running(first), idle(other))).toBeNull();
  });
});

describe('Store', () => {
  it('saves the view and nothing else, and only when it changed', () => {
    const saved: ViewState[] = [];
    const store = new Store(null, (view) => saved.push(view));
    let told = 0;
    store.subscribe(() => told++);
    store.dispatch({ type: 'host', state: openState(overview) });
    expect(saved).toEqual([]);
    store.dispatch({ type: 'view', change: { tab: 'targets' } });
    expect(saved).toEqual([{ ...DEFAULT_VIEW, tab: 'targets' }]);
    expect(told).toBe(2);
  });

  it('tells nobody of a change that is none', () => {
    const store = new Store(null, () => undefined);
    let told = 0;
    store.subscribe(() => told++);
    store.dispatch({ type: 'progress', progress });
    expect(told).toBe(0);
  });

  it('starts where the last one was', () => {
    const saved: ViewState[] = [];
    const first = new Store(undefined, (view) => saved.push(view));
    first.dispatch({
      type: 'view',
      change: {
        tab: 'lstm',
        lstm: { subgraph: 0, index: 1 },
        signal: 'o_in',
        counts: 'linear',
        sort: { column: 'rails', descending: true },
        hiddenColumns: ['dtype'],
        layer: { subgraph: 0, index: -1 },
        placement: { target: 'tflm', subgraph: 0, index: 2 },
        persona: 'tflm',
        dataId: 'folder:inputs',
      },
    });
    const kept: unknown = JSON.parse(JSON.stringify(saved[0]));
    expect(new Store(kept, () => undefined).state.view).toEqual(first.state.view);
  });
});

describe('parseView', () => {
  it.each([null, undefined, 'x', 7, []])('falls back from %j', (saved) => {
    expect(parseView(saved)).toEqual(DEFAULT_VIEW);
  });

  it('loses only the fields that do not fit', () => {
    const view = parseView({
      tab: 'nowhere',
      filter: 'lstm',
      sort: { column: 'nothing', descending: true },
      layer: { subgraph: 0, index: 'x' },
      placement: { target: 3, subgraph: 0, index: 1 },
      hiddenColumns: ['dtype', 'other'],
    });
    expect(view).toEqual({
      ...DEFAULT_VIEW,
      filter: 'lstm',
      sort: { column: 'index', descending: true },
      hiddenColumns: ['dtype'],
    });
  });
});

describe('what a change of view takes with it', () => {
  const picked: ViewState = {
    ...DEFAULT_VIEW,
    lstm: { subgraph: 0, index: 0 },
    signal: 'o_xh',
    sample: 3,
    step: 7,
    unit: 41,
    steps: { from: 2, to: 9 },
    pick: { kind: 'rails' },
    window: { from: -1, to: 1 },
  };

  it('another signal has other values and units, but the same steps and samples', () => {
    const next = changedView(picked, { signal: 'c' });
    expect([next.pick, next.window, next.unit]).toEqual([null, null, null]);
    expect([next.steps, next.step, next.sample]).toEqual([picked.steps, 7, 3]);
  });

  it('another LSTM has nothing of it, an equal key changes nothing', () => {
    const next = changedView(picked, { lstm: { subgraph: 0, index: 1 } });
    expect([next.steps, next.step, next.sample, next.pick]).toEqual([null, null, null, null]);
    expect(changedView(picked, { lstm: { subgraph: 0, index: 0 } })).toEqual(picked);
  });

  it('what comes with the change stays, such as the values of a ledger cell', () => {
    expect(changedView(picked, { signal: 'c', pick: { kind: 'clip' } }).pick).toEqual({ kind: 'clip' });
  });

  it('is kept over a reload, and a broken one is left out', () => {
    expect(parseView(JSON.parse(JSON.stringify(picked)))).toEqual(picked);
    const broken = { ...picked, sample: -2, steps: { from: 9, to: 2 }, pick: { kind: 'range', from: 1 }, window: 'all' };
    const { sample, steps, pick, window } = parseView(broken);
    expect([sample, steps, pick, window]).toEqual([null, null, null, null]);
  });
});
