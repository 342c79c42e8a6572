// AssemblyScript. Sigmoid and tanh in float32, operation by operation as their plain twins in worker/core/lstm/float/activations.ts,
// where constants and source are explained; counts are multiples of 4.

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** y[k] = sigmoid(x[k]). */
export function sigmoidFloat32(x: usize, y: usize, count: i32): void {
  const end = splat(16.6355324);
  const low = splat(-104);
  const one = splat(1);
  for (let k = 0; k < count; k += 4) {
    const value = v128.load(x);
    // Lanes of NaN take the end here and get their NaN back below.
    const half = f32x4.mul(v128.bitselect(value, end, f32x4.lt(value, end)), splat(0.5));
    const m = f32x4.floor(f32x4.add(f32x4.mul(half, splat(1.4426950408889634)), splat(0.5)));
    const r = f32x4.sub(f32x4.sub(half, f32x4.mul(m, splat(0.693359375))), f32x4.mul(m, splat(-2.1219444e-4)));
    const r2 = f32x4.mul(r, r);
    const even = f32x4.add(f32x4.mul(r2, splat(4.1898667812347412109375e-2)), splat(0.49999141693115234375));
    const odd = f32x4.add(f32x4.mul(r2, splat(8.33471305668354034423828125e-3)), splat(0.16666877269744873046875));
    const exp = f32x4.add(f32x4.mul(r2, f32x4.add(f32x4.mul(r, odd), even)), f32x4.add(r, one));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(m), i32x4.splat(127)), 23);
    const root = f32x4.mul(exp, power);
    const e = f32x4.mul(root, root);
    const result = f32x4.div(e, f32x4.add(one, e));
    const inside = f32x4.ge(value, low);
    // 0 below, NaN for NaN: what is left of the value where it is not in range.
    const outside = v128.andnot(value, f32x4.eq(value, value));
    v128.store(y, v128.bitselect(result, outside, inside));
    x += 16;
    y += 16;
  }
}

/** y[k] = tanh(x[k]). */
export function tanhFloat32(x: usize, y: usize, count: i32): void {
  const end = splat(7.907389640808105);
  const negativeEnd = splat(-7.907389640808105);
  for (let k = 0; k < count; k += 4) {
    const value = v128.load(x);
    let c = v128.bitselect(end, value, f32x4.gt(value, end));
    c = v128.bitselect(negativeEnd, c, f32x4.lt(value, negativeEnd));
    const c2 = f32x4.mul(c, c);
    const a = f32x4.mul(f32x4.add(f32x4.mul(splat(1.394553628e-8), c2), splat(2.10273356e-5)), c2);
    const b = f32x4.add(f32x4.mul(f32x4.add(a, splat(3.520756727e-3)), c2), splat(1.3402161e-1));
    const numerator = f32x4.add(f32x4.mul(f32x4.mul(c2, c), b), c);
    let d = f32x4.add(f32x4.mul(splat(8.015776984e-7), c2), splat(3.326951409e-4));
    d = f32x4.add(f32x4.mul(d, c2), splat(2.597254514e-2));
    d = f32x4.add(f32x4.mul(d, c2), splat(4.67354834e-1));
    d = f32x4.add(f32x4.mul(d, c2), splat(1));
    v128.store(y, f32x4.div(numerator, d));
    x += 16;
    y += 16;
  }
}
