// npm run linters -- <folder with checkouts> [--only <part of a test name>] [--json]: what the checks say about the test files of other linters.
// docs/linters.md describes what is read, what counts, and how disagreements are explained.
import { join } from 'node:path';
import { root } from './lib/places.mjs';
import { runTestProgram, streams } from './lib/test-program.mjs';

await runTestProgram('linters', ({ main, worker, assets }) =>
  main({
    arguments: process.argv.slice(2),
    explanations: join(root, 'test', 'linters', 'disagreements.json'),
    worker,
    assets,
    ...streams,
  }),
);
