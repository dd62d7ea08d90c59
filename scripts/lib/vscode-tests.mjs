// Runs the tests in test/vscode/ in a real VS Code, on copies of test/vscode/fixture or on folders that the tests describe.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyExample } from './example.mjs';
import { cache, root, screenshots } from './places.mjs';
import { run } from './processes.mjs';
import { temporaryFolder } from './temporary.mjs';
import { chooseVSCode, openVSCode, runInExtensionHost } from './vscode.mjs';

const require = createRequire(import.meta.url);
const hostMs = 600_000;
const applyMs = 120_000;
const keptLogLines = 80;

/** @typedef {{ passed: number, failed: number }} Counts */
/** @typedef {{ files?: Record<string, string>, example?: true | string, release?: string }} WindowOptions `OpenOptions` of test/vscode/ui/host.ts */

/** @returns {Promise<Counts>} The tests in test/vscode/extension-host and bare-host, inside the extension host. */
export async function runExtensionHostTests() {
  const counts = [await runHostTests('extension-host', copyFixture), await runHostTests('bare-host', makeBareFolder)];
  return { passed: counts[0].passed + counts[1].passed, failed: counts[0].failed + counts[1].failed };
}

/** @param {'extension-host' | 'bare-host'} kind @param {(temporary: string) => Promise<string>} makeFolder @returns {Promise<Counts>} */
async function runHostTests(kind, makeFolder) {
  const { path: temporary, remove } = await temporaryFolder('mem8-host-tests-');
  try {
    const results = join(temporary, 'results.json');
    const outcome = await runInExtensionHost({
      folder: await makeFolder(temporary),
      extensionDevelopmentPath: root,
      extensionTestsPath: await bundle(kind),
      env: { MEM8_TEST_RESULTS: results },
      timeoutMs: hostMs,
    });
    console.log(`${kind}: ${outcome.description}`);
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
  return runInWindows('ui', screenshots, filter);
}

/**
 * @param {string} folder Where pictures as VS Code drew them are put; what was there is removed.
 * @param {string} [filter] Only pictures whose name contains it.
 * @returns {Promise<Counts>} The programs in test/vscode/screenshots, which make pictures.
 */
export async function runScreenshots(folder, filter) {
  return runInWindows('screenshots', folder, filter);
}

/** @param {'ui' | 'screenshots'} kind @param {string} pictures A folder. @param {string} [filter] @returns {Promise<Counts>} */
async function runInWindows(kind, pictures, filter) {
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const tests = require(await bundle(kind));
  let described = false;
  const { passed, failed } = await tests.run({
    root,
    screenshots: pictures,
    filter,
    open: async (/** @type {WindowOptions} */ { files, example, release, ...options } = {}) => {
      const { path: temporary, remove } = await temporaryFolder('mem8-ui-tests-');
      const folder = example
        ? await exampleIn(temporary, example, release)
        : files
          ? await writeFiles(join(temporary, 'first'), files)
          : await copyFixture(temporary);
      const session = await openVSCode({ folder, extensionDevelopmentPath: root, ...options });
      if (!described) console.log(session.description);
      described = true;
      const close = async () => {
        await session.close();
        await remove();
      };
      const openFolder = async (name, others) => {
        const other = await writeFiles(join(temporary, name), others);
        await session.openFolder(other);
        return other;
      };
      return { page: () => session.page(), log: session.log, folder, openFolder, close };
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

/**
 * @param {string} temporary
 * @param {true | string} addition A folder of the checkout with another release in the making.
 * @param {string} [release] The release to which the target `local` is upgraded.
 */
async function exampleIn(temporary, addition, release) {
  const folder = join(temporary, 'mem8');
  await copyExample(folder, addition === true ? undefined : join(root, addition));
  if (release !== undefined) await applyIn(folder, release);
  return folder;
}

async function applyIn(folder, release) {
  const args = [join(root, 'dist/cli.js'), 'apply', '--target', 'local', '--to', release, '--yes'];
  const { code, output } = await run(process.execPath, args, { cwd: folder, timeoutMs: applyMs });
  if (code !== 0) throw new Error(`The example could not be upgraded to ${release}:\n${output}`);
}

async function copyFixture(temporary) {
  const folder = join(temporary, 'mem8');
  await cp(join(root, 'test/vscode/fixture'), folder, { recursive: true });
  return folder;
}

/** A repository that has migrations of golang-migrate and nothing else. */
function makeBareFolder(temporary) {
  return writeFiles(join(temporary, 'bare'), {
    'README.md': '# A repository without a manifest\n',
    'db/migrations/0001_items.up.sql': 'CREATE TABLE items (id bigint PRIMARY KEY);\n',
    'db/migrations/0001_items.down.sql': 'DROP TABLE items;\n',
    'db/migrations/0002_drop.up.sql': 'ALTER TABLE items DROP COLUMN nowhere;\n',
  });
}

/** @param {string} folder @param {Record<string, string>} files Texts by path in the folder. */
async function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}

/** @param {'extension-host' | 'bare-host' | 'ui' | 'screenshots'} kind @returns {Promise<string>} The path of the CommonJS module that was made of its tests. */
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
