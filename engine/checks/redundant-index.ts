import { identifier } from '../sql/quoting';
import type { Fix } from '../core/finding';
import type { Check, FindingDraft, MigrationContext, ProjectContext } from './check';
import { displayName, headOf } from './support/evidence';
import { fix, removeStatement } from './support/fixes';
import { type SchemaIndex, schemaOf, type SchemaTable } from './support/schema';

/** Columns up to which an index is seldom a mistake. */
const manyColumns = 5;

export const check: Check = {
  id: 'redundant-index',
  hazards: ['P83'],
  group: 'advice',
  severity: 'hint',
  summary: 'An index repeats another one or is very wide, so writes pay for it without gain.',
  looksAhead: true,
  *migration(migration, project) {
    for (const table of schemaOf(project).values()) {
      if (table.kind === 'temporary') continue;
      const reported = new Set<SchemaIndex>();
      for (const index of table.indexes) {
        const other = table.indexes.find((each) => each !== index && !reported.has(each) && isServedBy(index, each, table));
        if (other) {
          reported.add(index);
          const draft = repeats(project, migration, table, index, other);
          if (draft) yield draft;
        } else if (index.place.migration === migration && !index.place.isInside && isWide(index)) {
          yield {
            range: headOf(index.place.statement),
            verified: index.place.ran,
            message: `Every write of ${displayName(table.name)} has to keep ${index.columns.length} columns in order, an UPDATE of any of them cannot be done in place (HOT), and the index may become as large as the table: searches seldom gain from more than the first few columns. Index the columns that tell rows apart.${doubt(index.place.ran)}`,
          };
        }
      }
    }
  },
};

function isWide({ columns, isUnique, isConstraint }: SchemaIndex): boolean {
  return columns.length > manyColumns && !isUnique && !isConstraint;
}

/** True when whatever the index does, the other one does too. */
function isServedBy(index: SchemaIndex, other: SchemaIndex, { indexes }: SchemaTable): boolean {
  if (index.method !== other.method || index.condition !== other.condition || index.isPrimary) return false;
  const isPrefix = index.keys.every((key, at) => key === other.keys[at]);
  const isEqual = isPrefix && index.keys.length === other.keys.length;
  const isIncluded = index.including.every((column) => other.including.includes(column) || other.columns.includes(column));
  if (!isPrefix || !isIncluded || (index.method !== 'btree' && !isEqual)) return false;
  if (index.isUnique) return isEqual && other.isUnique && isLess(index, other, indexes);
  if (index.isConstraint) return false;
  return !isEqual || other.isUnique || other.including.length > index.including.length || isLess(index, other, indexes);
}

/** Of two equal indexes, the one that serves a constraint stays, else the older one. */
function isLess(index: SchemaIndex, other: SchemaIndex, indexes: readonly SchemaIndex[]): boolean {
  if (index.isConstraint !== other.isConstraint) return other.isConstraint;
  return other.isPrimary || indexes.indexOf(index) > indexes.indexOf(other);
}

function repeats(
  project: ProjectContext,
  migration: MigrationContext,
  table: SchemaTable,
  index: SchemaIndex,
  other: SchemaIndex,
): FindingDraft | undefined {
  const isSame = index.place.migration === other.place.migration;
  const newer = !isSame && isLater(project, other, index) ? other : index;
  const { place } = newer;
  if (place.migration !== migration || place.isInside) return undefined;
  const older = newer === index ? other : index;
  const [own, served] = [nameOf(index), nameOf(other)];
  const equal = index.keys.length === other.keys.length;
  const why = equal ? `${served} is over the same columns` : `${served} begins with the same columns`;
  const drop = index.name === undefined || index.isConstraint ? '' : `: DROP INDEX CONCURRENTLY ${identifier(index.name)};`;
  const advice =
    newer === index
      ? 'Leave it out.'
      : `From here on ${own} can be dropped, in a migration of its own that runs outside a transaction${drop || '.'}`;
  const file = older.place.migration?.up.script.file ?? project.baseline?.script.file;
  return {
    range: headOf(place.statement),
    verified: place.ran,
    message: `Every write of ${displayName(table.name)} keeps an index up to date that no query needs: ${own} serves nothing that ${served} does not, because ${why}. ${advice}${doubt(place.ran)}`,
    related: file === undefined ? [] : [{ file, range: headOf(older.place.statement), message: `${nameOf(older)} is made here.` }],
    fixes: newer === index || older.place.migration === migration ? removalFixes(project, migration, index) : [],
  };
}

function nameOf({ name, columns }: SchemaIndex): string {
  return name ?? `the index on ${columns.map((column) => column ?? 'an expression').join(', ')}`;
}

function doubt(ran: boolean): string {
  return ran ? '' : ' This is judged by the scripts alone.';
}

/** Where the first index comes after the second in the order of the scripts. */
function isLater({ chain }: ProjectContext, first: SchemaIndex, second: SchemaIndex): boolean {
  const [one, two] = [first, second].map(({ place }) => (place.migration ? chain.indexOf(place.migration) : -1));
  return one === two ? first.place.statement.start > second.place.statement.start : (one ?? 0) > (two ?? 0);
}

/** Takes the statement away, unless another statement of the project, up or down, names the index. */
function removalFixes({ chain }: ProjectContext, migration: MigrationContext, { name, isConstraint, place }: SchemaIndex): Fix[] {
  const scripts = chain.flatMap(({ up, down }) => (down ? [up, down] : [up]));
  const others = scripts.flatMap(({ statements }) => statements.filter((statement) => statement !== place.statement));
  const isAlone = !migration.up.statements.some((statement) => statement !== place.statement && statement.kind === 'sql');
  if (isConstraint || isAlone || (name !== undefined && others.some(({ text }) => names(text, name)))) return [];
  return [fix({ script: migration.up }, 'Leave the index out', [removeStatement(migration.up, place.statement)])];
}

/** True when the name stands in the text by itself, also inside a string or body. */
function names(text: string, name: string): boolean {
  const plain = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${plain}(?![\\w$])`, 'i').test(text);
}
