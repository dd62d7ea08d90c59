// One way to open a real VS Code for tests, whichever one this machine can have.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { downloadElectron, electronArguments, whyNotElectron } from './electron-vscode.mjs';
import { canUseNpm, startServer, workbenchAddress, writeSettings } from './npm-vscode.mjs';
import { run, within } from './processes.mjs';
import { temporaryFolder } from './temporary.mjs';

const require = createRequire(import.meta.url);
const openMs = 90_000;
const usualWindow = { width: 1400, height: 900, scale: 1 };

/**
 * @typedef {object} VSCodeOptions
 * @property {string} folder Absolute path of the folder to open.
 * @property {string} extensionDevelopmentPath Absolute path of the extension's folder.
 * @property {string} [extensionTestsPath] Absolute path of a CommonJS module that exports `run()`; VS Code ends when it has run.
 * @property {Record<string, unknown>} [settings] User settings.
 * @property {Record<string, string>} [env] Environment variables for VS Code and its extension host.
 * @property {{ width: number, height: number, scale: number }} [window] Size in CSS pixels, and how many pixels of the screen are one of them.
 *   Text is then in fonts that are the same on every machine. Only for the VS Code from npm.
 * @property {boolean} [trust] False: the folder opens in Restricted Mode. Default: true.
 * @property {number} [timeoutMs] How long tests may take. Default: five minutes.
 */

/**
 * @typedef {object} OpenVSCode
 * @property {string} description Which VS Code, which version and which browser.
 * @property {() => import('playwright-core').Page} page The workbench, to be driven like a person would.
 * @property {(folder: string) => Promise<void>} openFolder Opens another folder in place of the one that is open.
 * @property {() => string} log What VS Code and the extension host printed.
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<'electron' | 'npm'>} Which VS Code to use here. MEM8_VSCODE=electron or npm decides it. */
export async function chooseVSCode() {
  const chosen = process.env.MEM8_VSCODE;
  if (chosen === 'electron' || chosen === 'npm') return chosen;
  const obstacle = await whyNotElectron();
  if (!obstacle) return 'electron';
  if (canUseNpm()) return 'npm';
  throw new Error(`No VS Code for tests: desktop VS Code cannot be used (${obstacle}), and the one from npm needs Linux on x64.`);
}

/**
 * Opens a workbench for UI tests.
 * @param {VSCodeOptions} options
 * @returns {Promise<OpenVSCode>}
 */
export async function openVSCode(options) {
  return (await chooseVSCode()) === 'electron' ? openElectron(options) : openInChromium(options);
}

/**
 * Runs tests inside the extension host.
 * @param {VSCodeOptions & { extensionTestsPath: string, onOutput?: (line: string) => void }} options
 * @returns {Promise<{ code: number, description: string, log: string }>} `code`: 0 when `run()` resolved.
 */
export async function runInExtensionHost(options) {
  return (await chooseVSCode()) === 'electron' ? runInElectron(options) : runInNpmVSCode(options);
}

/** @param {VSCodeOptions} options @returns {Promise<OpenVSCode>} */
async function openInChromium(options) {
  const session = await startBrowserSession(options);
  try {
    const openFolder = async (folder) => {
      await session.page.goto(workbenchAddress(session.host, { ...options, folder }), { timeout: openMs });
      await session.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: openMs });
    };
    await openFolder(options.folder);
    return { ...session, page: () => session.page, openFolder };
  } catch (error) {
    await session.close();
    throw new Error(`The workbench did not open: ${error.message}\n${session.log()}`);
  }
}

async function runInNpmVSCode(options) {
  const session = await startBrowserSession(options);
  try {
    const ended = new Promise((resolve) => {
      session.exposed.exit = (code) => resolve(code);
      session.exposed.log = (line) => options.onOutput?.(line);
    });
    await session.page.goto(workbenchAddress(session.host, options), { timeout: openMs });
    const code = await within(ended, options.timeoutMs ?? 300_000, 'The run in the extension host');
    return { code, description: session.description, log: session.log() };
  } catch (error) {
    return { code: 1, description: session.description, log: `${error.message}\n${session.log()}` };
  } finally {
    await session.close();
  }
}

async function startBrowserSession(options) {
  const { path: temporary, remove } = await temporaryFolder('mem8-vscode-');
  const closers = [remove];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const server = await startServer({
      temporary: join(temporary, 'server'),
      settings: options.settings ?? {},
      trust: options.trust ?? true,
      env: options.env,
    });
    closers.push(async () => {
      server.close();
      await within(server.closed, 10_000, 'The end of the VS Code server').catch(() => {});
    });
    const chromium = await findChromium(join(temporary, 'chromium'), options.window !== undefined);
    const { chromium: playwright } = await import('playwright-core');
    const browser = await playwright.launch({
      executablePath: chromium.path,
      // Without it the widths of letters are rounded at some starts and not at others.
      args: [...chromium.args, ...(options.window ? [`--force-device-scale-factor=${options.window.scale}`] : [])],
      env: { ...process.env, ...chromium.env },
      timeout: 60_000,
    });
    closers.push(() => within(browser.close(), 10_000, 'The end of Chromium').catch(() => {}));
    const { width, height, scale } = options.window ?? usualWindow;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
    /** @type {{ log: (line: string) => void, exit: (code: number) => void }} */
    const exposed = { log: () => {}, exit: () => {} };
    await page.exposeFunction('codeAutomationLog', (_type, args) => exposed.log(readable(args)));
    await page.exposeFunction('codeAutomationExit', (code) => exposed.exit(code));
    const description = `VS Code ${server.version} from npm, ${chromium.name} (${browser.version()})`;
    return { host: server.host, page, exposed, description, log: server.log, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Log arguments arrive as JSON text of the console's arguments. */
function readable(args) {
  const list = Array.isArray(args) ? args : [args];
  return list.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
}

async function prepareElectron(options) {
  const { path: temporary, remove } = await temporaryFolder('mem8-vscode-');
  await writeSettings(join(temporary, 'data/User'), options.settings ?? {});
  const vscode = await downloadElectron();
  const args = electronArguments({ trust: true, ...options, temporary });
  return { ...vscode, args, env: { ...process.env, ...options.env }, remove, description: `desktop VS Code ${vscode.version}` };
}

/** @param {VSCodeOptions} options @returns {Promise<OpenVSCode>} */
async function openElectron(options) {
  const { _electron } = require('playwright-core');
  let open = await launch(options.folder);
  return {
    page: () => open.page,
    description: open.description,
    log: () => '',
    close: () => open.close(),
    openFolder: async (folder) => {
      await open.close();
      open = await launch(folder);
    },
  };

  async function launch(folder) {
    const vscode = await prepareElectron({ ...options, folder });
    const application = await _electron.launch({ executablePath: vscode.path, args: vscode.args, env: vscode.env, timeout: openMs });
    const page = await application.firstWindow();
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: openMs });
    const close = async () => {
      await within(application.close(), 10_000, 'The end of VS Code').catch(() => application.process().kill('SIGKILL'));
      await vscode.remove();
    };
    return { page, description: vscode.description, close };
  }
}

async function runInElectron(options) {
  const vscode = await prepareElectron(options);
  try {
    const { code, output } = await run(vscode.path, vscode.args, {
      env: vscode.env,
      timeoutMs: options.timeoutMs ?? 300_000,
      onOutput: options.onOutput,
    });
    return { code, description: vscode.description, log: output };
  } finally {
    await vscode.remove();
  }
}
