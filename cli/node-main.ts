import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '#engine/host/cache-folder';
import { nodeFiles } from '#engine/host/node-files';
import { nodeGit } from '#engine/host/node-git';
import { systemClock } from '#engine/host/node-host';
import { enginePath } from '#engine/core/paths';
import { runCommandLine } from './main';
import type { Terminal } from './terminal';

const stop = new AbortController();
// The first signal asks the run to stop at the next safe place; a second one ends the process, as everywhere.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// A reader that goes away (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
// A parent that cannot send signals (on Windows) writes a line instead.
if (process.argv.includes('--events')) {
  process.stdin.on('data', (data) => {
    if (/^cancel$/m.test(data.toString())) stop.abort();
  });
  process.stdin.unref?.();
}

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  cwd: enginePath(process.cwd()),
  environment: process.env,
  isInteractive: process.stderr.isTTY === true && process.env['CI'] === undefined,
  colors: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  columns: process.stderr.columns ?? 80,
  lineWidth: process.stdout.columns,
  files: nodeFiles(),
  clock: systemClock,
  distribution: enginePath(dirname(fileURLToPath(import.meta.url))),
  cache: cacheFolder(process.env),
  nodeVersion: process.versions.node,
  signal: stop.signal,
  git: nodeGit(stop.signal),
  async ask(question) {
    if (process.stdin.isTTY !== true) return undefined;
    const { createInterface } = await import('node:readline/promises');
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await reader.question(question, { signal: stop.signal });
    } finally {
      reader.close();
    }
  },
};

void runCommandLine(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
