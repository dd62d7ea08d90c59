// npm run judge -- <checkout> [--sample 40] [--seed N] ...: random findings of a project with their script around them, for a person to
// mark; the marks are kept in test/judge/marks.json. docs/judging.md describes it.
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { root } from './lib/places.mjs';
import { runTestProgram, streams } from './lib/test-program.mjs';

await runTestProgram('judge', ({ main, worker, assets }) =>
  main({
    arguments: process.argv.slice(2),
    cwd: process.cwd(),
    marks: join(root, 'test', 'judge', 'marks.json'),
    kept: join(root, 'test-results', 'judge'),
    worker,
    assets,
    ask,
    ...streams,
  }),
);

/** @param {string} question */
async function ask(question) {
  if (process.stdin.isTTY !== true) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
