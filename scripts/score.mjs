// npm run score [-- <folder or file of cases>] [--only P12] [--json]: what the checks find in cases of which the answer is known.
// docs/scoring.md describes the format of cases and the measures.
import { join } from 'node:path';
import { root } from './lib/places.mjs';
import { runTestProgram, streams } from './lib/test-program.mjs';

await runTestProgram('score', ({ main, worker, assets }) =>
  main({
    arguments: process.argv.slice(2),
    defaultCases: join(root, 'test', 'score', 'cases'),
    worker,
    assets,
    ...streams,
  }),
);
