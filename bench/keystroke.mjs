// npm run bench:keystroke [-- <migrations directory> [runs]]: from a keystroke to verified findings, at the language server over the
// protocol, in the newest migration and in the hundredth, beside the limit: the same statements sent to the embedded PostgreSQL.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { example } from '../scripts/lib/places.mjs';
import { startLanguageServer, upScripts } from './language-server.mjs';
import { report } from './measure.mjs';

const [directory = join(example, 'migrations'), runs = '30'] = process.argv.slice(2);
await ensureInstalled();
await ensureBuilt();
const ups = upScripts(directory);
const { server, connection, findings } = await startLanguageServer(directory);

/** @type {Record<string, number[]>} */
const rows = {};
const places = { newest: ups.length - 1, ...(ups.length > 100 && { 'the 100th': 99 }) };
for (const [name, index] of Object.entries(places)) {
  const path = ups[index];
  if (path) await measure(name, path);
}
report(`${directory}: ${ups.length} migrations, milliseconds from keystroke to findings`, rows, Object.keys(rows)[0] ?? '');
server.kill();
process.exit(0);

/** @param {string} name @param {string} path */
async function measure(name, path) {
  const uri = pathToFileURL(path).href;
  let text = readFileSync(path, 'utf8');
  connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
  await findings(uri);
  await quiet();
  /** @type {number[]} */
  const comment = [];
  /** @type {number[]} */
  const change = [];
  for (let run = 0; run <= Number(runs); run++) {
    // A comment changes no statement; a column of another name in a new statement changes what has to be replayed.
    for (const { times, added } of [
      { times: comment, added: `\n-- ${run}` },
      { times: change, added: `\nCOMMENT ON SCHEMA public IS '${run}';` },
    ]) {
      const lines = text.split('\n');
      const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
      const started = performance.now();
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: run * 2 + (times === change ? 3 : 2) },
        contentChanges: [{ range: { start: position, end: position }, text: added }],
      });
      await findings(uri);
      if (run > 0) times.push(performance.now() - started);
      text += added;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const whole = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
    text = readFileSync(path, 'utf8');
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: run * 2 + 4 },
      contentChanges: [{ range: whole, text }],
    });
    await findings(uri);
  }
  rows[`${name}, a comment is typed`] = comment;
  rows[`${name}, a statement is typed`] = change;
  connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
}

/** Waits until the server has rehearsed what it rehearses when the editor is idle. */
async function quiet() {
  let before = -1;
  for (;;) {
    const now = cpuSeconds();
    if (now - before < 0.05) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

/** CPU seconds of the server so far; where the system does not tell, a fixed wait has to do. */
function cpuSeconds() {
  try {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
