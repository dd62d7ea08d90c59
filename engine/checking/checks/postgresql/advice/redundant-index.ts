import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { listedBriefly } from '../../../../core/wording';
import type { Check, FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { displayName, headOf } from '../support/evidence';
import { fix, removeStatement } from '../support/fixes';
import { type SchemaIndex, schemaOf, type SchemaTable } from '../support/schema';

/** Most columns of an index that is seldom a mistake. */
const manyColumns = 5;

export const check: Check = {
  id: 'redundant-index',
  hazards: ['P83'],
  severity: 'hint',
  summary: 'Creates an index that another index covers, or one on many columns, so writes cost more without benefit.',
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
            reason: 'not-run',
            message: `Indexes ${index.columns.length} columns of ${displayName(table.name)}: each write maintains all of them`,
            details:
              'An UPDATE of any of these columns cannot be a HOT update, and the index may grow as large as the table. Searches seldom benefit from more than the first few columns.',
            advice: 'Index only the columns that narrow searches down.',
          };
        }
      }
    }
  },
};

function isWide({ columns, isUnique, isConstraint }: SchemaIndex): boolean {
  return columns.length > manyColumns && !isUnique && !isConstraint;
}

/** True when the other index serves everything that the index serves. */
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
  const why = `${served} ${equal ? 'has' : 'starts with'} the same columns`;
  const drop = index.name === undefined || index.isConstraint ? '.' : `: DROP INDEX CONCURRENTLY ${identifier(index.name)};`;
  const file = older.place.migration?.up.script.file ?? project.baseline?.script.file;
  return {
    range: headOf(place.statement),
    verified: place.ran,
    reason: 'not-run',
    message: newer === index ? `Creates ${own}, which is redundant: ${why}` : `Makes ${own} redundant: ${why}`,
    details: `Each write to ${displayName(table.name)} maintains both indexes.`,
    advice: newer === index ? 'Do not create the index.' : `Drop ${own} in a migration of its own that runs outside a transaction${drop}`,
    related: file === undefined ? [] : [{ file, range: headOf(older.place.statement), message: `Creates ${nameOf(older)}.` }],
    fixes: newer === index || older.place.migration === migration ? removalFixes(project, migration, index) : [],
  };
}

function nameOf({ name, columns }: SchemaIndex): string {
  return name ?? `the index on ${listedBriefly(columns.map((column) => column ?? 'an expression'))}`;
}

/** True when the first index is created after the second in the order of the scripts. */
function isLater({ chain }: ProjectContext, first: SchemaIndex, second: SchemaIndex): boolean {
  const [one, two] = [first, second].map(({ place }) => (place.migration ? chain.indexOf(place.migration) : -1));
  return one === two ? first.place.statement.start > second.place.statement.start : (one ?? 0) > (two ?? 0);
}

/** Removes the statement, unless another statement of the project, up or down, names the index. */
function removalFixes({ chain }: ProjectContext, migration: MigrationContext, { name, isConstraint, place }: SchemaIndex): Fix[] {
  const scripts = chain.flatMap(({ up, down }) => (down ? [up, down] : [up]));
  const others = scripts.flatMap(({ statements }) => statements.filter((statement) => statement !== place.statement));
  const isAlone = !migration.up.statements.some((statement) => statement !== place.statement && statement.kind === 'sql');
  if (isConstraint || isAlone || (name !== undefined && others.some(({ text }) => names(text, name)))) return [];
  return [fix({ script: migration.up }, 'Remove the redundant index', [removeStatement(migration.up, place.statement)])];
}

/** True when the name stands in the text by itself, also inside a string or body. */
function names(text: string, name: string): boolean {
  const plain = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${plain}(?![\\w$])`, 'i').test(text);
}
