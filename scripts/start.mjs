// npm start [-- <folder>]: opens a folder, or a copy of the example with one migration in the making, in a real VS Code with the extension from this checkout.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { copyExample } from './lib/example.mjs';
import { root } from './lib/places.mjs';
import { run } from './lib/processes.mjs';

const { values, positionals } = parseArgs({
  options: { port: { type: 'string', default: '0' }, browser: { type: 'boolean', default: false } },
  allowPositionals: true,
});

await ensureInstalled();
await ensureBuilt();
const folder = positionals[0] === undefined ? await exampleCopy() : resolve(positionals[0]);
const desktop = values.browser ? undefined : findProgram('code');
if (desktop) await openDesktop(desktop);
else await serve();

/** Kept when the editor is closed, so that what was tried in it is not lost. */
async function exampleCopy() {
  const copy = join(await mkdtemp(join(tmpdir(), 'mem8-example-')), 'mem8');
  await copyExample(copy);
  return copy;
}

/** @param {string} program */
async function openDesktop(program) {
  console.log(`Opening ${folder} with ${program} ...`);
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', folder];
  const { code } =
    process.platform === 'win32'
      ? await run('cmd.exe', ['/d', '/s', '/c', program, ...args], { timeoutMs: 60_000, show: true })
      : await run(program, args, { timeoutMs: 60_000, show: true });
  process.exit(code);
}

async function serve() {
  const { canUseNpm, startServer, workbenchAddress } = await import('./lib/npm-vscode.mjs');
  const { temporaryFolder } = await import('./lib/temporary.mjs');
  if (!canUseNpm()) {
    console.error('There is no `code` on the PATH. Install VS Code and its `code` command, then start again.');
    process.exit(1);
  }
  const { path: temporary } = await temporaryFolder('mem8-start-');
  const server = await startServer({ temporary, settings: {}, trust: true, port: Number(values.port) });
  console.log(
    `VS Code ${server.version} with the extension is open at\n\n  ${workbenchAddress(server.host, { folder, extensionDevelopmentPath: root })}\n`,
  );
  console.log('Only this machine can reach it. Ctrl+C ends it.');
  await server.closed;
}

/** @param {string} name @returns {string | undefined} */
function findProgram(name) {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((directory) => names.map((file) => join(directory, file))).find((path) => existsSync(path));
}
