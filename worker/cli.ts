import { isMainThread, parentPort } from 'node:worker_threads';
import { runCommands } from './cli/commands';
import { supervise } from './cli/supervise';
import { serveThread } from './pool/serveThread';
import { isPoolThread } from './pool/spawnThread';

// Commands run in a thread of their own, so that the main thread can answer Ctrl+C at once whatever is being computed.
if (isMainThread) supervise(__filename);
else if (isPoolThread() && parentPort !== null) serveThread(parentPort);
else void runCommands(process.argv.slice(2));
