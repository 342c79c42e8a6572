import { addCell, type CellSpec, FLOAT, type GraphDefBuilder, INT, outputOf } from './tf1Graphs';

export interface LoopOptions {
  /** What the states begin with; zeros where it is left out. */
  readonly first?: number;
  /** A second counter from 0, and both below the end: what later versions of TensorFlow write. */
  readonly twoCounters?: boolean;
  readonly steps: number;
  /** Whether the hidden values of all steps are given as well. */
  readonly gathers?: boolean;
}

/** Names of what a loop gives. */
export interface LoopOutputs {
  /** [steps, 1, output] of the last cell, where it is given. */
  readonly sequence: string | null;
  /** Of each cell, [1, output] and [1, cell]. */
  readonly last: readonly string[];
  readonly lastCells: readonly string[];
}

/** tf.nn.dynamic_rnn over [steps, 1, input], time first: cells one upon the other in one loop. */
export function addLoop(graph: GraphDefBuilder, sequence: string, cells: readonly CellSpec[], options: LoopOptions): LoopOutputs {
  const { steps, first = 0, twoCounters = false, gathers = false } = options;
  const enter = (name: string, value: string, isConstant: boolean) =>
    graph.node('Enter', name, [value], { T: FLOAT, is_constant: { bool: isConstant }, frame_name: { text: 'rnn/while' } });
  /** A value that the loop carries; `next` is the name of what it becomes. */
  const carried = (name: string, from: string, next: string) => {
    const merge = graph.node('Merge', `${name}/Merge`, [enter(`${name}/Enter`, from, false), `${name}/NextIteration`]);
    const choice = graph.node('Switch', `${name}/Switch`, [merge, 'while/LoopCond'], { T: FLOAT });
    graph.node('NextIteration', `${name}/NextIteration`, [next], { T: FLOAT });
    const exit = graph.node('Exit', `${name}/Exit`, [choice], { T: FLOAT });
    return { merge, exit, inside: graph.node('Identity', `${name}/Identity`, [`${choice}:1`], { T: FLOAT }) };
  };
  const size = graph.ints('rnn/size', steps);
  const counter = (name: string) => {
    const own = carried(name, graph.ints(`${name}/start`, 0), `${name}/plus`);
    graph.node('Add', `${name}/plus`, [own.inside, graph.ints(`${name}/one`, 1)], { T: INT });
    return { ...own, test: graph.node('Less', `${name}/Less`, [own.merge, enter(`${name}/end`, size, true)], { T: INT }) };
  };
  const time = counter('while/time');
  const test = twoCounters ? graph.node('LogicalAnd', 'while/And', [counter('while/counter').test, time.test]) : time.test;
  graph.node('LoopCond', 'while/LoopCond', [test]);

  const indices = (name: string) =>
    graph.node('Range', name, [graph.ints(`${name}/0`, 0), size, graph.ints(`${name}/1`, 1)], { Tidx: INT });
  const list = graph.node('TensorArrayV3', 'rnn/in', [size], { dtype: FLOAT });
  const scatter = graph.node('TensorArrayScatterV3', 'rnn/scatter', [list, indices('rnn/range'), sequence, `${list}:1`]);
  const read = graph.node(
    'TensorArrayReadV3',
    'while/read',
    [enter('while/in', list, true), time.inside, enter('while/flow', scatter, true)],
    { dtype: FLOAT },
  );
  let x = read;
  const last: string[] = [];
  const lastCells: string[] = [];
  cells.forEach((spec, i) => {
    const state = (what: string, width: number, next: string) =>
      carried(`while/${what}${i}`, graph.filled(`rnn/${what}${i}/zeros`, [1, width], first), next);
    const name = `while/cell_${i}`;
    const m = `${name}/mul_2`;
    const projected = spec.projectionClip === 0 ? `${name}/projection` : `${name}/clip_projection`;
    const h = state('h', outputOf(spec), spec.projection === null ? m : projected);
    const c = state('c', spec.cell, spec.cellClip === 0 ? `${name}/add_1` : `${name}/clip`);
    x = addCell(graph, name, spec, x, h.inside, c.inside, (value) => enter(`${value}/Enter`, value, true)).hidden;
    last.push(h.exit);
    lastCells.push(c.exit);
  });
  if (!gathers) return { sequence: null, last, lastCells };
  const out = graph.node('TensorArrayV3', 'rnn/out', [size], { dtype: FLOAT });
  const flow = carried('while/out', `${out}:1`, 'while/write');
  graph.node('TensorArrayWriteV3', 'while/write', [enter('while/out/handle', out, true), time.inside, x, flow.inside], {
    T: FLOAT,
  });
  const gathered = graph.node('TensorArrayGatherV3', 'rnn/gather', [out, indices('rnn/range_out'), flow.exit], { dtype: FLOAT });
  return { sequence: gathered, last, lastCells };
}
