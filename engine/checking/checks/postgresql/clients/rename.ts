import type { ObjectType, RenameStmt } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { type Definition, definitionsIn } from '../../../../databases/postgresql/sql/definitions';
import { definitionsOf, orderIn } from '../support/definitions';
import {
  columnsBornInUnit,
  displayName,
  earlierReleasesRun,
  headOf,
  isInUse,
  isSameUnit,
  lockEvidence,
  relationOf,
} from '../support/evidence';
import { appendTo, fix } from '../support/fixes';

export const check: Check = {
  id: 'rename',
  hazards: ['P64'],
  severity: 'warning',
  summary: 'Renames an object that earlier releases may still use by its old name.',
  answeredByQueries: true,
  looksInside: true,
  *statement(context) {
    if (context.observation?.error || !earlierReleasesRun(context)) return;
    const renamed = renameOf(context);
    if (!renamed || keepsOldName(context, renamed) || isNewOrReplaced(context)) return;
    yield {
      range: headOf(context.statement),
      cause: renamed.what,
      // Column defaults follow a renamed sequence; only a release that names it fails.
      severity: renamed.what === 'sequence' ? 'info' : undefined,
      hazards: renamed.what === 'enum value' ? ['P64', 'P73'] : undefined,
      message: `Releases that still use ${renamed.what} ${renamed.old} fail: it is renamed to ${renamed.new}`,
      advice: renamed.advice,
      verified: lockEvidence(context) !== undefined,
      fixes: renamed.fixes,
    };
  },
};

interface Renamed {
  readonly what: string;
  readonly old: string;
  readonly new: string;
  readonly advice: string;
  readonly fixes: readonly Fix[];
}

const kinds: { readonly [Type in ObjectType]?: string } = {
  OBJECT_SCHEMA: 'schema',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_ATTRIBUTE: 'attribute',
};

function renameOf(context: StatementContext): Renamed | undefined {
  const { statement } = context;
  const change = fieldsOf(statement.node, 'AlterEnumStmt');
  const oldValue = change?.oldVal;
  if (change && oldValue !== undefined) {
    const advice = 'Add the new value, move the rows, and keep the old value until no release uses it.';
    return { what: 'enum value', old: `'${oldValue}'`, new: `'${change.newVal}'`, advice, fixes: [] };
  }
  const rename = fieldsOf(statement.node, 'RenameStmt');
  if (!rename) return undefined;
  const { renameType: kind, newname: newName = '' } = rename;
  if (kind === 'OBJECT_TABLE' || kind === 'OBJECT_COLUMN') return renamedInTable(context, rename, newName);
  const what = kind && kinds[kind];
  if (what === undefined) return undefined;
  const old = rename.relation ? displayName(relationOf(rename.relation)) : nameParts(rename.object).join('.') || rename.subname;
  return {
    what,
    old: old ?? '',
    new: newName,
    advice: 'Create a second one with the new name, and drop the old one when no release uses it.',
    fixes: [],
  };
}

function renamedInTable(context: StatementContext, rename: RenameStmt, newName: string): Renamed | undefined {
  const table = relationOf(rename.relation);
  if (!isInUse(context, table)) return undefined;
  if (rename.renameType === 'OBJECT_COLUMN') {
    const column = rename.subname ?? '';
    if (columnsBornInUnit(context.migration, context.project).has(`${table}.${column}`)) return undefined;
    const advice = 'Add a column with the new name, keep both filled, and drop the old one when no release uses it.';
    return { what: 'column', old: `${displayName(table)}.${column}`, new: newName, advice, fixes: [] };
  }
  const advice = 'Keep a view with the old name until no release uses it.';
  return { what: 'table', old: displayName(table), new: newName, advice, fixes: viewFix(context, newName) };
}

function viewFix(context: StatementContext, newName: string): Fix[] {
  const range = fieldsOf(context.statement.node, 'RenameStmt')?.relation;
  const schema = range?.schemaname;
  const prefix = schema === undefined ? '' : `${identifier(schema)}.`;
  const view = `CREATE VIEW ${prefix}${identifier(range?.relname ?? '')} AS SELECT * FROM ${prefix}${identifier(newName)}`;
  return [fix(context, 'Create a view with the old name', [appendTo(context.statement, `;\n${view}`)])];
}

/** True for an object that the same deployment made, and where an object of the same kind has the old name when the script ends. */
function isNewOrReplaced(context: StatementContext): boolean {
  const old = definitionsIn(context.statement.node).find(({ action }) => action === 'drop');
  if (!old || old.kind === 'column') return false;
  const here = orderIn(context);
  const alike = definitionsOf(context.project).filter(
    ({ kind, name, failed, migration }) => kind === old.kind && name === old.name && !failed && isSameUnit(migration, context.migration),
  );
  const before = alike.filter(({ order }) => order < here).at(-1);
  const after = alike.filter(({ order, migration }) => order > here && migration === context.migration).at(-1);
  if (before?.action === 'create' || after?.action === 'create') return true;
  return isMadeInBlock(context, old);
}

/** True when a statement of the same DO block before it makes what is renamed, or one after it makes something of the old name. */
function isMadeInBlock({ inside, statement }: StatementContext, old: Definition): boolean {
  const made = (inside ? (bodyOf(inside)?.statements ?? []) : []).filter(
    ({ node }) => definitionsIn(node).findLast(({ kind, name }) => kind === old.kind && name === old.name)?.action === 'create',
  );
  return made.some(({ start }) => start !== statement.start);
}

/** True when a later statement of the script puts a view or a column in the place of the old name. */
function keepsOldName({ statement, script, inside }: StatementContext, { what, old }: Renamed): boolean {
  const after = script.statements.filter(({ start }) => start > (inside ?? statement).start);
  return after.some(({ node }) => {
    if (what === 'table') return displayName(relationOf(fieldsOf(node, 'ViewStmt')?.view)) === old;
    if (what !== 'column' || !node) return false;
    const alter = fieldsOf(node, 'AlterTableStmt');
    return alter !== undefined && JSON.stringify(alter).includes(`"colname":${JSON.stringify(old.slice(old.lastIndexOf('.') + 1))}`);
  });
}
