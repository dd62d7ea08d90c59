// The built language server over its protocol, as the benchmarks of keystrokes and memory need it.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/lib/places.mjs';

const load = createRequire(import.meta.url);

/** @param {string} directory The workspace folder. */
export async function startLanguageServer(directory) {
  const protocol = load('vscode-languageserver-protocol/node');
  const server = spawn(process.execPath, [join(root, 'dist', 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
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
  /** Asks for the findings of a document until they are not overtaken by a newer version. @param {string} uri */
  const findings = async (uri) => {
    for (;;) {
      try {
        return await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
      } catch {
        // Overtaken: ask again.
      }
    }
  };
  return { server, connection, findings };
}

/** Paths of the up scripts of a directory, in the order of their versions. @param {string} directory */
export function upScripts(directory) {
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  const named = scripts.filter((path) => /(^|[\\/._])up\.sql$/.test(path));
  return (named.length > 0 ? named : scripts)
    .sort((a, b) => (a.replaceAll('-', '') < b.replaceAll('-', '') ? -1 : 1))
    .map((path) => join(directory, path));
}
