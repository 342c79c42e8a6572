import { beforeEach, describe, expect, it } from 'vitest';
import type { BlameReport } from '../../../worker/core/blame/blameReport';
import type { Inspector } from '../../../webview/inspector';
import type { Store } from '../../../webview/state';
import { blameChoice, chosenSide, ownLabel, quirksThatMatter, sidesOf } from '../../../webview/studyChoices';
import { DEFAULT_VIEW, parseView } from '../../../webview/viewState';
import { actOnKey } from '../../../webview/views/shell/keys';
import { lstmInfo, reportOf } from '../../charts/reportFixture';
import { comparison } from './comparisonFixture';
import { sampleOverview } from './overviewFixture';
import { inspectorOn, openState, TestWindow } from './testHost';

const overview = sampleOverview();
const chosen = { persona: 'tflite', quirks: {}, compareWith: null } as const;

describe('what can stand beside a model', () => {
  it('is each quirk that matters, all of them off, other runtimes and picked files', () => {
    const sides = sidesOf(chosen, overview, [{ id: 'x', label: 'other.tflite' }]);
    const ids = sides.map(({ id }) => id);
    expect(ids).toContain('quirk:hidden-zero-point');
    expect(ids).not.toContain('quirk:peephole-width'); // the sample has no peephole
    expect(ids.slice(-4)).toEqual(['recipe', 'persona:tflite-old', 'persona:tflm', 'file:x']);
    expect(sides.find(({ id }) => id === 'quirk:hidden-zero-point')).toMatchObject({
      label: 'TFLite, hidden zero point quirk off',
      other: null,
      quirks: { 'hidden-zero-point': false },
    });
  });

  it('switches a quirk the other way than side A has it', () => {
    const off = { persona: 'tflite', quirks: { 'hidden-zero-point': false } } as const;
    const side = sidesOf(off, overview, []).find(({ id }) => id === 'quirk:hidden-zero-point');
    expect(side?.quirks).toEqual({ 'hidden-zero-point': true });
    expect([ownLabel(off), side?.label]).toEqual(['TFLite, hidden zero point quirk off', 'TFLite']);
  });

  it('is another file alone where the model is float', () => {
    expect(sidesOf(chosen, { ...overview, scheme: 'float' }, [])).toEqual([]);
    expect(chosenSide(chosen, { ...overview, scheme: 'float' }, [])).toBe(null);
  });

  it('counts integer LSTMs only', () => {
    const plain = { ...lstmInfo(0), projection: true, peephole: true, cell: 13, output: 7 };
    expect(quirksThatMatter([{ ...plain, scheme: 'hybrid' }])).toEqual([]);
    expect(quirksThatMatter([{ ...plain, scheme: 'int8' }])[0]?.name).toBe('peephole-width');
  });

  it('falls back to the first when the chosen one is no longer offered', () => {
    expect(chosenSide({ ...chosen, compareWith: 'file:gone' }, overview, [])?.id).toBe('quirk:hidden-zero-point');
    expect(chosenSide({ ...chosen, compareWith: 'recipe' }, overview, [])?.id).toBe('recipe');
  });
});

