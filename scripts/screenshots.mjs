// npm run screenshots: makes the pictures in media/screenshots/ from the extension in a real VS Code. `-- --only plan` makes those whose name contains the text.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { media, root } from './lib/places.mjs';

const raw = join(root, 'test-results', 'pictures');
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const started = Date.now();

await ensureInstalled();
await ensureBuilt();
const { canUseNpm } = await import('./lib/npm-vscode.mjs');
if (!canUseNpm()) {
  console.error('Pictures are made with the VS Code and the Chromium that come from npm, which need Linux on x64.');
  process.exit(1);
}
// Desktop VS Code has the window frame and the fonts of the machine, so pictures would differ.
process.env.MEM8_VSCODE = 'npm';
const { runScreenshots } = await import('./lib/vscode-tests.mjs');
const { savePicture, saveRecording } = await import('./lib/pictures.mjs');
const { passed, failed } = await runScreenshots(raw, values.only);
for (const name of (await readdir(raw)).sort()) {
  const made = name.endsWith('.json') ? await saveRecording(join(raw, name), media) : await savePicture(join(raw, name), media);
  if (made) console.log(`  ${made.name.padEnd(24)} ${made.width} x ${made.height}, ${Math.ceil(made.bytes / 1024)} KB`);
}
console.log(`${passed} made, ${failed} failed in ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(failed > 0 ? 1 : 0);
