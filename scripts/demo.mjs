// npm run demo: the main job on a copy of the example, with the database that is built in: check, plan, back up, upgrade, verify, roll back.
import { cp, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { example, root } from './lib/places.mjs';
import { run } from './lib/processes.mjs';

const project = join(root, '.mem8', 'demo');
const commandMs = 60_000;
const leastReleases = 3;
const started = Date.now();

try {
  await ensureInstalled();
  await ensureBuilt();
  await demo();
} catch (error) {
  console.error(`\nThe demo did not finish: ${error.message}`);
  process.exit(1);
}

async function demo() {
  await rm(project, { recursive: true, force: true });
  await cp(example, project, { recursive: true, filter: (path) => !relative(example, path).split(/[\\/]/).includes('.mem8') });
  console.log(`A copy of the example is in ${shown(project)}; the commands run there.`);

  title('What is wrong with the migrations?');
  await mem8('check', '--fail-on', 'error');

  title('What would an upgrade do?');
  await mem8('plan', '--target', 'local');
  const { steps } = await answer('plan', '--target', 'local');
  const releases = [...new Set(steps.map((step) => step.release))];
  expectThat(releases.length >= leastReleases, `the way has at least ${leastReleases} releases, not ${releases.length}`);
  const [first] = releases;
  const newest = releases[releases.length - 1];
  const previous = releases[releases.length - 2];

  title(`Install ${first}, and back it up`);
  await mem8('apply', '--target', 'local', '--to', first, '--yes');
  await mem8('backup', '--target', 'local');

  title(`Upgrade over ${releases.length - 1} releases to ${newest}`);
  await mem8('apply', '--target', 'local', '--yes');
  await expectRelease(newest);
  await mem8('verify', '--target', 'local');

  title(`Go back to ${previous}`);
  await mem8('rollback', '--target', 'local', '--to', previous, '--yes');
  const { backups } = await expectRelease(previous);
  await mem8('verify', '--target', 'local');
  await mem8('status', '--target', 'local');
  summarise({ first, newest, previous, backups });
}

/** @param {{ first: string, newest: string, previous: string, backups: { id: string, location: string, proven: boolean }[] }} result */
function summarise({ first, newest, previous, backups }) {
  title('Done');
  console.log(`Installed ${first}, upgraded to ${newest}, rolled back to ${previous}, verified twice, in ${seconds()} s.`);
  console.log(`  project  ${shown(project)}`);
  console.log(`  target   ${shown(join(project, '.mem8', 'local'))} (release ${previous})`);
  for (const { id, location, proven } of backups) console.log(`  backup   ${id}, ${proven ? 'restores' : 'not proven'}: ${location}`);
  console.log(`Look further: cd ${shown(project)}, then node ${relative(project, join(root, 'dist', 'cli.js'))} --help`);
}

/** @param {string} release */
async function expectRelease(release) {
  const status = await answer('status', '--target', 'local');
  expectThat(status.release === release, `the target is at ${release}, not at ${status.release}`);
  return status;
}

/** Shows a command and runs it. @param {...string} words */
async function mem8(...words) {
  console.log(`\n$ mem8-upgrade ${words.join(' ')}`);
  const { code, timedOut } = await cli(words, true);
  expectThat(!timedOut, `"${words[0]}" ends within ${commandMs / 1000} s`);
  expectThat(code === 0, `"${words.join(' ')}" exits with 0, not ${code}`);
}

/** The JSON answer of a command that is not part of the show. @param {...string} words */
async function answer(...words) {
  const { code, output } = await cli([...words, '--format', 'json'], false);
  expectThat(code === 0, `"${words.join(' ')}" exits with 0, not ${code}:\n${output}`);
  return JSON.parse(output);
}

/** @param {string[]} words @param {boolean} show */
function cli(words, show) {
  return run(process.execPath, [join(root, 'dist', 'cli.js'), ...words], { cwd: project, timeoutMs: commandMs, show });
}

/** @param {boolean} holds @param {string} what */
function expectThat(holds, what) {
  if (!holds) throw new Error(`expected that ${what}`);
}

/** @param {string} text */
function title(text) {
  console.log(`\n\n== ${text} (${seconds()} s)`);
}

/** @param {string} path */
function shown(path) {
  return relative(process.cwd(), path) || '.';
}

function seconds() {
  return Math.round((Date.now() - started) / 1000);
}
