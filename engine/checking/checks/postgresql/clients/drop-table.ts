import { listed, listedBriefly } from '../../../../core/wording';
import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, headOf, isInUse, lockEvidence } from '../support/evidence';

export const check: Check = {
  id: 'drop-table',
  hazards: ['P62'],
  severity: 'warning',
  summary: 'Drops a table, schema or database that earlier releases may still use; its data is lost.',
  answeredByQueries: true,
  looksInside: true,
  *statement(context) {
    const unknown = unknownSchemas(context);
    if (unknown.length > 0) yield schemaDraft(context, unknown);
    const gone = context.observation?.error ? databases(context) : [...tables(context), ...schemas(context), ...databases(context)];
    if (gone.length > 0) yield draft(context, gone);
  },
};

function draft(context: StatementContext, gone: readonly string[]): FindingDraft {
  const them = gone.length > 1 ? 'them' : 'it';
  return {
    range: headOf(context.statement),
    cause: '',
    message: `Drops ${listedBriefly(gone)}, which earlier releases may still use`,
    details: 'A down script cannot restore the data.',
    advice: `Rename ${them} in one release, and drop ${them} in a later one.`,
    verified: lockEvidence(context) !== undefined,
  };
}

function tables(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_TABLE') return [];
  const evidence = lockEvidence(context);
  return (drop.objects ?? [])
    .map((object) => nameParts(object))
    .map((parts) => `${parts.at(-2) ?? 'public'}.${parts.at(-1)}`)
    .filter((table) => isInUse(context, table))
    .filter((table) => !evidence || evidence.changes.some(({ kind, object }) => kind === 'dropped' && object === `table ${table}`))
    .map((table) => `table ${displayName(table)}`);
}

function schemas(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_SCHEMA') return [];
  const evidence = lockEvidence(context);
  return (drop.objects ?? [])
    .map((object) => nameParts(object).at(-1) ?? '')
    .filter((schema) => !isAssumed(context, schema))
    .filter((schema) => !evidence || evidence.changes.some(({ kind, object }) => kind === 'dropped' && isTableIn(schema, object)))
    .map((schema) => `schema ${schema} with its tables`);
}

function isAssumed({ migration, project }: StatementContext, schema: string): boolean {
  return !project.completeHistory && migration.assumed.some(({ object }) => object === `schema ${schema}`);
}

/** Schemas with unknown content. */
function unknownSchemas(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_SCHEMA' || context.observation?.error) return [];
  return (drop.objects ?? []).map((object) => nameParts(object).at(-1) ?? '').filter((schema) => isAssumed(context, schema));
}

function schemaDraft(context: StatementContext, schemas: readonly string[]): FindingDraft {
  const range = headOf(context.statement);
  const named = listed(schemas.map((schema) => `schema ${schema}`));
  if (fieldsOf(context.statement.node, 'DropStmt')?.behavior === 'DROP_CASCADE') {
    return {
      range,
      severity: 'warning',
      verified: false,
      message: `Drops ${named} with all objects, which earlier releases may still use`,
      details: 'A down script cannot restore the data.',
      advice: 'Drop the objects by statements of their own.',
    };
  }
  return {
    range,
    severity: 'info',
    verified: false,
    message: `Fails if ${named} ${schemas.length > 1 ? 'are' : 'is'} not empty`,
    details: 'Without CASCADE, PostgreSQL drops only an empty schema.',
    advice: 'Drop the objects first, by statements of their own.',
  };
}

/** Dropping a schema without tables loses no data. */
function isTableIn(schema: string, object: string): boolean {
  return object.startsWith(`table ${schema}.`);
}

function databases({ statement }: StatementContext): string[] {
  const name = fieldsOf(statement.node, 'DropdbStmt')?.dbname;
  return name === undefined ? [] : [`database ${name}`];
}
