import type { RangeVar } from '@pgsql/types';
import type { Fix } from '../../../../core/finding';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { failsInShadow, tablesBornInUnit } from '../support/evidence';
import { fix, replaceStatement } from '../support/fixes';
import { type TableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'table-rewrite-command',
  hazards: ['P21'],
  severity: 'warning',
  summary: 'Rewrites a whole table with VACUUM FULL or CLUSTER, which blocks its reads and writes.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const command = node && commandOf(node);
    if (!command || failsInShadow(context)) return;
    const works = rewritten(context, command.relations);
    const text = {
      details: `${command.name} copies the table and needs the same disk space again.`,
      advice: advice[command.name],
    };
    if (works.length > 0)
      yield workFinding(context, works, { ...text, fixes: command.name === 'VACUUM FULL' && !context.inside ? fixes(context) : [] });
    else if (command.relations.length === 0) {
      const { observation } = context;
      const isKnown = context.project.completeHistory && observation && !observation.error;
      if (isKnown && observation.rewrites.length === 0) return;
      yield workFinding(context, [], {
        ...text,
        message: `Blocks reads and writes of every ${command.name === 'CLUSTER' ? 'clustered ' : ''}table while ${command.name} rewrites it`,
        severity: 'warning',
        verified: isKnown === true,
      });
    }
  },
};

const advice: Readonly<Record<Command['name'], string>> = {
  'VACUUM FULL': 'Use a plain VACUUM, which frees space for new rows without the lock. To shrink the table online, use pg_repack.',
  CLUSTER: 'Run it while the system is down. To reorder the table online, use pg_repack.',
};

interface Command {
  readonly name: 'VACUUM FULL' | 'CLUSTER';
  readonly relations: readonly (RangeVar | undefined)[];
}

function commandOf(node: SqlNode): Command | undefined {
  const vacuum = fieldsOf(node, 'VacuumStmt');
  if (vacuum?.is_vacuumcmd === true && vacuum.options?.some(isFull)) {
    return { name: 'VACUUM FULL', relations: fieldsOfEach(vacuum.rels, 'VacuumRelation').map(({ relation }) => relation) };
  }
  const cluster = fieldsOf(node, 'ClusterStmt');
  return cluster && { name: 'CLUSTER', relations: cluster.relation ? [cluster.relation] : [] };
}

function isFull(option: SqlNode): boolean {
  const element = fieldsOf(option, 'DefElem');
  return element?.defname === 'full' && !/"(?:false|off|0)"|"ival":\{\}/i.test(JSON.stringify(element.arg ?? ''));
}

/** VACUUM can only be run where locks cannot be seen; that it gives a table new storage is seen all the same. */
function rewritten(context: StatementContext, relations: Command['relations']): TableWork[] {
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
  return plain === statement.text ? [] : [fix(context, 'Run VACUUM without FULL', [replaceStatement(statement, plain)], false)];
}
