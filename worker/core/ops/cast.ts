import { allocate } from '../run/arrays';
import { isQuantized } from '../run/runtimeDtype';
import type { Kernel, KernelPreparer } from './operatorContext';

/** Bits of the integer types that a value wraps to; others are floats or flags. */
const WRAP: Readonly<Record<string, (x: number) => number>> = {
  int8: (x) => (x << 24) >> 24,
  uint8: (x) => x & 0xff,
  int16: (x) => (x << 16) >> 16,
  uint16: (x) => x & 0xffff,
  int32: (x) => x | 0,
  uint32: (x) => x >>> 0,
};

/** CAST: truncates towards zero and wraps in the integer type; anything but 0 is true. Scales play no part. */
const prepareCast: KernelPreparer = (context): Kernel => {
  const input = context.input(0);
  const output = context.output();
  if (context.options.path === 'float' && (isQuantized(input) || isQuantized(output))) {
    throw context.unsupported('it takes quantized codes as plain numbers, which has no float form');
  }
  const type = context.dtype(output);
  const wrap = WRAP[type];
  return (operands) => {
    const x = context.required(operands, 0);
    const data = allocate(type, x.data.length);
    if (data === null) throw context.unsupported(`${x.dtype} to ${type} is not computed`);
    for (let i = 0; i < data.length; i++) {
      const value = x.data[i] ?? 0;
      if (type === 'bool') data[i] = Number(value) === 0 ? 0 : 1;
      else if (data instanceof BigInt64Array) data[i] = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
      else if (typeof value === 'bigint') data[i] = wrap === undefined ? Number(value) : wrap(Number(BigInt.asIntN(32, value)));
      else data[i] = wrap === undefined ? value : wrap(Math.trunc(value));
    }
    return [{ dtype: type, shape: x.shape, data }];
  };
};

export const CAST_OPERATORS: Readonly<Record<string, KernelPreparer>> = { CAST: prepareCast };
