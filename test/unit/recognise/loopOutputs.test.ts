import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Model } from '../../../worker/core/model/model';
import { Dataflow } from '../../../worker/core/recognise/dataflow';
import { loopFrame } from '../../../worker/core/recognise/loopFrame';
import { loopOutputs } from '../../../worker/core/recognise/loopOutputs';
import { describeShared } from '../../shared';

describeShared('outputs of a Keras 3 loop that collects all steps', (shared) => {
  const path = join(shared, 'golden/peers/tflite-debugger/keras3_while_float.tflite');
  const model = readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
  const loop = model.graphs[0]!.operators.find(({ name }) => name === 'WHILE')!;
  const body = model.graphs[2]!;

  /** With the body's operators changed. */
  function outputs(operators: Model['graphs'][number]['operators']) {
    const changed = { ...model, graphs: model.graphs.map((graph) => (graph === body ? { ...body, operators } : graph)) };
    const frame = loopFrame(changed, new Dataflow(model.graphs[0]!), loop)!;
    const [, , , hidden = -1, cell = -1] = body.outputs;
    return { steps: frame.steps, counters: [...frame.counters], ...loopOutputs(frame, hidden, cell) };
  }

  it('tells the sequence, the last hidden value, the cell and the counters apart', () => {
    const [counter, step, sequence, last, cell, ...passed] = loop.outputs;
    expect(outputs(body.operators)).toEqual({
      ...{ steps: 28, counters: [0, 1], sequence, last: [last], cell },
      others: [counter, step, ...passed],
    });
  });

  it('takes no sequence for one that is written one step early', () => {
    const next = body.outputs[1]!;
    const operators = body.operators.map((one) =>
      one.name === 'RESHAPE' && one.inputs[0] === next ? { ...one, inputs: [body.inputs[1]!, one.inputs[1]!] } : one,
    );
    expect(outputs(operators).sequence).toBeNull();
  });
});
