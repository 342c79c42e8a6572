// AssemblyScript. The element-wise stages of the float LSTM, four values at a time, every product rounded before it is added;
// counts are multiples of 4 and buffers padded to that.

/** sum[k] = z[k] + p[k] * c[k]: the peephole. */
export function peepholeAddFloat32(p: usize, c: usize, z: usize, sum: usize, count: i32): void {
  for (let k = 0; k < count; k += 4) {
    v128.store(sum, f32x4.add(v128.load(z), f32x4.mul(v128.load(p), v128.load(c))));
    p += 16;
    c += 16;
    z += 16;
    sum += 16;
  }
}

/** i[k] = 1 - f[k]: the coupled input gate. */
export function coupleInputGateFloat32(f: usize, i: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (let k = 0; k < count; k += 4) {
    v128.store(i, f32x4.sub(one, v128.load(f)));
    f += 16;
    i += 16;
  }
}

/** c[k] = f[k] * c[k] + i[k] * g[k]. */
export function updateCellFloat32(f: usize, i: usize, g: usize, c: usize, count: i32): void {
  for (let k = 0; k < count; k += 4) {
    v128.store(c, f32x4.add(f32x4.mul(v128.load(f), v128.load(c)), f32x4.mul(v128.load(i), v128.load(g))));
    f += 16;
    i += 16;
    g += 16;
    c += 16;
  }
}

/** m[k] = o[k] * t[k]. */
export function multiplyFloat32(o: usize, t: usize, m: usize, count: i32): void {
  for (let k = 0; k < count; k += 4) {
    v128.store(m, f32x4.mul(v128.load(o), v128.load(t)));
    o += 16;
    t += 16;
    m += 16;
  }
}
