import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import Elk from 'elkjs/lib/elk-api';
import { Worker as ElkOnThisThread } from 'elkjs/lib/elk-worker.min.js';
import { parentPort } from 'node:worker_threads';
import type { GraphLayout, LayoutRequest } from '../core/graph/graphLayout';
import { elkGraph, layoutOf } from './elkGraph';

/** A thread that lays graphs out. The library does not pause: to stop it, end the thread. */
export interface LayoutThreadApi {
  layout(request: LayoutRequest): Promise<GraphLayout>;
}

if (parentPort === null) throw new Error('This program runs as a worker thread.');
const elk = new Elk({ workerFactory: () => new ElkOnThisThread() });
const api: LayoutThreadApi = {
  layout: async (request) => layoutOf(request, await elk.layout(elkGraph(request))),
};
expose(api, nodeEndpoint(parentPort));
