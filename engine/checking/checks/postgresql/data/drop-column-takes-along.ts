import type { IndexStmt } from '@pgsql/types';
import { listed, listedBriefly } from '../../../../core/wording';
import type { TextRange } from '../../../../core/text';
import {
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  nameParts,
  ownRelation,
  relationName,
  walk,
} from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definedBefore, definitionsOf, orderIn, type PlacedDefinition, placeOfDefinition } from '../support/definitions';
import { displayName, headOf, tablesBornInUnit } from '../support/evidence';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'drop-column-takes-along',
  hazards: ['P47'],
  severity: 'warning',
  looksInside: true,
  summary: 'Drops a column and with it indexes, constraints and statistics on several columns.',
  looksAhead: true,
  *statement(context) {
    const { statement, observation, migration, project } = context;
    const relation = relationName(fieldsOf(statement.node, 'AlterTableStmt')?.relation);
    if (!statement.node || !relation || observation?.error) return;
    const columns = alterTableCommands(statement.node).flatMap(({ subtype, name }) => (subtype === 'AT_DropColumn' && name ? [name] : []));
    const born = tablesBornInUnit(migration, project);
    if (columns.length === 0 || born.has(`${relation.schema ?? 'public'}.${relation.name}`)) return;
    const dropped = alterTableCommands(statement.node).flatMap(({ subtype, name }) =>
      subtype === 'AT_DropConstraint' && name ? [name] : [],
    );
    const losses = observation ? observedLosses(context, relation.name, dropped) : expectedLosses(context, relation.name, columns);
    const later = madeLater(context);
    const lost = losses.filter((loss) => !later.some((made) => made.name === loss.name || stillServes(made, loss, columns)));
    if (lost.length === 0) return;
    yield finding(context, columns, lost);
  },
};

/** An index, constraint or statistics over a dropped column and others. */
interface Loss {
  /** Type and name, for people. */
  readonly title: string;
  readonly name: string;
  readonly table: string;
  readonly definition: PlacedDefinition | undefined;
}

interface Key {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
}

function finding(context: StatementContext, columns: readonly string[], lost: readonly Loss[]): FindingDraft {
  const { statement, observation } = context;
  const isUnique = lost.some(({ title }) => title.startsWith('constraint'));
  const titles = lost.map(({ title }) => title);
  const consequence = isUnique ? 'The other columns are no longer unique.' : 'Queries on the other columns scan the whole table.';
  return {
    range: rangeOfColumn(context, columns),
    severity: lost.every((loss) => isLedBy(loss, columns)) ? 'info' : undefined,
    message: `Dropping ${columns.length === 1 ? `column ${columns[0]}` : 'the columns'} also drops ${listedBriefly(titles, 1)}`,
    details: `${titles.length > 2 ? `Dropped without being named: ${listed(titles)}. ` : ''}${consequence}`,
    advice: `Create a replacement for the other columns first (CREATE INDEX CONCURRENTLY, ADD CONSTRAINT ... NOT VALID), and drop ${lost.length === 1 ? 'the old one' : 'the old ones'} with a statement of its own.`,
    verified: observation !== undefined && statement.node !== undefined,
    related: lost.flatMap(({ title, definition }) => (definition ? [placeOfDefinition(definition, `Creates ${title}.`)] : [])),
  };
}

/** What the statement or a later one of the script makes: an index or constraint of the same name is the replacement. */
function madeLater(context: StatementContext): PlacedDefinition[] {
  const here = orderIn(context);
  return definitionsOf(context.project).filter(
    ({ action, order, migration }) => action === 'create' && order >= here && migration === context.migration,
  );
}

/** True for an index or key over the other columns under a name of its own, also one with a new column in the place of the dropped one. */
function stillServes(made: PlacedDefinition, { name, table, definition }: Loss, dropped: readonly string[]): boolean {
  const [lost] = keysOf(definition, name, table);
  const others = lost?.columns.filter((column) => !dropped.includes(column)) ?? [];
  return keysOf(made, made.name, table).some((key) =>
    lost?.isUnique
      ? key.isUnique && (key.columns.every((each) => others.includes(each)) || others.every((each) => key.columns.includes(each)))
      : key.columns[0] === others[0],
  );
}

