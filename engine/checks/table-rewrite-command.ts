import type { Fix } from '../core/finding';
import type { RelationName } from '../shadow/observation';
import { asNodes, fieldsOf, nodeType } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { Check, StatementContext } from './check';
import { tableNamed } from './support/column-types';
import { failsInShadow, tablesBornInUnit } from './support/evidence';
import { fix, replaceStatement } from './support/fixes';
import { type TableWork, workFinding } from './support/table-work';

export const check: Check = {
  id: 'table-rewrite-command',
  hazards: ['P21'],
  group: 'locks',
  severity: 'warning',
  summary: 'VACUUM FULL or CLUSTER writes a whole table anew while nobody can read or write it.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const command = node && commandOf(node);
    if (!command || failsInShadow(context)) return;
    const works = rewritten(context, command.relations);
    const advice = `${command.name} copies the table and needs as much free disk space again. A plain VACUUM gives space back for new rows without the lock; where the table must shrink, pg_repack does it while the system runs.`;
    if (works.length > 0)
      yield workFinding(context, works, { advice, fixes: command.name === 'VACUUM FULL' && !context.inside ? fixes(context) : [] });
    else if (command.relations.length === 0) {
      const { observation } = context;
      const isKnown = context.project.completeHistory && observation && !observation.error;
      if (isKnown && observation.rewrites.length === 0) return;
      yield workFinding(context, [], {
        advice: `Reads and writes wait while every table of the database ${command.name === 'CLUSTER' ? 'that was clustered before ' : ''}is written anew, one after the other. ${advice}`,
        severity: 'warning',
        verified: isKnown === true,
      });
    }
  },
};

interface Command {
  readonly name: 'VACUUM FULL' | 'CLUSTER';
  readonly relations: readonly unknown[];
}

function commandOf(node: SqlNode): Command | undefined {
  const vacuum = fieldsOf(node, 'VacuumStmt');
  if (vacuum?.['is_vacuumcmd'] === true && asNodes(vacuum['options']).some(isFull)) {
    return { name: 'VACUUM FULL', relations: asNodes(vacuum['rels']).map((each) => fieldsOf(each, 'VacuumRelation')?.['relation']) };
  }
  if (nodeType(node) !== 'ClusterStmt') return undefined;
  const relation = fieldsOf(node, 'ClusterStmt')?.['relation'];
  return { name: 'CLUSTER', relations: relation ? [relation] : [] };
}

function isFull(option: SqlNode): boolean {
  const element = fieldsOf(option, 'DefElem');
  return element?.['defname'] === 'full' && !/"(?:false|off|0)"|"ival":\{\}/i.test(JSON.stringify(element['arg'] ?? ''));
}

/** VACUUM can only be run where locks cannot be seen; that it gives a table new storage is seen all the same. */
function rewritten(context: StatementContext, relations: readonly unknown[]): TableWork[] {
  const { observation, statement } = context;
  const born = tablesBornInUnit(context.migration, context.project);
  const assumed = new Set(context.migration.assumed.map(({ object }) => object));
  const didRun = observation !== undefined && !observation.error;
  return relations
    .map((relation): RelationName => tableNamed(context, relation))
    .filter((table) => !born.has(table) && (!didRun || observation.rewrites.includes(table)))
    .map((table) => ({
      table,
      mode: 'AccessExclusive',
      work: 'rewrite',
      since: statement,
      verified: didRun && !assumed.has(`table ${table}`),
    }));
}

function fixes(context: StatementContext): Fix[] {
  const { statement } = context;
  const plain = statement.text
    .replace(/^(vacuum)\s+full\b/i, '$1')
    .replace(/^(vacuum)\s*\(\s*full\s*\)/i, '$1')
    .replace(/^(vacuum\s*\()\s*full\s*,\s*/i, '$1');
  return plain === statement.text ? [] : [fix(context, 'VACUUM without FULL', [replaceStatement(statement, plain)], false)];
}
