import type { AlterTableType } from '@pgsql/types';
import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { type AlterTableCommand, alterTableCommands, fieldsOf, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { displayName, failsInShadow, headOf, qualifiedName, tablesBornInUnit } from '../support/evidence';
import { fix } from '../support/fixes';
import { statementContexts } from '../../../context/statement-contexts';

export const check: Check = {
  id: 'mergeable-alter-table',
  hazards: ['P36'],
  severity: 'hint',
  summary: 'Alters one table in several ALTER TABLE statements that can be merged into one.',
  *migration(migration, project) {
    for (const group of mergeableGroups(migration, project)) yield draftFor(group);
  },
};

/** An ALTER TABLE whose commands may stand beside others. */
interface Alteration {
  readonly context: StatementContext;
  readonly table: string;
  /** The words from ALTER up to the first command. */
  readonly head: TextRange;
  /** What must be the same for two to be merged: ONLY, IF EXISTS and the name. */
  readonly form: string;
  readonly commands: readonly AlterTableCommand[];
}

function mergeableGroups(migration: MigrationContext, project: ProjectContext): Alteration[][] {
  const born = tablesBornInUnit(migration, project);
  const groups: Alteration[][] = [];
  let group: Alteration[] = [];
  for (const context of statementContexts(migration, project)) {
    const alteration = failsInShadow(context) ? undefined : alterationOf(context);
    const previous = group.at(-1);
    const fits = alteration && previous && follows(previous, alteration) && group.every((each) => canStandTogether(each, alteration));
    if (!fits) group = [];
    if (!alteration || born.has(alteration.table)) continue;
    group.push(alteration);
    if (group.length === 2) groups.push(group);
  }
  return groups;
}

/** Commands that take the same lock and may stand in one statement; FOREIGN KEY takes a weaker lock, on two tables. */
const combinable = new Set<AlterTableType>([
  'AT_AddColumn',
  'AT_DropColumn',
  'AT_ColumnDefault',
  'AT_SetNotNull',
  'AT_DropNotNull',
  'AT_AlterColumnType',
  'AT_AddConstraint',
  'AT_DropConstraint',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
  'AT_DropExpression',
]);

function alterationOf(context: StatementContext): Alteration | undefined {
  const { statement } = context;
  const { node } = statement;
  const alter = fieldsOf(node, 'AlterTableStmt');
  const name = relationName(alter?.relation);
  const head =
    /^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))?(?:\s*\*)?\s+/iu.exec(
      statement.text,
    );
  if (!node || !alter || !name || !head || alter.objtype !== 'OBJECT_TABLE') return undefined;
  const commands = alterTableCommands(node);
  if (!commands.every(isCombinable)) return undefined;
  const table = qualifiedName(name);
  const form = `${alter.missing_ok === true} ${alter.relation?.inh === true} ${table}`;
  return { context, table, head: { start: statement.start, end: statement.start + head[0].length }, form, commands };
}

function isCombinable({ subtype, def }: AlterTableCommand): boolean {
  const constraint = fieldsOf(def, 'Constraint');
  return combinable.has(subtype) && constraint?.skip_validation !== true && constraint?.contype !== 'CONSTR_FOREIGN';
}

function follows(previous: Alteration, next: Alteration): boolean {
  return next.context.index === previous.context.index + 1 && next.form === previous.form;
}

/**
 * Whether two statements mean the same in one. A column or constraint that both name may need the first to end before the second
 * begins; and SET NOT NULL relies on a CHECK only while no command of its own statement drops one.
 */
function canStandTogether(one: Alteration, other: Alteration): boolean {
  const all = [...one.commands, ...other.commands];
  const has = (subtype: AlterTableType) => all.some((command) => command.subtype === subtype);
  if (has('AT_SetNotNull') && has('AT_DropConstraint')) return false;
  const names = new Set(one.commands.flatMap(subjectsOf));
  return !other.commands.flatMap(subjectsOf).some((name) => names.has(name));
}

function subjectsOf({ name, def }: AlterTableCommand): string[] {
  const own = fieldsOf(def, 'ColumnDef')?.colname ?? fieldsOf(def, 'Constraint')?.conname ?? name;
  return own === undefined ? [] : [own];
}

function draftFor(group: readonly Alteration[]): FindingDraft {
  const [first, second] = group;
  if (!first || !second) throw new Error('A group has at least two members.');
  const { script, observation } = second.context;
  const merge = merged(group);
  return {
    range: headOf(second.context.statement),
    message: `Alters ${displayName(first.table)} in ${group.length} ALTER TABLE statements instead of one`,
    details:
      'Each statement scans or rewrites the table separately where its commands need that. Outside a transaction, each also waits for its lock separately.',
    advice: 'Merge the commands into one ALTER TABLE.',
    verified: observation !== undefined,
    related: [{ file: script.script.file, range: headOf(first.context.statement), message: 'Merge the commands into this statement.' }],
    fixes: merge && [merge],
  };
}

/** Ends each statement but the last with a comma, and removes the words up to the first command from each but the first. */
function merged(group: readonly Alteration[]): Fix | undefined {
  const [first] = group;
  if (!first) return undefined;
  const { script } = first.context.script;
  const edits = group.flatMap(({ head, context: { statement } }, index) => [
    ...(index === 0 ? [] : [{ range: head, newText: '  ' }]),
    ...(index === group.length - 1 ? [] : [{ range: { start: statement.end, end: statement.tailEnd }, newText: ',' }]),
  ]);
  const between = group.slice(1).map(({ context }, index) => textBetween(script.text, group[index]?.context.statement, context.statement));
  const isPlain = between.every((text) => /^\s*;(?:\s|--[^\n]*(?:\n|$))*$/.test(text) && !text.includes('+goose'));
  return isPlain ? fix(first.context, `Merge ${group.length} ALTER TABLE statements into one`, edits) : undefined;
}

function textBetween(text: string, before: ParsedStatement | undefined, after: ParsedStatement): string {
  return text.slice(before?.end ?? after.start, after.start);
}
