import { listed } from '../core/wording';
import { asFields, asNodes, asText, fieldsOf, nameParts } from '../sql/nodes';
import type { Check, FindingDraft, StatementContext } from './check';
import { displayName, headOf, isInUse, lockEvidence } from './support/evidence';

export const check: Check = {
  id: 'drop-table',
  hazards: ['P62'],
  group: 'clients',
  severity: 'warning',
  summary: 'A table, schema or database goes that earlier releases may still use, with everything in it.',
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
  const verb = gone.length > 1 ? 'go' : 'goes';
  return {
    range: headOf(context.statement),
    cause: '',
    message: `${capitalised(listed(gone))} ${verb} for good: releases that still use ${gone.length > 1 ? 'them' : 'it'} fail, and a down script cannot bring the data back. Rename in one release and drop in a later one, when nothing has missed it.`,
    verified: lockEvidence(context) !== undefined,
  };
}

function tables(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.['removeType'] !== 'OBJECT_TABLE') return [];
  const evidence = lockEvidence(context);
  return asNodes(drop['objects'])
    .map((object) => nameParts(object))
    .map((parts) => `${parts.at(-2) ?? 'public'}.${parts.at(-1)}`)
    .filter((table) => isInUse(context, table))
    .filter((table) => !evidence || evidence.changes.some(({ kind, object }) => kind === 'dropped' && object === `table ${table}`))
    .map((table) => `table ${displayName(table)}`);
}

function schemas(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.['removeType'] !== 'OBJECT_SCHEMA') return [];
  const evidence = lockEvidence(context);
  return asNodes(drop['objects'])
    .map((object) => nameParts(object).at(-1) ?? '')
    .filter((schema) => !isAssumed(context, schema))
    .filter((schema) => !evidence || evidence.changes.some(({ kind, object }) => kind === 'dropped' && isTableIn(schema, object)))
    .map((schema) => `schema ${schema} with its tables`);
}

function isAssumed({ migration, project }: StatementContext, schema: string): boolean {
  return !project.completeHistory && migration.assumed.some(({ object }) => object === `schema ${schema}`);
}

/** Schemas of which nothing known says what is in them. */
function unknownSchemas(context: StatementContext): string[] {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.['removeType'] !== 'OBJECT_SCHEMA' || context.observation?.error) return [];
  return asNodes(drop['objects'])
    .map((object) => nameParts(object).at(-1) ?? '')
    .filter((schema) => isAssumed(context, schema));
}

function schemaDraft(context: StatementContext, schemas: readonly string[]): FindingDraft {
  const takesAlong = fieldsOf(context.statement.node, 'DropStmt')?.['behavior'] === 'DROP_CASCADE';
  const named = listed(schemas.map((schema) => `schema ${schema}`));
  const what = takesAlong
    ? `${capitalised(named)} goes for good with everything in it: releases that still use it fail, and a down script cannot bring the data back.`
    : `The upgrade stops here if anything is left in ${named}: PostgreSQL drops only an empty schema without CASCADE.`;
  const advice = takesAlong ? 'Drop what is in it by statements of its own.' : 'Drop what is in it first, by statements of its own.';
  return { range: headOf(context.statement), severity: takesAlong ? 'warning' : 'info', verified: false, message: `${what} ${advice}` };
}

/** A schema that holds no table takes no data along. */
function isTableIn(schema: string, object: string): boolean {
  return object.startsWith(`table ${schema}.`);
}

function databases({ statement }: StatementContext): string[] {
  const name = asText(asFields(fieldsOf(statement.node, 'DropdbStmt'))?.['dbname']);
  return name === undefined ? [] : [`database ${name}`];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
