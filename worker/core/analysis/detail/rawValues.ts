import type { RawValue, ValueAddress } from '../../report/detail';
import type { SignalBlock } from './signalBlock';

/** Single values by their addresses, in the order asked for, found block by block; addresses outside of what is covered are left out. */
export function rawValue(addresses: readonly ValueAddress[], firstUnit: number) {
  const found = new Map<ValueAddress, RawValue>();
  return {
    add(block: SignalBlock): void {
      for (const address of addresses) {
        const index = address.sample === block.sample ? indexOf(address, block, firstUnit) : null;
        if (index !== null) found.set(address, valueAt(block, index, address));
      }
    },
    finish: (): RawValue[] => addresses.flatMap((address) => found.get(address) ?? []),
  };
}

function indexOf({ step, batch, unit }: ValueAddress, block: SignalBlock, firstUnit: number): number | null {
  const row = step - block.sampleStep;
  const column = unit - firstUnit;
  if (row < 0 || row >= block.steps || batch >= block.batch || column < 0 || column >= block.units) return null;
  return (row * block.batch + batch) * block.units + column;
}

function valueAt({ float, quantized, codes, local, localCodes }: SignalBlock, index: number, address: ValueAddress): RawValue {
  return {
    ...address,
    float: float?.[index] ?? null,
    quantized: quantized?.[index] ?? null,
    code: codes?.[index] ?? null,
    local: local?.[index] ?? null,
    localCode: localCodes?.[index] ?? null,
  };
}
