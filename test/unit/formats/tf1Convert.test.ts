import { describe, expect, it } from 'vitest';
import { readTf1 } from '../../../worker/core/formats/tf1/readTf1';
import type { Model } from '../../../worker/core/model/model';
import { recogniseLstms } from '../../../worker/core/recognise/recogniseLstms';
import { fuseLstms } from '../../../worker/core/recognise/fuse/fuseLstms';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { addCell, type CellSpec, cellSpec, FLOAT, GraphDefBuilder, INT, referenceCell } from './tf1Graphs';
import { addLoop, type LoopOptions } from './tf1Loop';

const names = (model: Model) => model.graphs[0]!.operators.map(({ name }) => name);
const read = (graph: GraphDefBuilder) => readTf1(graph.bytes(), 'made.pb');

function outputs(model: Model, input: ArrayLike<number>): Float32Array[] {
  const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
  const { shape } = model.graphs[0]!.tensors[model.graphs[0]!.inputs[0]!]!;
  return runner.run([{ dtype: 'float32', shape, data: Float32Array.from(input) }]).map(({ data }) => data as Float32Array);
}

function expectNear(got: ArrayLike<number> | undefined, wanted: readonly number[], by = 1e-6): void {
  expect(got?.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(got![i]! - value)).toBeLessThan(by));
}

const STEPS = 5;
const X = Array.from({ length: STEPS * 3 }, (_, i) => Math.sin(1 + 1.7 * i));
const steps = (width: number) => Array.from({ length: STEPS }, (_, t) => X.slice(t * width, (t + 1) * width));

const full = cellSpec(3, 6, 4, {
  peephole: {
    i: Float32Array.of(0.5, -0.4, 0.3, -0.2, 0.1, 0.6),
    f: Float32Array.of(-0.3, 0.2, 0.4, 0.1, -0.6, 0.2),
    o: Float32Array.of(0.7, 0.1, -0.5, 0.2, 0.3, -0.1),
  },
  cellClip: 0.5,
  projectionClip: 0.125,
});

describe('LSTM loops of TensorFlow 1', () => {
  function loopOf(cells: readonly CellSpec[], options: Partial<LoopOptions> = {}) {
    const graph = new GraphDefBuilder();
    const x = graph.placeholder('x', [-1, STEPS, 3]);
    const turned = graph.node('Transpose', 'turned', [x, graph.ints('turned/perm', [1, 0, 2])], { T: FLOAT, Tperm: INT });
    return { graph, made: addLoop(graph, turned, cells, { steps: STEPS, ...options }) };
  }

  it('with peepholes, projection and both clips gives the equations’ values, of the last step and of all', () => {
    const { graph, made } = loopOf([full], { gathers: true });
    graph.node('Transpose', 'all', [made.sequence!, graph.ints('all/perm', [1, 0, 2])], { T: FLOAT });
    graph.node('Tanh', 'y', [made.last[0]!], { T: FLOAT });
    const model = read(graph);
    const wanted = referenceCell(full, steps(3));
    expect(wanted.flat().some((value) => Math.abs(value) === 0.125)).toBe(true);
    const [operator] = model.graphs[0]!.operators;
    expect(operator?.options).toMatchObject({ cell_clip: 0.5, proj_clip: 0.125, time_major: false });
    const [all, y] = outputs(model, X);
    expectNear(all, wanted.flat());
    expectNear(y, wanted.at(-1)!.map(Math.tanh));
    expect(model.formatVersion).toBe(27);
  });

  it('of several cells with two counters becomes one operator for each cell', () => {
    const cells = [cellSpec(3, 4, 4), cellSpec(4, 5, 5, { forgetBias: 0.5 })];
    const { graph, made } = loopOf(cells, { twoCounters: true });
    graph.node('Softmax', 'y', [made.last[1]!], { T: FLOAT });
    const model = read(graph);
    expect(names(model)).toEqual(['UNIDIRECTIONAL_SEQUENCE_LSTM', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'STRIDED_SLICE', 'SOFTMAX']);
    const logits = referenceCell(cells[1]!, referenceCell(cells[0]!, steps(3))).at(-1)!;
    const sum = logits.reduce((total, value) => total + Math.exp(value), 0);
    expectNear(
      outputs(model, X)[0],
      logits.map((value) => Math.exp(value) / sum),
    );
  });

  it('that takes time first is time-major', () => {
    const graph = new GraphDefBuilder();
    const made = addLoop(graph, graph.placeholder('x', [STEPS, 1, 3]), [full], { steps: STEPS });
    graph.node('Relu', 'y', [made.last[0]!], { T: FLOAT });
    const model = read(graph);
    expect(model.graphs[0]!.operators[0]!.options['time_major']).toBe(true);
    const wanted = referenceCell(full, steps(3)).at(-1)!;
    expectNear(
      outputs(model, X)[0],
      wanted.map((value) => Math.max(0, value)),
    );
  });

  it.each<[string, Partial<LoopOptions>, 'last' | 'lastCells', RegExp]>([
    ['first states that are given', { first: 0.5 }, 'last', /first hidden value of while is given.*starts at 0/],
    ['fewer steps than there are', { steps: STEPS - 1 }, 'last', /runs over 4 of 5 steps/],
    ['the last cell as a result', {}, 'lastCells', /last cell c/],
  ])('refuses %s', (_, options, which, says) => {
    const { graph, made } = loopOf([full], options);
    graph.node('Relu', 'y', [made[which][0]!], { T: FLOAT });
    expect(() => read(graph)).toThrow(says);
  });

  it('refuses a loop of something else, and says that it found no LSTM', () => {
    const { graph, made } = loopOf([{ ...full, cell: full.cell }]);
    graph.node('Relu', 'y', [made.last[0]!], { T: FLOAT });
    // A tanh where the cell has a sigmoid.
    const other = Buffer.from(Buffer.from(graph.bytes()).toString('latin1').replace('Sigmoid\x1a', 'Sigmoix\x1a'), 'latin1');
    expect(() => readTf1(new Uint8Array(other), 'made.pb')).toThrow(/no LSTM cell is found/);
  });
});

describe('unrolled LSTMs of TensorFlow 1', () => {
  it('are small operators that are recognised as one cell, and can be fused', () => {
    const graph = new GraphDefBuilder();
    const spec = cellSpec(3, 4, 4);
    const parts = graph.node('Unpack', 'parts', [graph.placeholder('x', [1, STEPS, 3])], {
      num: { int: STEPS },
      axis: { int: 1 },
      T: FLOAT,
    });
    const zeros = (name: string) =>
      graph.node('Fill', name, [graph.ints(`${name}/dims`, [1, 4]), graph.floats(`${name}/value`, [], [0])], { T: FLOAT });
    let state = { hidden: zeros('h'), cell: zeros('c') };
    for (let t = 0; t < STEPS; t++) state = addCell(graph, `cell_${t}`, spec, `${parts}:${t}`, state.hidden, state.cell);
    graph.node('Tanh', 'y', [state.hidden], { T: FLOAT });
    const model = read(graph);
    const wanted = referenceCell(spec, steps(3)).at(-1)!.map(Math.tanh);
    expectNear(outputs(model, X)[0], wanted);
    expect(recogniseLstms(model)).toHaveLength(1);
    const { edit } = fuseLstms(model);
    const fused = { ...model, graphs: [edit.graphs[0]!.graph] };
    expect(names(fused)).toEqual(['UNIDIRECTIONAL_SEQUENCE_LSTM', 'STRIDED_SLICE', 'TANH']);
    expectNear(outputs(fused, X)[0], wanted);
  });
});
