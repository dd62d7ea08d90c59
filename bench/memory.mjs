// npm run bench:memory [-- <migrations directory> [edits]]: resident memory of the language server with its embedded database, at
// first and after thousands of edits of the newest migration.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { example, root } from '../scripts/lib/places.mjs';

const [directory = join(example, 'migrations'), edits = '5000'] = process.argv.slice(2);
await ensureInstalled();
await ensureBuilt();
const load = createRequire(import.meta.url);
const protocol = load('vscode-languageserver-protocol/node');
const path = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((each) => each.endsWith('.sql') && !/(^|[\\/._])down\.sql$/.test(each))
  .sort((a, b) => (a.replaceAll('-', '') < b.replaceAll('-', '') ? -1 : 1))
  .at(-1);
const file = join(directory, path ?? '');
const uri = pathToFileURL(file).href;
const text = readFileSync(file, 'utf8');

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
connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
await findings();
console.log(`${directory}, resident megabytes of the language server\n  edits  resident`);
for (let edit = 1; edit <= Number(edits); edit++) {
  connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: edit + 1 },
    contentChanges: [{ text: `${text}\nCOMMENT ON SCHEMA public IS '${edit}';\n` }],
  });
  await findings();
  if (edit === 1 || edit === 100 || edit % 1000 === 0) console.log(`${String(edit).padStart(7)}  ${String(residentMb()).padStart(8)}`);
}
server.kill();
process.exit(0);

async function findings() {
  for (;;) {
    try {
      return await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    } catch {
      // Overtaken by a newer version: ask again.
    }
  }
}

function residentMb() {
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}