/** True where the dropped column is the first of a plain index, which queries over the others alone hardly use. */
function isLedBy({ name, table, definition }: Loss, dropped: readonly string[]): boolean {
  const [key] = keysOf(definition, name, table);
  return key !== undefined && !key.isUnique && dropped.includes(key.columns[0] ?? '');
}

/** The keys of that name, or all where the server chose it, that a statement makes on the table. */
function keysOf(definition: PlacedDefinition | undefined, name: string, table: string): Key[] {
  const { node } = definition?.statement ?? {};
  if (!node) return [];
  const keys: Key[] = [];
  const index = fieldsOf(node, 'IndexStmt');
  if (index?.relation?.relname === table && !index.whereClause) {
    keys.push({ name: index.idxname, columns: keyColumns({ indexParams: index.indexParams }), isUnique: index.unique === true });
  }
  if (index === undefined && ownRelation(node)?.relname === table) {
    walk(node, (type, inner) => {
      if (type === 'Constraint' && (inner.contype === 'CONSTR_UNIQUE' || inner.contype === 'CONSTR_PRIMARY') && inner.keys)
        keys.push({ name: inner.conname, columns: nameParts(inner.keys), isUnique: true });
    });
  }
  return keys.filter((key) => key.name === undefined || key.name.slice(0, 63) === name);
}

function rangeOfColumn({ statement }: StatementContext, columns: readonly string[]): TextRange {
  const [column = ''] = columns;
  const word = nameIn(statement, 'drop');
  return nameIn(statement, column, word?.end) ?? headOf(statement);
}

/** @param dropped constraints that the statement drops by name */
function observedLosses(context: StatementContext, table: string, dropped: readonly string[]): Loss[] {
  const before = definedBefore(context);
  const changes = context.observation?.changes ?? [];
  return changes.flatMap(({ kind, object, alone }) => {
    const [, type = '', name = ''] = /^(index|constraint|statistics) (\S+)$/.exec(object) ?? [];
    const parts = name.split('.');
    if (kind !== 'dropped' || alone || type === '' || (type === 'constraint' && parts[1] !== table)) return [];
    // The index of a constraint is told as the constraint.
    const ownName = parts.at(-1) ?? '';
    if (dropped.includes(ownName)) return [];
    if (
      type === 'index' &&
      changes.some((other) => other.kind === 'dropped' && other.object === `constraint ${parts[0]}.${table}.${ownName}`)
    )
      return [];
    const definition = before.find((each) => each.name === ownName && ['relation', 'constraint', 'statistics'].includes(each.kind));
    return [{ title: `${type} ${displayName(type === 'constraint' ? ownName : name)}`, name: ownName, table, definition }];
  });
}

/** Without a shadow: indexes that earlier statements of the scripts make. */
function expectedLosses(context: StatementContext, table: string, columns: readonly string[]): Loss[] {
  return definedBefore(context).flatMap((definition) => {
    const index = fieldsOf(definition.statement.node, 'IndexStmt');
    if (index?.relation?.relname !== table || definition.kind !== 'relation') return [];
    if (!keyColumns(index).some((column) => columns.includes(column))) return [];
    const others = otherColumns(index, columns);
    return others.length > 0 ? [{ title: `index ${definition.name}`, name: definition.name, table, definition }] : [];
  });
}

/** The plain columns of an index. */
function keyColumns({ indexParams = [], indexIncludingParams: including = [] }: IndexStmt): string[] {
  return fieldsOfEach([...indexParams, ...including], 'IndexElem').flatMap(({ name }) => name ?? []);
}

/** The columns beside the dropped ones that an index is over. */
function otherColumns(index: IndexStmt, dropped: readonly string[]): string[] {
  const columns = new Set(keyColumns(index));
  walk(index, (type, inner) => {
    if (type === 'ColumnRef') for (const column of nameParts(inner.fields).slice(-1)) columns.add(column);
  });
  return [...columns].filter((column) => !dropped.includes(column));
}
