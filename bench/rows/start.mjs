import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bare, pick, product } from '../group.mjs';
import { inTurns, peakMb, timeCommands } from '../measure.mjs';

const withoutCache = 'check of two migrations';
const withCache = 'check of two migrations, warm cache';

/** @type {import('../group.mjs').Group} */
const version = {
  name: 'start',
  unit: 's',
  limit: 'node -e 0',
  rows: ['--version'],
  measure: ({ runs }) =>
    timeCommands({ 'node -e 0': { command: process.execPath, words: ['-e', '0'] }, '--version': product(['--version']) }, runs),
};

/** @type {import('../group.mjs').Group} */
const small = {
  name: 'small directory',
  unit: 's',
  limit: 'bare replay of two migrations',
  rows: [withoutCache, withCache],
  measure: async (context, wanted) => timeCommands(pick(await commands(context, small.limit), wanted), context.runs),
};

/** @type {import('../group.mjs').Group} */
const smallMemory = {
  name: 'small directory, memory',
  unit: 'MB',
  limit: 'bare replay of two migrations, largest resident',
  rows: [`${withoutCache}, largest resident`],
  async measure(context) {
    const all = await commands(context, small.limit);
    const peak = (/** @type {string} */ name) => () => ({ wall: peakMb(all[name]) });
    return inTurns({ [smallMemory.limit]: peak(small.limit), [`${withoutCache}, largest resident`]: peak(withoutCache) }, 1);
  },
};

export const start = [version, small, smallMemory];

/** @param {import('../group.mjs').Context} context @param {string} limit */
async function commands({ temporary }, limit) {
  const folder = join(temporary, 'two');
  await mkdir(folder, { recursive: true });
  const scripts = {
    '000001_items.up.sql': 'CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);\n',
    '000001_items.down.sql': 'DROP TABLE items;\n',
    '000002_note.up.sql': 'ALTER TABLE items ADD COLUMN note text;\n',
    '000002_note.down.sql': 'ALTER TABLE items DROP COLUMN note;\n',
  };
  for (const [name, text] of Object.entries(scripts)) await writeFile(join(folder, name), text);
  return {
    [limit]: await bare(folder),
    [withoutCache]: product(['check', folder]),
    [withCache]: product(['check', folder], { cache: join(temporary, 'two-cache') }),
  };
}
