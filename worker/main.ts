import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { WorkerApi } from './api';
import { externalFiles } from './core/formats/onnx/readOnnx';
import { inFile } from './fileError';
import { fuseFile } from './fuseFile';
import { LayoutThread } from './layout/layoutThread';
import { ownThreads } from './pool/ownThreads';
import { serveThread } from './pool/serveThread';
import { isPoolThread } from './pool/spawnThread';
import { replyTo } from './reply';
import { Sessions } from './session';

function serveEditor(port: MessagePort): void {
  const sessions = new Sessions(ownThreads());
  const layouts = new LayoutThread();
  const api: WorkerApi = {
    open: (session, file) => replyTo(() => sessions.open(session, file)),
    externalFiles: ({ name, bytes }) => replyTo(() => inFile(name, () => externalFiles(bytes))),
    close: (session) => Promise.resolve(sessions.close(session)),
    run: (session, request, onProgress) => replyTo(() => sessions.run(session, request, heard(onProgress))),
    cancel: (id) => {
      layouts.cancel(id);
      return Promise.resolve(sessions.cancel(id));
    },
    prepareDetail: (session, request) => replyTo(() => sessions.prepareDetail(session, request)),
    signalDetail: (session, id, request) => replyTo(() => sessions.signalDetail(session, id, request)),
    tensorDetail: (session, id, request) => replyTo(() => sessions.tensorDetail(session, id, request)),
    audioDetail: (session, id, request, reference) => replyTo(() => sessions.audioDetail(session, id, request, reference)),
    operatorDetail: (session, request) => replyTo(() => sessions.operatorDetail(session, request)),
    tensorInfos: (session, request) => replyTo(() => sessions.tensorInfos(session, request)),
    layoutGraph: (id, request) => replyTo(() => layouts.layout(id, request)),
    blame: (session, job, onProgress) => replyTo(() => sessions.blame(session, job, heard(onProgress))),
    compare: (session, job, onProgress) => replyTo(() => sessions.compare(session, job, heard(onProgress))),
    targets: (session, own) => replyTo(() => sessions.targets(session, own)),
    targetLog: (session, file) => replyTo(() => sessions.targetLog(session, file)),
    fixSource: (session) => replyTo(() => sessions.fixSource(session)),
    calibrate: (session, job, onProgress) => replyTo(() => sessions.calibrate(session, job, heard(onProgress))),
    quantize: (session, job) => replyTo(() => sessions.quantize(session, job)),
    measure: (session, job, onProgress) => replyTo(() => sessions.measure(session, job, heard(onProgress))),
    observed: (session, row, bits) => replyTo(() => sessions.observed(session, row, bits)),
    fileBytes: async (session) => {
      const reply = await replyTo(() => sessions.fileBytes(session));
      return reply.ok ? transfer(reply, [reply.value.buffer as ArrayBuffer]) : reply;
    },
    fuse: async (file, job) => {
      const reply = await replyTo(() => fuseFile(file, job));
      return reply.ok ? transfer(reply, [reply.value.bytes.buffer as ArrayBuffer]) : reply;
    },
    exportReport: (report, format) => replyTo(() => sessions.exportReport(report, format)),
  };
  expose(api, nodeEndpoint(port));
}

/** Over the thread's border a listener's answer is a promise; one that fails must not end the worker, nor the run. */
function heard<T>(listener: (progress: T) => void): (progress: T) => void {
  return (progress) => void Promise.resolve(listener(progress)).catch(() => undefined);
}

if (parentPort === null) throw new Error('This program runs as a worker thread.');
if (isPoolThread()) serveThread(parentPort);
else serveEditor(parentPort);
