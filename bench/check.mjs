// npm run bench [-- <migrations directory> [runs]]: how long checking takes as whole commands, beside the limit (the same scripts
// sent to the embedded PostgreSQL, with nothing looked at) and beside other linters on the same files in the same run; then bench:graph.
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { example, root } from '../scripts/lib/places.mjs';
import { report, timeCommands } from './measure.mjs';
import { installPeer } from './peers.mjs';

const [directory = join(example, 'migrations'), runs = '5'] = process.argv.slice(2);
const cli = join(root, 'dist', 'cli.js');
await ensureInstalled();
await ensureBuilt();

const ours = (/** @type {string[]} */ ...words) => ({ command: process.execPath, words: [cli, ...words] });
const scripts = (await readdir(directory, { recursive: true }))
  .filter((path) => path.endsWith('.sql'))
  .map((path) => join(directory, path));
const squawk = await installPeer('squawk-cli', 'squawk');
const languageServer = await installPeer('@postgres-language-server/cli', 'postgres-language-server');

const staticRuns = timeCommands(
  {
    'squawk-cli': { command: squawk, words: scripts },
    '@postgres-language-server/cli check': { command: languageServer, words: ['check', '--skip-db', ...scripts] },
    'check, static': ours('check', directory, '--no-database'),
  },
  Number(runs),
);
report(`${directory}: ${scripts.length} scripts without a database, wall seconds of whole processes`, staticRuns, 'squawk-cli');

const verifiedRuns = timeCommands(
  {
    'squawk-cli': { command: squawk, words: scripts },
    'bare replay (the limit)': { command: process.execPath, words: [join(root, 'bench', 'bare-replay.mjs'), directory], most: 5 },
    'check, verified, ups only': ours('check', directory, '--no-rehearse'),
    'check, verified, with rollbacks': { ...ours('check', directory), most: 5 },
    'rehearse: up, down and up again of every migration': ours('rehearse', directory),
  },
  Number(runs),
);
report(`${directory}: with the embedded database`, verifiedRuns, 'bare replay (the limit)');

// Releases and the checks of a manifest need no scripts: a program of its own, which fails over its limit.
process.exitCode = spawnSync(process.execPath, [join(root, 'bench', 'graph.mjs')], { stdio: 'inherit' }).status ?? 1;
