import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { portsOfOverview } from '../../../webview/dataForm';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOverview, firstOverview } from '../../../worker/core/report/buildOverview';
import { tensorInfos } from '../../../worker/core/report/tensorInfos';

const bytes = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/digits-int8.tflite')));
const model = readModel({ name: 'digits-int8.tflite', bytes });

describe('tensors on demand', () => {
  it('are those of the whole overview, in the order asked for', () => {
    const { tensors, tensorCount } = buildOverview(model);
    expect(tensors).toHaveLength(tensorCount);
    expect(tensorInfos(model, { subgraph: 0, tensors: [3, -1, 1, 3, 10_000] })).toEqual([tensors[3], tensors[1], tensors[3]]);
    expect(() => tensorInfos(model, { subgraph: 1, tensors: [0] })).toThrow('The model has no graph 1.');
  });

  it('are left out of what the editor opens with', () => {
    const whole = buildOverview(model);
    expect(whole.tensors.filter(({ isVariable }) => isVariable)).toHaveLength(4);
    expect(firstOverview(model)).toEqual({ ...whole, tensors: [], targets: {} });
    // How data is fed follows from the states.
    expect(portsOfOverview(firstOverview(model))).toEqual(portsOfOverview(whole));
    expect(portsOfOverview(firstOverview(model)).hasVariables).toBe(true);
    expect(Object.keys(firstOverview(model))).toEqual(Object.keys(whole));
  });
});
