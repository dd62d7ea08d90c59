import { alterTableCommands, fieldsOf, nameFromList, nodeEntry, type QualifiedName, relationName, walk } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { AssumedSchema } from './assumed-schema';
import { weights } from './assumed-schema';
import { LiveSchema } from './live-schema';
import { PendingNames } from './pending-names';
import type { Lesson } from './server-lessons';
import { StatementNeeds } from './statement-needs';
import { qualified } from './type-names';

interface HistoryToInfer {
  /** A declared baseline: what it makes is never assumed. */
  readonly baseline: readonly ParsedStatement[];
  /** Up scripts, in order. */
  readonly scripts: readonly (readonly ParsedStatement[])[];
  /** What the server said of earlier guesses. */
  readonly lessons?: readonly Lesson[];
  /** The statements that something is assumed for; undefined for all of them. */
  readonly refused?: ReadonlySet<string> | undefined;
  /** As in `HistoryToComplete`. */
  readonly searchPath?: readonly string[] | undefined;
}

/** What scripts take for granted: everything that they use before they make it, and that a baseline does not make. */
export function inferAssumptions({ baseline, scripts, lessons = [], refused, searchPath = [] }: HistoryToInfer): AssumedSchema {
  const schema = new LiveSchema();
  const start = searchPath.filter((each) => each !== '$user' && each !== 'pg_catalog');
  for (const lesson of lessons) if (lesson.kind === 'exists') schema.excluded.add(lesson.label);
  const pending = new PendingNames();
  const needs = new StatementNeeds(schema, pending, createdLabels(scripts));
  schema.assumes = false;
  for (const { node } of baseline) if (node) needs.follow(node);
  for (const [script, statements] of scripts.entries()) {
    schema.defaultSchema = start[0] ?? 'public';
    schema.otherSchemas = start.slice(1);
    schema.script = script;
    for (const { node, text, kind } of statements) {
      if (kind !== 'sql') continue;
      schema.assumes = refused?.has(text) ?? true;
      for (const lesson of lessons)
        if (lesson.statement === text) learn(lesson, schema, [...tablesIn(node), ...learnedTables(lessons, text)]);
      if (node) needs.follow(node);
    }
  }
  schema.assumes = true;
  schema.defaultSchema = start[0] ?? 'public';
  for (const { from, to } of needs.queries.copied) pending.sameOrder(from, to);
  pending.settle(schema);
  schema.assumed.settleTypes();
  applyOverrides(schema, lessons);
  for (const [column, labels] of needs.queries.literals) {
    const added = [...labels].flatMap((label) => needs.addedLabels.get(label) ?? [])[0];
    if (added && column.type === 'text' && column.weight <= weights.literal) column.type = qualified(added.schema, added.name);
    const type = schema.assumed.types.get(column.type.includes('.') ? column.type : `public.${column.type}`);
    if (type?.kind === 'enum') for (const label of labels) if (needs.addedLabels.get(label) !== type) type.labels.add(label);
  }
  return schema.assumed;
}

/** Tables that are named inside a text of the statement: the body of a function or of a DO block. */
function learnedTables(lessons: readonly Lesson[], statement: string): QualifiedName[] {
  return lessons.flatMap((lesson) => (lesson.kind === 'table' && lesson.statement === statement ? lesson.name : []));
}

