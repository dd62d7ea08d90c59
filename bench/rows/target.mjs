import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { example } from '../../scripts/lib/places.mjs';
import { bare, pick, product } from '../group.mjs';
import { timeCommand, timeCommands } from '../measure.mjs';

const limit = 'bare opening of its data directory';

/** @type {import('../group.mjs').Group} */
export const target = {
  name: 'embedded target',
  unit: 's',
  limit,
  rows: ['status', 'plan'],
  async measure({ runs, temporary }, wanted) {
    const cwd = join(temporary, 'example');
    await copyExample(cwd);
    timeCommand(product(['apply', '--target', 'local', '--to', '1.1.0', '--yes'], { cwd }));
    const commands = {
      [limit]: await bare('--data', join(cwd, '.mem8', 'local')),
      status: product(['status', '--target', 'local'], { cwd }),
      plan: product(['plan', '--target', 'local'], { cwd }),
    };
    return timeCommands(pick(commands, wanted), runs);
  },
};

/** The example without what runs left in it. @param {string} folder */
export function copyExample(folder) {
  return cp(example, folder, { recursive: true, filter: (path) => !relative(example, path).split(/[\\/]/).includes('.mem8') });
}
