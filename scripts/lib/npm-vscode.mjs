// A real VS Code from npm: `code-server` ships the whole built product, `node-<platform>-<arch>` the Node it wants.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { npmInstall } from './npm-install.mjs';
import { endProcess, start, within } from './processes.mjs';

const codeServer = '4.139.1';
const node = '24.21.0';

/** Settings that keep a fresh VS Code quiet. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'files.autoSave': 'off',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.enabled': false,
  'files.simpleDialog.enable': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** @returns {boolean} Whether this machine has a Node package and a Chromium on npm. */
export function canUseNpm() {
  return process.platform === 'linux' && (process.arch === 'x64' || (process.arch === 'arm64' && Boolean(process.env.CHROMIUM_PATH)));
}

/**
 * Installs VS Code once.
 * @returns {Promise<{ nodePath: string, serverPath: string, version: string }>}
 */
async function installNpmVSCode() {
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const folder = await cachedFolder(`code-server-${codeServer}-${nodePackage}-${node}`, (draft) => install(draft, nodePackage));
  const product = join(folder, 'node_modules/code-server/lib/vscode');
  const { version } = JSON.parse(await readFile(join(product, 'package.json'), 'utf8'));
  return { nodePath: join(folder, 'node_modules', nodePackage, 'bin/node'), serverPath: join(product, 'out/server-main.js'), version };
}

async function install(folder, nodePackage) {
  const started = Date.now();
  console.log('Downloading VS Code from npm (once, about 800 MB on disk) ...');
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const product = join(folder, 'node_modules/code-server/lib/vscode');
  await npmInstall(folder, 'the server of VS Code', [`code-server@${codeServer}`, `${nodePackage}@${node}`]);
  await npmInstall(product, 'the libraries of VS Code', ['--omit=dev']);
  await npmInstall(join(product, 'extensions'), "the libraries of VS Code's own extensions", ['--omit=dev']);
  console.log(`  done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * Starts a VS Code server on a free port of this machine.
 * @param {{ temporary: string, settings: Record<string, unknown>, trust: boolean, port?: number, env?: Record<string, string> }} options
 *   `temporary`: an empty folder for its data; `trust`: false leaves workspace trust on, so that folders open in Restricted Mode.
 * @returns {Promise<{ host: string, version: string, log: () => string, close: () => void, closed: Promise<void> }>} `host`: `127.0.0.1:<port>`.
 */
export async function startServer(options) {
  const { nodePath, serverPath, version } = await installNpmVSCode();
  await writeSettings(join(options.temporary, 'data/User'), options.settings);
  const args = [
    serverPath,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...['--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', options.temporary],
    // A built VS Code ignores extensionDevelopmentPath and extensionTestsPath without it.
    '--enable-smoke-test-driver',
    ...(options.trust ? ['--disable-workspace-trust'] : []),
  ];
  const env = { ...process.env, ...options.env };
  // Names that make a VS Code take itself for the child of another one, or Node load what the other one uses.
  for (const name of ['VSCODE_IPC_HOOK_CLI', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'LD_LIBRARY_PATH']) delete env[name];
  const child = start(nodePath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const closed = new Promise((resolve) => child.once('close', () => resolve(undefined)));
  const ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        log += text;
        const found = /Web UI available at https?:\/\/[^:\s]+:(\d+)/.exec(log);
        if (found) resolve(`127.0.0.1:${found[1]}`);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The VS Code server ended with ${code}.`)));
  });
  const close = () => endProcess(child);
  try {
    const host = await within(ready, 60_000, 'The start of the VS Code server');
    return { host, version, log: () => log, close, closed };
  } catch (error) {
    close();
    throw new Error(`${error.message}\n${log}`);
  }
}

/**
 * The address at which a workbench opens a folder with an extension under development.
 * @param {string} host
 * @param {{ folder: string, extensionDevelopmentPath: string, extensionTestsPath?: string }} options Absolute paths.
 */
export function workbenchAddress(host, options) {
  const remote = (path) => `vscode-remote://${host}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)],
    ...(options.extensionTestsPath ? [['extensionTestsPath', remote(options.extensionTestsPath)]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams({ folder: options.folder, payload: JSON.stringify(payload) });
  return `http://${host}/?${query}`;
}

/** @param {string} folder @param {Record<string, unknown>} settings */
export async function writeSettings(folder, settings) {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'settings.json');
  if (!existsSync(path)) await writeFile(path, JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
}
