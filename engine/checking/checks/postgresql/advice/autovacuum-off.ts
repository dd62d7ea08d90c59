import { type AlterTableCommand, alterTableCommands, fieldsOf, fieldsOfEach, isOptionOn } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, failsInShadow, headOf, relationOf } from '../support/evidence';
import { fix, rangeOf } from '../support/fixes';
import { isTemporary } from '../support/stated-columns';
import { sqlName } from '../support/type-changes';

const option = 'autovacuum_enabled';

export const check: Check = {
  id: 'autovacuum-off',
  hazards: ['P92'],
  severity: 'info',
  summary: 'Turns autovacuum off, so dead rows accumulate and the table grows.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    if (!statement.node || failsInShadow(context)) return;
    if (isOffForAll(statement.node)) {
      yield {
        range: headOf(statement),
        message: 'Turns autovacuum off for the whole server, so dead rows accumulate in every table',
        details: 'Tables and indexes grow, and statistics become stale, until VACUUM and ANALYZE are run by hand.',
        advice:
          'Leave autovacuum on, and tune it for the tables that need it: ALTER TABLE ... SET (autovacuum_vacuum_scale_factor = 0.01);',
      };
      return;
    }
    const table = tableSwitchedOff(statement.node);
    if (table === undefined || isSwitchedOnLater(context, table)) return;
    const setting = rangeOf(statement, /\b(?:toast\s*\.\s*)?autovacuum_enabled\s*=\s*('?)\w+\1/i);
    const value = setting && rangeOf(statement, /(?<=\bautovacuum_enabled\s*=\s*)(?:'\w+'|\w+)/i);
    yield {
      range: setting ?? headOf(statement),
      ...textFor(table, /^toast\b/i.test(setting ? context.script.script.text.slice(setting.start, setting.end) : '')),
      fixes: value ? [fix(context, 'Leave autovacuum on', [{ range: value, newText: 'true' }])] : [],
    };
  },
};

/** `isToast`: the setting is that of the TOAST table alone. */
function textFor(table: string, isToast: boolean): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  const prefix = isToast ? 'toast.' : '';
  const name = sqlName(table);
  return {
    message: `Turns autovacuum off for ${isToast ? 'the TOAST table of ' : ''}${displayName(table)}, so dead rows accumulate`,
    details: `The table grows${isToast ? '' : ', and its statistics become stale'}. PostgreSQL still vacuums it, all at once, to prevent transaction ID wraparound.`,
    advice: `Leave autovacuum on and tune it: ALTER TABLE ${name} SET (${prefix}autovacuum_vacuum_scale_factor = 0.01); If it is off only for a bulk load, turn it on again in the same migration: ALTER TABLE ${name} RESET (${prefix}${option});`,
  };
}

function isOffForAll(node: SqlNode): boolean {
  const set = fieldsOf(node, 'AlterSystemStmt')?.setstmt;
  const value = fieldsOf(set?.args?.[0], 'A_Const')?.sval;
  return set?.name?.toLowerCase() === 'autovacuum' && /^(?:off|false|no|0)$/i.test(value?.sval ?? '');
}

function tableSwitchedOff(node: SqlNode): string | undefined {
  const create = fieldsOf(node, 'CreateStmt');
  const relation = (create ?? fieldsOf(node, 'AlterTableStmt'))?.relation;
  if (!relation || isTemporary(relation)) return undefined;
  const isOff = create ? !isOptionOn(create.options, option, true) : alterTableCommands(node).some(switchesOff);
  return isOff ? relationOf(relation) : undefined;
}

function switchesOff({ subtype, def }: AlterTableCommand): boolean {
  return subtype === 'AT_SetRelOptions' && !isOptionOn(fieldsOf(def, 'List')?.items, option, true);
}

function switchesOn({ subtype, def }: AlterTableCommand): boolean {
  const items = fieldsOf(def, 'List')?.items;
  if (!fieldsOfEach(items, 'DefElem').some(({ defname }) => defname === option)) return false;
  return subtype === 'AT_ResetRelOptions' || (subtype === 'AT_SetRelOptions' && isOptionOn(items, option, true));
}

/** True when a later statement of the scripts turns it on again: off for a bulk load is not a hazard. */
function isSwitchedOnLater({ project, migration, statement }: StatementContext, table: string): boolean {
  const from = project.chain.indexOf(migration);
  const later = project.chain.slice(from).flatMap(({ up }) => up.statements);
  return later.slice(later.indexOf(statement) + 1).some(({ node }) => {
    if (!node) return false;
    return relationOf(fieldsOf(node, 'AlterTableStmt')?.relation) === table && alterTableCommands(node).some(switchesOn);
  });
}
