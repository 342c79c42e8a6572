import { createRequire } from 'node:module';
import { Worker, type ResourceLimits } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/**
 * A worker thread that speaks the worker's interface and does what names tell it to: opening `hang` never returns, the graph of `rate` depends on an input `sr`, which is 16000 if nothing else is said, `exit` and
 * `throw` end the thread, `memory` fills the heap, `broken` is refused at byte 4. A run over a file called `stubborn` ignores a cancel
 * (it never yields), one called `crash` ends the thread, any other waits for its cancel, or ends at once without files.
 */
const SOURCE = `
  const { parentPort } = require('node:worker_threads');
  const { expose } = require(${JSON.stringify(require.resolve('comlink'))});
  const nodeEndpoint = require(${JSON.stringify(require.resolve('comlink/dist/umd/node-adapter'))});
  const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
  const hang = () => { for (;;); };
  const cancelled = new Set();
  let opened = null;
  let rate = {};
  let opens = 0;
  const api = {
    async open(session, { name, bytes, assumed }) {
      if (name.startsWith('hang')) hang();
      if (name.startsWith('exit')) process.exit(3);
      if (name.startsWith('throw')) { setTimeout(() => { throw new Error('boom'); }); await new Promise(() => {}); }
      if (name.startsWith('memory')) { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }
      const text = new TextDecoder().decode(bytes);
      if (text === 'broken') {
        return { ok: false, error: { kind: 'model', code: 'BAD', message: 'bad', file: name, byteOffset: 4, limit: null } };
      }
      const idle = Object.keys(assumed ?? {}).find((input) => input !== 'sr');
      if (idle !== undefined) {
        return { ok: false, error: { kind: 'model', code: 'ASSUMED_INPUT', message: idle + ' decides nothing', file: name, byteOffset: null, limit: null } };
      }
      opened = text;
      rate = name.startsWith('rate') ? { assumed: { sr: 16000, ...assumed } } : {};
      return { ok: true, value: { fileName: name, description: text, lstms: [], inputs: [{ shape: [1, -1, 120] }], opens: ++opens, ...rate } };
    },
    async close() { opened = null; },
    async targets() { return { ok: true, value: { targets: { ops: [], names: [], kinds: [], reasons: [], targets: [] }, problems: [] } }; },
    async run(session, request, onProgress) {
      const names = request.inputs.map((input) => input.name);
      if (names.includes('crash.npy')) process.exit(4);
      for (const done of names.includes('told.npy') ? [1, 2] : []) {
        onProgress({ runId: request.runId, done, total: 9, sample: '', finished: [{ name: 'u' + done, steps: 1, sqnrDb: null }] });
      }
      onProgress({ runId: request.runId, done: 0, total: 9, sample: names[0] ?? '', finished: [] });
      if (names.includes('stubborn.npy')) { await tick(); hang(); }
      if (names.includes('refused.npy')) {
        return { ok: false, error: { kind: 'data', code: 'RANK', message: 'does not fit', file: 'refused.npy', byteOffset: 8, limit: null } };
      }
      while (names.length > 0 && !names.includes('quick.npy') && !cancelled.has(request.runId)) await tick();
      const report = {
        schema: 'gatescope.report/1',
        complete: !cancelled.has(request.runId),
        model: { fileName: opened, byteLength: opened.length, sha256: require('node:crypto').createHash('sha256').update(opened).digest('hex'), ...rate },
        data: { label: request.dataLabel, files: names, synthetic: names.length === 0 },
        floatModel: request.floatModel && request.floatModel.name,
        labels: request.labels && request.labels.name,
        persona: request.persona,
        state: request.state,
      };
      return { ok: true, value: report };
    },
    async cancel(runId) { cancelled.add(runId); },
    async exportReport(report, format) {
      return format === 'json'
        ? { ok: true, value: JSON.stringify(report) }
        : { ok: false, error: { kind: 'internal', code: 'E', message: 'cannot draw', file: null, byteOffset: null, limit: null } };
    },
  };
  expose(api, nodeEndpoint(parentPort));
`;

export const spawnTestWorker = (resourceLimits: ResourceLimits = {}): Worker =>
  new Worker(SOURCE, { eval: true, execArgv: [], resourceLimits, stderr: true });
