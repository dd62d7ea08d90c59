import { join } from 'node:path';
import { bare, pick, product } from '../group.mjs';
import { inTurns, timeCommand } from '../measure.mjs';

const limit = 'bare replay of the up scripts';
const again = 'check again, warm cache';

/** @type {import('../group.mjs').Group} */
export const replay = {
  name: 'history',
  unit: 's',
  limit,
  rows: ['check, up scripts only', 'check with rollbacks', 'rehearse', again],
  async measure({ runs, history, temporary }, wanted) {
    const warm = product(['check', history], { cache: join(temporary, 'history-cache') });
    const commands = {
      [limit]: await bare(history),
      'check, up scripts only': product(['check', history, '--no-rehearse']),
      'check with rollbacks': product(['check', history]),
      rehearse: product(['rehearse', history]),
      [again]: warm,
    };
    if (wanted(again)) timeCommand(warm);
    const things = Object.entries(commands).map(([name, command]) => [name, () => timeCommand(command)]);
    return inTurns(pick(Object.fromEntries(things), wanted), runs);
  },
};
