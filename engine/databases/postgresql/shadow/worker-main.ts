import { parentPort, workerData } from 'node:worker_threads';
import { Replayer } from './replayer';
import { limitMemory } from './memory-limit';
import type { WorkerMessage, WorkerRequest, WorkerStart } from './worker-protocol';

/** The shadow's worker thread: an embedded PostgreSQL that replays what the host sends. */
const port = parentPort;
if (!port) throw new Error('The shadow worker runs as a worker thread only.');
const send = (message: WorkerMessage): void => port.postMessage(message);
const start = workerData as WorkerStart;

const replayer = new Replayer(start, send);
limitMemory(start.limits.memoryMb, () => replayer.work.memoryRefused());

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  send({ type: 'failed', inStatement: replayer.work.ranStatement, reason: 'crash', message });
}

let work: Promise<void> = replayer
  .open()
  .then((serverVersion) => send({ type: 'ready', serverVersion }))
  .catch(fail);

port.on('message', (request: WorkerRequest | 'close') => {
  work = work.then(() => (request === 'close' ? replayer.close().then(() => port.close()) : replayer.handle(request))).catch(fail);
});
