import type { Check } from '../../check';
import { rangeOfCommand } from '../support/command-text';
import { alteredTableInUse, columnsBornInUnit, displayName, headOf, lockEvidence } from '../support/evidence';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'drop-column',
  hazards: ['P61'],
  severity: 'warning',
  summary: 'Drops a column that earlier releases may still use; its data is lost.',
  answeredByQueries: true,
  looksInside: true,
  *statement(context) {
    const { statement } = context;
    const altered = alteredTableInUse(context);
    if (!altered) return;
    const { table, commands } = altered;
    for (const command of commands) {
      const { subtype, name } = command;
      if (subtype !== 'AT_DropColumn' || name === undefined) continue;
      if (columnsBornInUnit(context.migration, context.project).has(`${table}.${name}`)) continue;
      const evidence = lockEvidence(context);
      const isGone = evidence?.changes.some(({ kind, object }) => kind === 'dropped' && object === `column ${table}.${name}`);
      if (evidence && !isGone) continue;
      yield {
        cause: '',
        range: nameIn(statement, name, rangeOfCommand(statement, command)?.start) ?? headOf(statement),
        message: `Drops ${displayName(table)}.${name}, which earlier releases may still use`,
        details: 'A down script cannot restore the data.',
        advice: 'Stop using it in one release, and drop it in a later one.',
        verified: evidence !== undefined,
      };
    }
  },
};
