import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pick, product } from '../group.mjs';
import { timeCommands } from '../measure.mjs';
import { installPeer } from '../peers.mjs';

const squawk = 'squawk';
const languageServer = 'Postgres language server, check --disable-db';

/** @type {import('../group.mjs').Group} */
export const withoutDatabase = {
  name: 'without a database',
  unit: 's',
  limit: squawk,
  rows: [languageServer, 'check --no-database'],
  async measure({ runs, history }, wanted) {
    const scripts = (await readdir(history, { recursive: true }))
      .filter((path) => path.endsWith('.sql'))
      .map((path) => join(history, path));
    const commands = {
      [squawk]: { command: await installPeer('squawk-cli', 'squawk'), words: scripts, findsProblems: true },
      ...(wanted(languageServer) && {
        [languageServer]: {
          command: await installPeer('@postgres-language-server/cli', 'postgres-language-server'),
          words: ['check', '--disable-db', ...scripts],
          findsProblems: true,
        },
      }),
      'check --no-database': product(['check', history, '--no-database']),
    };
    return timeCommands(pick(commands, wanted), runs);
  },
};
