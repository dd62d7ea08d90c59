import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { cacheFolder } from '#engine/host/cache-folder';
import { nodeFiles } from '#engine/host/node-files';
import { nodeGit } from '#engine/host/node-git';
import { systemClock } from '#engine/host/node-host';
import { createShadow } from '#engine/operations/checking';
import { startServer } from './server';

/** The server as a process of its own: bundled to dist/server.js, speaking over node IPC, stdio, a pipe or a socket. */
const connection = createConnection(ProposedFeatures.all);
const distribution = dirname(fileURLToPath(import.meta.url));
const documentation = join(distribution, '..', 'docs', 'checks');

startServer(connection, {
  files: nodeFiles(),
  clock: systemClock,
  git: nodeGit(),
  logger: {
    debug: (message) => connection.console.debug(message),
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
  },
  startShadow: () =>
    createShadow({
      worker: join(distribution, 'shadow-worker.js'),
      assets: join(distribution, 'pglite'),
      cache: cacheFolder(process.env),
    }),
  documentation: existsSync(documentation) ? documentation : undefined,
});
