// `npm run bench`: one LSTM layer by this engine and by other runtimes, side by side in one run on one thread, as ratios; writes
// test/bench/results.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { installPackages, ROOT } from '../../extension/devhost/prepare.mjs';
import { importBundled } from './importBundled.mjs';
import { buildOnnxLstm } from './models/onnxLstm.mjs';
import { seededRandom } from './models/random.mjs';
import { peakOfInt8 } from './peak.mjs';
import { loadPeers, PEERS } from './peers.mjs';

const ALL_SHAPES = [
  { input: 96, cell: 96, steps: 100, batch: 1 },
  { input: 512, cell: 256, steps: 100, batch: 1 },
  { input: 512, cell: 1024, steps: 100, batch: 1 },
  { input: 512, cell: 2048, steps: 100, batch: 1 },
  { input: 512, cell: 1024, steps: 100, batch: 8 },
];
/** Every runtime runs once a round, so that what the machine does meanwhile hits all alike. */
const ROUNDS = 7;
/** Place of our float path among the contenders. */
const FLOAT = 3;

/** `npm run bench -- 1024` keeps the shapes of that cell size only. */
const cells = process.argv.slice(2).map(Number);
const shapes = ALL_SHAPES.filter(({ cell }) => cells.length === 0 || cells.includes(cell));

installPackages();
const peers = loadPeers();
const { buildTfliteLstm, loadLiteRt, prepareBenchLstm } = await importBundled('engine.ts', 'bench-engine.mjs');
const liteRt = await loadLiteRt();
const ortWeb = peers.requireAlone('onnxruntime-web');
ortWeb.env.wasm.numThreads = 1;
const ortNode = peers.requireAlone('onnxruntime-node');
const onnx = peers.require('onnx-proto');

const sections = [];
const peaks = [await peakOfInt8()];
for (const shape of shapes) {
  sections.push(await benchShape(shape));
  peaks.push(await peakOfInt8());
}
const text = `${header()}\n${sections.join('\n')}`;
console.log(text);
writeFileSync(join(import.meta.dirname, 'results.md'), text);
process.exit(0); // the peers keep threads alive

async function benchShape(shape) {
  const { input, cell, steps, batch } = shape;
  const label = `input ${input}, cell ${cell}, ${steps} steps, batch ${batch}`;
  console.error(`Measuring ${label} …`);
  const random = seededRandom(1);
  const reals = Float32Array.from({ length: steps * batch * input }, () => random() * 2);
  const codes = Int8Array.from(reals, (value) => Math.max(-128, Math.min(127, Math.round(value * 64) - 7)));
  const contenders = [];
  const setUps = [];
  const ours = (name, kind, x) => {
    const lstm = prepareBenchLstm(buildTfliteLstm(kind, shape, seededRandom(cell)), kind, steps, batch);
    setUps.push(`${kind} ${lstm.setUpMs.toFixed(0)} ms`);
    contenders.push({ name: `GateScope ${name}`, run: () => lstm.run(x) });
    if (kind === 'int8') contenders.push({ name: `GateScope ${name}, every signal kept`, run: () => lstm.probe(x) });
  };
  ours('int8', 'int8', codes);
  ours('hybrid', 'hybrid', reals);
  ours('float', 'float', reals);
  for (const kind of ['int8', 'hybrid', 'float']) {
    const model = await liteRt.open(buildTfliteLstm(kind, shape, seededRandom(cell)));
    contenders.push({ name: `LiteRT WASM ${kind}`, run: () => model.run([kind === 'int8' ? codes : reals]) });
  }
  for (const [name, ort, provider] of [
    ['ORT-web', ortWeb, 'wasm'],
    ['ORT-node', ortNode, 'cpu'],
  ]) {
    for (const kind of ['int8', 'float']) {
      const session = await ort.InferenceSession.create(buildOnnxLstm(onnx, { kind, ...shape }), {
        executionProviders: [provider],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      const feeds = { X: new ort.Tensor('float32', reals, [steps, batch, input]) };
      const op = kind === 'int8' ? 'DynamicQuantizeLSTM' : 'LSTM float';
      contenders.push({ name: `${name} ${op}`, run: () => session.run(feeds) });
    }
  }
  const times = contenders.map(() => []);
  for (let round = -2; round < ROUNDS; round++) {
    for (const [k, { run }] of contenders.entries()) {
      const started = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(started);
      if (round >= 0) times[k].push((user + system) / 1000); // the first two rounds warm up
    }
  }
  const medians = times.map(medianOf);
  const operations = 2 * steps * batch * 4 * cell * (input + cell);
  const ratio = (k, to) => medianOf(times[k].map((ms, round) => ms / times[to][round])).toFixed(2);
  const rows = contenders.map(({ name }, k) => {
    const ms = medians[k];
    const spread = `${Math.min(...times[k]).toFixed(1)} to ${Math.max(...times[k]).toFixed(1)}`;
    return `| ${name} | ${ms.toFixed(1)} | ${spread} | ${(operations / ms / 1e6).toFixed(1)} | ${ratio(k, 0)} | ${ratio(k, FLOAT)} |`;
  });
  return [
    `## ${label}\n`,
    '| | ms, median | lowest to highest | GOP/s | against GateScope int8 | against GateScope float |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows,
    `\nSet-up from the file's bytes: ${setUps.join(', ')}.\n`,
  ].join('\n');
}

function medianOf(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function header() {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const pinned = { ...devDependencies, ...PEERS };
  const versions = ['@litertjs/core', 'onnxruntime-web', 'onnxruntime-node'].map((name) => `${name} ${pinned[name]}`);
  return [
    '# One LSTM layer, side by side\n',
    `Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, one thread, ${ROUNDS} interleaved rounds, load average ${loadavg()[0].toFixed(1)} at the end.`,
    'Times are processor time, which other work on the machine disturbs less than the clock, and ratios are medians of those inside one round.',
    `1 MAC = 2 OP. Peers: ${versions.join(', ')}. Figures of different runs do not compare; ratios inside one run do.`,
    `i32x4.dot_i16x8_s with its addition, from registers alone, reached ${Math.max(...peaks).toFixed(0)} GOP/s in this run: what 128-bit WebAssembly without relaxed instructions allows an int8 product at most, before a weight is loaded and widened.\n`,
  ].join('\n');
}
