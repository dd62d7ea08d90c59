// The built language server over its protocol, as the benchmarks of the editor need it.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/lib/places.mjs';
import { start } from '../scripts/lib/processes.mjs';

const load = createRequire(import.meta.url);

/**
 * @param {string} directory The workspace folder.
 * @param {string} [cache] The folder in which results of replays are kept; none by default.
 */
export async function startLanguageServer(directory, cache = 'off') {
  const protocol = load('vscode-languageserver-protocol/node');
  const server = start(process.execPath, [join(root, 'dist', 'server.js'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MEM8_CACHE: cache },
  });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout),
    new protocol.StreamMessageWriter(server.stdin),
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(directory).href, name: 'bench' }],
    capabilities: { textDocument: { diagnostic: {} } },
  });
  connection.sendNotification('initialized', {});
  return {
    /** Opens a document. @param {string} path */
    open(path) {
      const text = readFileSync(path, 'utf8');
      const uri = pathToFileURL(path).href;
      let version = 1;
      connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version, text } });
      return {
        text,
        /** @param {object} change As in `contentChanges`. */
        change(change) {
          connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: ++version }, contentChanges: [change] });
        },
        close() {
          connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
        },
        /** Asks for the findings until they are not overtaken by a newer version. @returns {Promise<void>} */
        async findings() {
          for (;;) {
            try {
              await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
              return;
            } catch (error) {
              if (server.exitCode !== null) throw error;
            }
          }
        },
      };
    },
    cpuSeconds: () => cpuSeconds(server.pid),
    residentMb: () => residentMb(server.pid),
    /** Waits until the server has rehearsed what it rehearses when the editor is idle. */
    async quiet() {
      for (let before = -1; ; await sleep(3000)) {
        const now = cpuSeconds(server.pid) ?? 0;
        if (now - before < 0.05) return;
        before = now;
      }
    },
    /** Ends it as an editor does, so that it can keep what it found out. */
    async stop() {
      const closed = once(server, 'close');
      await connection.sendRequest('shutdown');
      connection.sendNotification('exit');
      await closed;
      connection.dispose();
    },
  };
}

/** CPU seconds of a process and its threads so far, if the system tells. @param {number | undefined} pid */
function cpuSeconds(pid) {
  if (process.platform !== 'linux') return undefined;
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e9;
}

/** @param {number | undefined} pid */
function residentMb(pid) {
  if (process.platform === 'win32') return Number.NaN;
  if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
