// npm run parity -- <folders>: whether the language server and the command line say the same of folders, finding by finding.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { example, root } from './lib/places.mjs';
import { runTestProgram, streams } from './lib/test-program.mjs';

await ensureInstalled();
await ensureBuilt();
const folders = process.argv.slice(2);
await runTestProgram('parity', ({ main }) => main(folders.length > 0 ? folders : [example], join(root, 'dist'), streams.write));
