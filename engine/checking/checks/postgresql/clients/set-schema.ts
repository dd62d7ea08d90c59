import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, earlierReleasesRun, headOf, isInUse, lockEvidence, relationOf } from '../support/evidence';
import { appendTo, fix } from '../support/fixes';

export const check: Check = {
  id: 'set-schema',
  hazards: ['P69'],
  severity: 'warning',
  summary: 'Moves an object to another schema while earlier releases may still use it in the old one.',
  answeredByQueries: true,
  looksInside: true,
  *statement(context) {
    const change = fieldsOf(context.statement.node, 'AlterObjectSchemaStmt');
    if (!change || context.observation?.error || !earlierReleasesRun(context)) return;
    const kind = (change.objectType ?? '').replace('OBJECT_', '').toLowerCase().replaceAll('_', ' ');
    if (kind === 'extension') return;
    const table = change.relation ? relationOf(change.relation) : undefined;
    if (kind === 'table' && table !== undefined && !isInUse(context, table)) return;
    if (kind === 'table' && leavesView(context)) return;
    const name = table === undefined ? nameParts(change.object).join('.') : displayName(table);
    const schema = change.newschema ?? '';
    yield {
      range: headOf(context.statement),
      cause: kind,
      message: `Releases that still use ${kind} ${name} fail: it moves to schema ${schema}`,
      advice: adviceFor(kind),
      verified: lockEvidence(context) !== undefined,
      fixes: kind === 'table' ? viewFix(context, schema) : [],
    };
  },
};

function adviceFor(kind: string): string {
  if (/table|view/.test(kind)) return 'Keep a view in the old schema until no release uses it.';
  if (/function|procedure|routine/.test(kind)) return 'Keep a wrapper in the old schema until no release uses it.';
  return 'Move it when no release uses the old name.';
}

/** The qualified name at which earlier releases look for the table, as SQL. */
function oldName(context: StatementContext): string {
  const range = fieldsOf(context.statement.node, 'AlterObjectSchemaStmt')?.relation;
  return `${identifier(range?.schemaname ?? 'public')}.${identifier(range?.relname ?? '')}`;
}

function leavesView({ script, statement }: StatementContext): boolean {
  const table = relationOf(fieldsOf(statement.node, 'AlterObjectSchemaStmt')?.relation);
  return script.statements.some(({ node }) => relationOf(fieldsOf(node, 'ViewStmt')?.view) === table);
}

function viewFix(context: StatementContext, schema: string): Fix[] {
  const old = oldName(context);
  const view = `CREATE VIEW ${old} AS SELECT * FROM ${identifier(schema)}${old.slice(old.indexOf('.'))}`;
  return [fix(context, 'Create a view in the old schema', [appendTo(context.statement, `;\n${view}`)])];
}
