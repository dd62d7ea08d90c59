// npm test: every test there is, from a bare clone. `npm test -- --only unit,ui` runs some stages, `--name text` some UI tests.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';
import { run, runNpm } from './lib/processes.mjs';

/** A run that hangs is ended after this; it is far more than a slow machine needs. */
const totalMs = 80 * 60_000;
const started = Date.now();

/** @typedef {{ passed: number, failed: number }} Counts */
/** @typedef {{ id: string, title: string, run: () => Promise<Counts> }} Stage */

/** @type {Stage[]} */
const stages = [
  { id: 'install', title: 'Dependencies', run: () => once(ensureInstalled()) },
  { id: 'build', title: 'Build', run: () => command(process.execPath, ['esbuild.mjs']) },
  { id: 'lint', title: 'Lint and format', run: () => npm('lint') },
  { id: 'types', title: 'Types', run: () => npm('typecheck') },
  { id: 'unit', title: 'Unit, bundle and end-to-end tests', run: unitTests },
  { id: 'host', title: 'Tests inside the extension host of VS Code', run: extensionHostTests },
  { id: 'ui', title: 'Tests of the user interface in VS Code', run: uiTests },
];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, name: { type: 'string' } } });
const only = values.only?.flatMap((text) => text.split(','));
const unknown = only?.filter((id) => !stages.some((stage) => stage.id === id)) ?? [];
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}. There are: ${stages.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}

const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const summary = [];
for (const stage of stages.filter(({ id }) => !only || only.includes(id))) await runStage(stage);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

/** @param {Stage} stage */
async function runStage(stage) {
  console.log(`\n=== ${stage.title} (${stage.id})`);
  const before = Date.now();
  const counts = await stage.run().catch((error) => {
    console.error(error instanceof Error ? error.stack : error);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((Date.now() - before) / 1000).toFixed(1);
  total.passed += counts.passed;
  total.failed += counts.failed;
  const line = `${counts.failed > 0 ? 'FAILED' : 'ok    '} ${stage.id.padEnd(8)} ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`;
  summary.push(line);
  console.log(line);
}

async function unitTests() {
  const report = join(root, 'test-results', 'vitest.json');
  await rm(report, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code, timedOut } = await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, MEM8_SKIP_BUILD: '1' },
    timeoutMs: remainingMs(),
    show: true,
  });
  if (timedOut) console.error('The tests took too long and were ended.');
  const result = JSON.parse(await readFile(report, 'utf8'));
  return { passed: result.numPassedTests, failed: Math.max(result.numFailedTests, code === 0 ? 0 : 1) };
}

async function extensionHostTests() {
  const { announceVSCode, runExtensionHostTests } = await import('./lib/vscode-tests.mjs');
  await announceVSCode();
  return runExtensionHostTests();
}

async function uiTests() {
  const { announceVSCode, runUiTests } = await import('./lib/vscode-tests.mjs');
  await announceVSCode();
  return runUiTests(values.name);
}

/** @param {string} script */
async function npm(script) {
  return counted(await runNpm(['run', '--silent', script], { cwd: root, timeoutMs: remainingMs(), show: true }));
}

/** @param {string} program @param {string[]} args */
async function command(program, args) {
  return counted(await run(program, args, { cwd: root, timeoutMs: remainingMs(), show: true }));
}

/** @param {Promise<unknown>} work */
async function once(work) {
  await work;
  return { passed: 1, failed: 0 };
}

/** @param {{ code: number }} result */
function counted({ code }) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function remainingMs() {
  return Math.max(1000, totalMs - (Date.now() - started));
}
