import { identifier } from '../../../../databases/postgresql/sql/quoting';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { tableNamed } from '../support/column-types';
import { workCausedBy } from '../support/lock-causes';
import { conditionOf, partitionColumns } from '../support/partition-bounds';
import { workFinding } from '../support/table-work';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'attach-partition-scans',
  hazards: ['P25'],
  severity: 'warning',
  summary: 'Attaches a partition in a way that scans it or the default partition under an ACCESS EXCLUSIVE lock.',
  looksInside: true,
  *statement(context) {
    const works = workCausedBy(context, 'attach-partition')?.works;
    const { node } = context.statement;
    const command = alterTableCommands(node).find(({ subtype }) => subtype === 'AT_AttachPartition');
    if (!works || !command) return;
    const parts = fieldsOf(command.def, 'PartitionCmd') ?? {};
    const parent = tableNamed(context, fieldsOf(node, 'AlterTableStmt')?.relation);
    const child = tableNamed(context, parts.name);
    const bound = parts.bound ?? {};
    const condition = conditionOf(bound, partitionColumns(context, parent));
    const isDefault = bound.is_default === true;
    const constraints = works.map(({ table }) => {
      const belongs = table === child;
      const check = belongs === isDefault ? `NOT (${condition ?? '...'})` : (condition ?? '...');
      return constraintFor(sqlName(table), `${table.split('.').at(-1)}_bound`, isDefault && belongs ? '...' : check);
    });
    yield workFinding(context, works, {
      details: 'PostgreSQL checks that every row is in the right partition, unless a CHECK constraint proves it.',
      advice: `Add such a constraint NOT VALID and validate it, in earlier migrations: ${constraints.join(' ')}`,
    });
  },
};

function constraintFor(table: string, name: string, condition: string): string {
  const constraint = identifier(name);
  return `ALTER TABLE ${table} ADD CONSTRAINT ${constraint} CHECK (${condition}) NOT VALID; ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`;
}