describe('studies of an open model', () => {
  let window: TestWindow;
  let inspector: Inspector;
  let store: Store;
  const made = reportOf();
  const data = { id: 'd', label: made.data.label, detail: '', synthetic: made.data.synthetic };
  const open = { ...openState(overview, made), data: [data] };
  const running = { ...open, run: { status: 'running', progress: { done: 0, total: 1, sample: '', finished: [] } } } as const;
  const tell = (state: typeof open | typeof running) => {
    window.send({ kind: 'event', name: 'state', state });
  };
  const blamed = { schema: 'gatescope.blame/1' } as BlameReport;

  beforeEach(async () => {
    window = new TestWindow();
    ({ inspector, store } = inspectorOn(window));
    const started = inspector.start();
    window.answer(open);
    await started;
  });

  it('blame asks about the report shown, not about the settings of the next run', async () => {
    inspector.view({ persona: 'tflm', states: 'carry', tab: 'lstm' });
    actOnKey(inspector, { key: 'p', code: 'KeyP', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }, false);
    expect(window.last).toMatchObject({ name: 'blame', params: { dataId: 'd', persona: made.persona, state: made.state } });
    const { id } = store.state.studies.blame.asked!;
    window.send({ kind: 'event', name: 'studyProgress', id, progress: { done: 1, total: 3, sample: 'u1', share: 0.4 } });
    window.send({
      kind: 'event',
      name: 'studyProgress',
      id: 'another',
      progress: { done: 2, total: 3, sample: 'u2', share: 0.9 },
    });
    expect(store.state.studies.blame.asked?.share).toMatchObject({ done: 1, share: 0.4 });
    window.answer(blamed);
    await Promise.resolve();
    expect(store.state.studies.blame).toEqual({ answer: blamed, asked: null, problem: null });
  });

  it('a new run puts an end to blame, and its late answer is not taken', async () => {
    const asking = inspector.blame();
    const { id } = window.last;
    tell(running);
    expect(window.last).toMatchObject({ name: 'cancelDetail' });
    window.send({ kind: 'response', id, ok: true, result: blamed });
    await asking;
    expect(store.state.studies.blame).toEqual({ answer: null, asked: null, problem: null });
  });

  it('an answer stays while nothing new was run', async () => {
    const asking = inspector.blame();
    window.answer(blamed);
    await asking;
    tell(structuredClone(open));
    expect(store.state.studies.blame.answer).toBe(blamed);
    tell({ ...open, report: { ...made, persona: 'tflm' } });
    expect(store.state.studies.blame.answer).toBe(null);
  });

  it('a comparison survives a run, but not another file', async () => {
    const asking = inspector.compare();
    const answer = comparison();
    window.answer(answer);
    await asking;
    tell(running);
    expect(store.state.studies.comparison.answer).toBe(answer);
    tell({ ...open, report: { ...made, model: { ...made.model, sha256: 'other' } } });
    expect(store.state.studies.comparison.answer).toBe(null);
  });

  it('compares under the settings of the next run with the chosen side', () => {
    inspector.view({ persona: 'tflm', compareWith: 'persona:tflite-old', quirks: { 'double-rounding': false } });
    void inspector.compare();
    expect(window.last).toMatchObject({
      name: 'compare',
      params: {
        dataId: 'd',
        persona: 'tflm',
        quirks: { 'double-rounding': false },
        other: null,
        personaB: 'tflite-old',
        quirksB: {},
      },
    });
  });

  it('Esc stops what is on the screen, once', () => {
    inspector.view({ tab: 'compare' });
    void inspector.compare();
    const { id } = store.state.studies.comparison.asked!;
    inspector.stopStudy('comparison');
    expect(window.last).toMatchObject({ name: 'cancelDetail', params: { id } });
    const asked = window.requests.length;
    inspector.stopStudy('comparison');
    expect(window.requests.length).toBe(asked);
    expect(store.state.studies.comparison.asked?.stopping).toBe(true);
  });

  it('says why blame cannot be asked', () => {
    const { data: none, ...rest } = open;
    expect(none).toHaveLength(1);
    expect(blameChoice({ ...rest, data: [] })).toMatchObject({ problem: expect.stringContaining('no longer offered') as string });
    expect(blameChoice({ ...open, report: null })).toBe(null);
    expect(blameChoice({ ...open, report: { ...made, quantizedPath: null } })).toBe(null);
  });

  it('picks another file to stand beside', async () => {
    const choosing = inspector.chooseOther();
    window.answer({ id: 'o1', label: 'b.tflite' });
    await choosing;
    expect(store.state.others).toEqual([{ id: 'o1', label: 'b.tflite' }]);
    void inspector.compare();
    expect(window.last).toMatchObject({ name: 'compare', params: { other: 'o1', personaB: 'tflite' } });
  });
});

describe('quirks of a run', () => {
  it('go with the run, with blame of its report, and not with another persona', async () => {
    const window = new TestWindow();
    const { inspector, store } = inspectorOn(window);
    const started = inspector.start();
    const made = reportOf();
    window.answer(openState(overview, { ...made, quirks: { 'double-rounding': false } }));
    await started;
    inspector.view({ quirks: { 'hidden-zero-point': false } });
    void inspector.run();
    expect(window.last).toMatchObject({ name: 'run', params: { persona: 'tflite', quirks: { 'hidden-zero-point': false } } });
    const { host } = store.state;
    const data = [{ id: 'd', label: made.data.label, detail: '', synthetic: made.data.synthetic }];
    expect(blameChoice({ ...host!, data })).toMatchObject({ quirks: { 'double-rounding': false } });
    inspector.view({ persona: 'tflm' });
    expect(store.state.view.quirks).toEqual({});
  });
});

describe('the kept view', () => {
  it('keeps switched quirks that exist and are on or off', () => {
    const view = parseView({
      ...DEFAULT_VIEW,
      quirks: { 'double-rounding': false, nonsense: true, 'cell-products': 'yes' },
      blamed: 'part',
      comparedOp: -1,
    });
    expect([view.quirks, view.blamed, view.comparedOp]).toEqual([{ 'double-rounding': false }, 'part', null]);
  });
});
