// Builds what the npm package contains. npm runs this before it packs and when it installs the package from a git repository. For
// `npm install --global` from one it does not install the dependencies of the checkout before.
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';
import { run } from './lib/processes.mjs';

const buildMs = 300_000;

await ensureInstalled(['--global=false', '--include=dev', '--ignore-scripts']);
const { code } = await run(process.execPath, [join(root, 'esbuild.mjs'), '--production'], { cwd: root, timeoutMs: buildMs, show: true });
process.exitCode = code;
