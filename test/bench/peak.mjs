// What no int8 product in 128-bit WebAssembly without relaxed instructions can exceed: its one instruction that multiplies and sums
// (i32x4.dot_i16x8_s) and the addition to a sum, from registers alone, without loading or widening a weight.
import { main } from 'assemblyscript/asc';

const SUMS = 6;
const MACS_PER_DOT = 8;
/** Times that the loop's body holds it all, so that the loop itself costs little. */
const UNROLLED = 16;
const ROUNDS = 2_000_000;

const times = (count, line) => Array.from({ length: count }, (_, k) => line(k)).join('\n');
const lines = (line) => times(SUMS, line);
// `a` changes in every round, or the compiler would multiply once for all.
const SOURCE = `
export function dots(rounds: i32): i32 {
  let a = i16x8.splat(3);
  const one = i16x8.splat(1);
  ${lines((k) => `const b${k} = i16x8.splat(${5 + k}); let sum${k} = i32x4.splat(0);`)}
  for (let i = 0; i < rounds; i++) {
    ${times(UNROLLED, () => `a = i16x8.add(a, one);\n${lines((k) => `sum${k} = i32x4.add(sum${k}, i32x4.dot_i16x8_s(a, b${k}));`)}`)}
  }
  let all = sum0;
  ${lines((k) => `all = i32x4.add(all, sum${k});`)}
  return i32x4.extract_lane(all, 0);
}`;

async function compile() {
  let binary = null;
  const { error, stderr } = await main(
    ['peak.ts', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '-o', 'peak.wasm'],
    {
      readFile: (name) => (name === 'peak.ts' ? SOURCE : null),
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}

/** GOP/s of one thread by processor time, the best of five. */
export async function peakOfInt8() {
  const { instance } = await globalThis.WebAssembly.instantiate(await compile());
  const { dots } = instance.exports;
  dots(ROUNDS / 10);
  const rates = Array.from({ length: 5 }, () => {
    const started = process.cpuUsage();
    dots(ROUNDS);
    const { user, system } = process.cpuUsage(started);
    return (2 * ROUNDS * UNROLLED * SUMS * MACS_PER_DOT) / (user + system) / 1000;
  });
  return Math.max(...rates);
}
