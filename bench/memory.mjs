// npm run bench:memory [-- <migrations directory> [edits]]: resident memory of the language server with its embedded database, at
// first and after thousands of edits of the newest migration.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { example } from '../scripts/lib/places.mjs';
import { startLanguageServer, upScripts } from './language-server.mjs';

const [directory = join(example, 'migrations'), edits = '5000'] = process.argv.slice(2);
await ensureInstalled();
await ensureBuilt();
const file = upScripts(directory).at(-1) ?? '';
const uri = pathToFileURL(file).href;
const text = readFileSync(file, 'utf8');
const { server, connection, findings } = await startLanguageServer(directory);
connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
await findings(uri);
console.log(`${directory}, resident megabytes of the language server\n  edits  resident`);
for (let edit = 1; edit <= Number(edits); edit++) {
  connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: edit + 1 },
    contentChanges: [{ text: `${text}\nCOMMENT ON SCHEMA public IS '${edit}';\n` }],
  });
  await findings(uri);
  if (edit === 1 || edit === 100 || edit % 1000 === 0) console.log(`${String(edit).padStart(7)}  ${String(residentMb()).padStart(8)}`);
}
server.kill();
process.exit(0);

function residentMb() {
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}
