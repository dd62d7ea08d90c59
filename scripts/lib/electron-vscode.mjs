// Desktop VS Code, where its download host can be reached and a window can be opened.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cache } from './places.mjs';

const releases = 'https://update.code.visualstudio.com/api/releases/stable';
const require = createRequire(import.meta.url);

/** @returns {Promise<string | undefined>} Why desktop VS Code cannot be used; undefined when it can. */
export async function whyNotElectron() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'no display';
  try {
    const answer = await fetch(releases, { signal: AbortSignal.timeout(5000) });
    return answer.ok ? undefined : `its download host answered ${answer.status}`;
  } catch {
    return 'its download host does not answer';
  }
}

/** @returns {Promise<{ path: string, version: string }>} The program of the current desktop VS Code, downloaded once. */
export async function downloadElectron() {
  const { downloadAndUnzipVSCode } = require('@vscode/test-electron');
  const answer = await fetch(releases, { signal: AbortSignal.timeout(5000) });
  const [version = ''] = /** @type {string[]} */ (await answer.json());
  return { path: await downloadAndUnzipVSCode({ version, cachePath: cache }), version };
}

/**
 * The arguments that open a folder with an extension under development, away from the user's own VS Code.
 * @param {{ temporary: string, folder: string, extensionDevelopmentPath: string, extensionTestsPath?: string, trust: boolean }} options
 */
export function electronArguments(options) {
  return [
    options.folder,
    `--extensionDevelopmentPath=${options.extensionDevelopmentPath}`,
    ...(options.extensionTestsPath ? [`--extensionTestsPath=${options.extensionTestsPath}`] : []),
    `--user-data-dir=${join(options.temporary, 'data')}`,
    `--extensions-dir=${join(options.temporary, 'extensions')}`,
    ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes'],
    ...(options.trust ? ['--disable-workspace-trust'] : []),
  ];
}
