import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Model } from '../../../worker/core/model/model';
import { mapTargets } from '../../../worker/core/targets/mapTargets';
import { packTargets, unpackTargets, type PackedTargets } from '../../../worker/core/targets/packedTargets';
import { longChain } from '../../bench/open/syntheticModels';
import { describeShared } from '../../shared';

const read = (name: string, bytes: Uint8Array): Model => readModel({ name, bytes });
const thereAndBack = (model: Model) => unpackTargets(JSON.parse(JSON.stringify(packTargets(mapTargets(model)))) as PackedTargets);

describe('Packed targets', () => {
  it('say of every operator what the map says', () => {
    for (const name of ['digits-int8.tflite', 'digits-hybrid.tflite', 'digits-float.tflite']) {
      const model = read(name, new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples', name))));
      expect(thereAndBack(model)).toEqual(mapTargets(model));
    }
  });

  it('take a small part of the room', () => {
    const map = mapTargets(read('long', longChain(500)));
    const [packed, plain] = [packTargets(map), map].map((value) => JSON.stringify(value).length);
    expect(packed! * 15).toBeLessThan(plain!);
    expect(unpackTargets(packTargets(map))).toEqual(map);
  });
});

describeShared('Packed targets of a real model', (shared) => {
  it('keep what is refused, what is never reached, and every reason', () => {
    const model = read('dtln', new Uint8Array(readFileSync(resolve(shared, 'data/tflite/dtln_model_quant_1.tflite'))));
    const map = thereAndBack(model);
    expect(map).toEqual(mapTargets(model));
    const verdicts = map['tflm']?.ops.map(({ verdict, reached }) => `${verdict} ${reached}`);
    expect(verdicts).toContain('rejected true');
    expect(verdicts).toContain('rejected false');
  });
});
