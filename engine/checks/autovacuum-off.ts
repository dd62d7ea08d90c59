import { type AlterTableCommand, alterTableCommands, asFields, asNodes, asText, fields, fieldsOf, isOptionOn } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { Check, StatementContext } from './check';
import { displayName, failsInShadow, headOf, relationOf } from './support/evidence';
import { fix, rangeOf } from './support/fixes';
import { isTemporary } from './support/stated-columns';

const option = 'autovacuum_enabled';

export const check: Check = {
  id: 'autovacuum-off',
  hazards: ['P92'],
  group: 'advice',
  severity: 'info',
  summary: 'Autovacuum is switched off, so dead rows stay and the table grows.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    if (!statement.node || failsInShadow(context)) return;
    if (isOffForAll(statement.node)) {
      yield {
        range: headOf(statement),
        message:
          'Dead rows stay in every table of the server, so that all tables grow and queries get slower until somebody runs VACUUM by hand. Tune autovacuum for the tables that need it in place of switching it off.',
      };
      return;
    }
    const table = tableSwitchedOff(statement.node);
    if (table === undefined || isSwitchedOnLater(context, table)) return;
    const setting = rangeOf(statement, /\b(?:toast\s*\.\s*)?autovacuum_enabled\s*=\s*('?)\w+\1/i);
    const value = setting && rangeOf(statement, /(?<=\bautovacuum_enabled\s*=\s*)(?:'\w+'|\w+)/i);
    yield {
      range: setting ?? headOf(statement),
      message: `Dead rows of ${displayName(table)} stay, so that the table and its indexes grow without end, queries get slower as the statistics age, and one day the server vacuums it all at once against wraparound. Leave autovacuum on; where it comes too often or too seldom, set autovacuum_vacuum_scale_factor or autovacuum_vacuum_cost_delay for the table. Where it is off only for a load, switch it on again in the same migration: ALTER TABLE ${displayName(table)} RESET (${option});`,
      fixes: value ? [fix(context, 'Leave autovacuum on', [{ range: value, newText: 'true' }])] : [],
    };
  },
};

function isOffForAll(node: SqlNode): boolean {
  const set = asFields(fieldsOf(node, 'AlterSystemStmt')?.['setstmt']);
  const value = asFields(fieldsOf(asNodes(set?.['args'])[0], 'A_Const')?.['sval']);
  return asText(set?.['name'])?.toLowerCase() === 'autovacuum' && /^(?:off|false|no|0)$/i.test(asText(value?.['sval']) ?? '');
}

function tableSwitchedOff(node: SqlNode): string | undefined {
  const { relation, options } = fields(node);
  if (!relation || isTemporary(relation)) return undefined;
  const isOff =
    fieldsOf(node, 'CreateStmt') !== undefined ? !isOptionOn(options, option, true) : alterTableCommands(node).some(switchesOff);
  return isOff ? relationOf(relation) : undefined;
}

function switchesOff({ subtype, def }: AlterTableCommand): boolean {
  return subtype === 'AT_SetRelOptions' && !isOptionOn(fieldsOf(def, 'List')?.['items'], option, true);
}

function switchesOn({ subtype, def }: AlterTableCommand): boolean {
  const items = asNodes(fieldsOf(def, 'List')?.['items']);
  if (!items.some((item) => fieldsOf(item, 'DefElem')?.['defname'] === option)) return false;
  return subtype === 'AT_ResetRelOptions' || (subtype === 'AT_SetRelOptions' && isOptionOn(items, option, true));
}

/** True when a later statement of the scripts switches it on again or drops the table: off for a load is no hazard. */
function isSwitchedOnLater({ project, migration, statement }: StatementContext, table: string): boolean {
  const from = project.chain.indexOf(migration);
  const later = project.chain.slice(from).flatMap(({ up }) => up.statements);
  return later.slice(later.indexOf(statement) + 1).some(({ node }) => {
    if (!node) return false;
    return relationOf(fieldsOf(node, 'AlterTableStmt')?.['relation']) === table && alterTableCommands(node).some(switchesOn);
  });
}
