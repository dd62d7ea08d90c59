// Runs the tests in test/vscode/ on copies of test/vscode/fixture, each kind in a real VS Code.
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, screenshots } from './places.mjs';
import { temporaryFolder } from './temporary.mjs';
import { chooseVSCode, openVSCode, runInExtensionHost } from './vscode.mjs';

const require = createRequire(import.meta.url);
const hostMs = 600_000;
const keptLogLines = 80;

/** @typedef {{ passed: number, failed: number }} Counts */

/** @returns {Promise<Counts>} The tests in test/vscode/extension-host, inside the extension host. */
export async function runExtensionHostTests() {
  const { path: temporary, remove } = await temporaryFolder('mem8-host-tests-');
  try {
    const results = join(temporary, 'results.json');
    const outcome = await runInExtensionHost({
      folder: await copyFixture(temporary),
      extensionDevelopmentPath: root,
      extensionTestsPath: await bundle('extension-host'),
      env: { MEM8_TEST_RESULTS: results },
      timeoutMs: hostMs,
    });
    console.log(outcome.description);
    if (!existsSync(results)) return abandoned(outcome.log);
    const { passed, failed, lines } = JSON.parse(await readFile(results, 'utf8'));
    console.log(lines.join('\n'));
    return counted(passed, Math.max(failed, outcome.code === 0 ? 0 : 1));
  } finally {
    await remove();
  }
}

/** @param {string} [filter] Only tests whose name contains it. @returns {Promise<Counts>} The tests in test/vscode/ui, which work like a person would. */
export async function runUiTests(filter) {
  await rm(screenshots, { recursive: true, force: true });
  await mkdir(screenshots, { recursive: true });
  const tests = require(await bundle('ui'));
  let described = false;
  const { passed, failed } = await tests.run({
    screenshots,
    filter,
    open: async (options = {}) => {
      const { path: temporary, remove } = await temporaryFolder('mem8-ui-tests-');
      const folder = await copyFixture(temporary);
      const session = await openVSCode({ folder, extensionDevelopmentPath: root, ...options });
      if (!described) console.log(session.description);
      described = true;
      const close = async () => {
        await session.close();
        await remove();
      };
      return { page: session.page, log: session.log, folder, close };
    },
  });
  return counted(passed, failed);
}

/** A run in which no test took part proves nothing, so it fails. */
function counted(passed, failed) {
  if (passed + failed > 0) return { passed, failed };
  console.log('No test took part.');
  return { passed: 0, failed: 1 };
}

/** Says beforehand which VS Code it will be, because its first download takes a while. */
export async function announceVSCode() {
  const chosen = await chooseVSCode();
  console.log(chosen === 'electron' ? 'Using desktop VS Code.' : 'Using the VS Code that comes from npm.');
}

async function copyFixture(temporary) {
  const folder = join(temporary, 'mem8');
  await cp(join(root, 'test/vscode/fixture'), folder, { recursive: true });
  return folder;
}

/** @param {'extension-host' | 'ui'} kind @returns {Promise<string>} The path of the CommonJS module that was made of its tests. */
async function bundle(kind) {
  const { build } = await import('esbuild');
  const outfile = join(cache, 'tests', `${kind}.js`);
  await build({
    entryPoints: [join(root, 'test/vscode', kind, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    // package.json says that modules have no side effects; declaring tests is one.
    ignoreAnnotations: true,
    external: ['vscode', 'playwright-core'],
    logLevel: 'warning',
  });
  return outfile;
}

function abandoned(log) {
  console.log('The tests did not get to their end. The last lines of the log:');
  console.log(log.trimEnd().split('\n').slice(-keptLogLines).join('\n'));
  return { passed: 0, failed: 1 };
}