function learn(lesson: Lesson, schema: LiveSchema, names: readonly QualifiedName[]): void {
  switch (lesson.kind) {
    case 'table':
      schema.table(lesson.name, lesson.relation ?? 'table');
      return;
    case 'column': {
      const own = lesson.table && schema.table(lesson.table);
      const tables = own ? [own] : names.flatMap((name) => schema.existing(name) ?? []);
      const open = tables.find(({ assumed }) => assumed !== undefined);
      if (open) schema.column(open, lesson.name);
      return;
    }
    case 'unique': {
      const live = schema.table(lesson.table);
      for (const name of lesson.columns) if (live) schema.column(live, name);
      live?.assumed?.uniques.push(lesson.columns);
      return;
    }
    case 'type':
      schema.type(lesson.name);
      return;
    case 'label':
      schema.type(lesson.type)?.labels.add(lesson.label);
      return;
    case 'function':
      schema.requireFunction(lesson.name, lesson.routine, lesson.parameters, lesson.returns, lesson.isVolatile);
      return;
    case 'schema':
      schema.requireSchema(lesson.name);
      return;
    case 'role':
      schema.requireRole(lesson.name);
      return;
    case 'extension':
      schema.requireExtension(lesson.name);
      return;
    case 'sequence':
      schema.requireSequence(lesson.name);
      return;
    case 'retype':
      for (const live of names.flatMap((name) => schema.existing(name) ?? [])) {
        const column = live.assumed && (live.columns.get(lesson.column) ?? live.assumed.columns.get(lesson.column));
        if (column && column.weight < weights.server) {
          column.type = lesson.type;
          column.weight = weights.server;
        }
      }
      return;
    case 'exists':
      return;
  }
}

/** What the server said of a column's type wins over everything that was found later. */
function applyOverrides(schema: LiveSchema, lessons: readonly Lesson[]): void {
  for (const lesson of lessons) {
    if (lesson.kind !== 'retype') continue;
    for (const name of lesson.tables) {
      const column = schema.assumed.tables.get(name)?.columns.get(lesson.column);
      if (column) column.type = lesson.type;
    }
  }
}

/** The relations that a statement names, wherever it does. */
export function tablesIn(node: SqlNode | undefined): { schema?: string; name: string }[] {
  const names: { schema?: string; name: string }[] = [];
  walk(node, (type, inner) => {
    const name = type === 'RangeVar' ? relationName(inner) : undefined;
    if (name) names.push(name);
  });
  return names;
}

/** Labels of what the scripts make somewhere; DROP ... IF EXISTS of such a thing only makes the script repeatable. */
function createdLabels(scripts: readonly (readonly ParsedStatement[])[]): Set<string> {
  const labels = new Set<string>();
  for (const { node } of scripts.flat()) {
    if (!node) continue;
    const label = createdLabel(node);
    if (label !== undefined) labels.add(label);
    for (const { subtype, def } of alterTableCommands(node)) {
      const name = subtype === 'AT_AddConstraint' ? fieldsOf(def, 'Constraint')?.conname : undefined;
      if (name !== undefined) labels.add(`constraint ${name}`);
    }
  }
  return labels;
}

function createdLabel(node: SqlNode): string | undefined {
  const key = (name: { schema?: string; name: string } | undefined) => name && `${name.schema ?? 'public'}.${name.name}`;
  const labelled = (kind: string, name: string | undefined) => (name === undefined ? undefined : `${kind} ${name}`);
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateStmt':
      return labelled('table', key(relationName(inner.relation)));
    case 'ViewStmt':
      return labelled('table', key(relationName(inner.view)));
    case 'CreateTableAsStmt':
      return labelled('table', key(relationName(inner.into?.rel)));
    case 'IndexStmt': {
      const name = inner.idxname;
      const schema = relationName(inner.relation)?.schema;
      return name === undefined ? undefined : `index ${schema ?? 'public'}.${name}`;
    }
    case 'CreateEnumStmt':
      return labelled('type', key(nameFromList(inner.typeName)));
    case 'CompositeTypeStmt':
      return labelled('type', key(relationName(inner.typevar)));
    case 'CreateDomainStmt':
      return labelled('type', key(nameFromList(inner.domainname)));
    case 'CreateSeqStmt':
      return labelled('sequence', key(relationName(inner.sequence)));
    case 'CreateFunctionStmt':
      return labelled('function', key(nameFromList(inner.funcname)));
    case 'CreateTrigStmt':
      return labelled('trigger', inner.trigname);
    case 'CreatePolicyStmt':
      return labelled('policy', inner.policy_name);
    case 'RuleStmt':
      return labelled('rule', inner.rulename);
    case 'CreateSchemaStmt':
      return labelled('schema', inner.schemaname);
    case 'CreateExtensionStmt':
      return labelled('extension', inner.extname);
    case 'CreatePublicationStmt':
      return labelled('publication', inner.pubname);
    default:
      return undefined;
  }
}
