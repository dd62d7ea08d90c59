import type { ColumnDef } from '@pgsql/types';
import type { RelatedPlace, Severity } from '../../../../core/finding';
import { describeDifferences, withoutPublic } from '../../../../databases/postgresql/catalogue/describe-differences';
import type { Difference } from '../../../../databases/fact';
import { alterTableCommands, fieldsOf, nodeType } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import { headOf, relationOf } from '../support/evidence';
import { sameButAliases, sameButCasts } from '../support/near-same';
import { mentions, placeInDown, wordsOfName } from '../support/place-in-down';

const shownDifferences = 5;

export const check: Check = {
  id: 'down-incomplete',
  hazards: ['P72', 'M19'],
  severity: 'error',
  summary: 'Leaves a different schema after running up and down than before.',
  *migration(context, project) {
    const { migration, down, roundTrip } = context;
    if (!down || roundTrip?.down !== 'ok' || roundTrip.schemaRestored !== false) return;
    const differences = roundTrip.differences.filter((difference) => !difference.cosmetic && !difference.object.startsWith('rows '));
    const listed = describeDifferences(differences, shownDifferences);
    const isEmpty = down.statements.length === 0;
    yield {
      file: down.script.file,
      range: placeInDown(
        down,
        differences.map(({ object }) => object),
        differences.flatMap(({ table }) => table ?? []),
      ),
      severity: onlyAddsEnumValues(context, differences) ? 'info' : isEmpty ? 'warning' : severityOf(differences, context, project),
      message: isEmpty
        ? `Rolling back ${migration.id} does nothing: the down script is empty`
        : `Rolling back ${migration.id} does not restore the schema`,
      details: `Differences after up and down: ${listed}.`,
      related: placesInUp(context, differences),
    };
  },
};

/** PostgreSQL has no way to take an enum value away, and one that is left over hurts nobody. */
function onlyAddsEnumValues({ up, observation }: MigrationContext, differences: readonly Difference[]): boolean {
  const statements = up.statements.filter(({ kind }) => kind === 'sql');
  return differences.every(({ kind, object }) => {
    if (kind !== 'changed' || !object.startsWith('type ')) return false;
    const causes = statements.filter((_, index) => observation?.statements[index]?.changes.some((change) => change.object === object));
    return causes.length > 0 && causes.every(({ node }) => nodeType(node) === 'AlterEnumStmt' && !fieldsOf(node, 'AlterEnumStmt')?.oldVal);
  });
}

/** Properties of functions that decide over speed and surroundings, not over what is computed. */
const mildProperties: ReadonlySet<string> = new Set(['cost', 'estimated rows', 'parallelism', 'volatility', 'leakproofness', 'settings']);

/** What nothing that an earlier release sends meets, as it does not know the name. */
const unmet = /^(?:function|procedure|aggregate|view|materialized view|type|domain|sequence|schema|statistics) /;

/** The gravest of the differences; what means the same in other words is told for information. */
function severityOf(differences: readonly Difference[], context: MigrationContext, project: ProjectContext): Severity {
  if (onlyWidensViews(differences)) return 'warning';
  const retyped = retypedTables(context);
  const severities = differences.map((difference): Severity => {
    const { kind, object, table, properties = [] } = difference;
    const isChanged = kind === 'changed' && properties.length > 0;
    if (isChanged && properties.every(({ name, before, after }) => name === 'body' && sameButAliases(before, after))) return 'info';
    const keepsCasts =
      isChanged &&
      object.startsWith('index ') &&
      retyped.has(table) &&
      properties.every(({ name, before, after }) => name === 'definition' && sameButCasts(before, after));
    return keepsCasts || isMild(difference, context, project) ? 'warning' : 'error';
  });
  return severities.includes('error') ? 'error' : severities.includes('warning') ? 'warning' : 'info';
}

/** Tables of which the up script changes the type of a column. */
function retypedTables({ up }: MigrationContext): ReadonlySet<string | undefined> {
  return new Set(
    up.statements.flatMap(({ node }) => {
      const changes = alterTableCommands(node).some(({ subtype }) => subtype === 'AT_AlterColumnType');
      return changes ? relationOf(fieldsOf(node, 'AlterTableStmt')?.relation) : [];
    }),
  );
}

/** True when what the earlier release sends still works, and the next upgrade too. */
function isMild({ kind, object, properties = [] }: Difference, context: MigrationContext, project: ProjectContext): boolean {
  const runsAgain = context.roundTrip?.upAgain === 'ok';
  if (kind === 'left-over') {
    if (object.startsWith('column ')) return runsAgain && mayBeLeftOut(object, context);
    return runsAgain && (unmet.test(object) || (object.startsWith('index ') && isPlainIndex(object, project)));
  }
  if (object.startsWith('index ')) return isPlainIndex(object, project);
  if (kind !== 'changed' || properties.length === 0) return false;
  if (object.startsWith('column ')) return properties.every(({ name, before }) => name === 'default' && before === undefined);
  return /^(?:function|procedure) /.test(object) && properties.every(({ name }) => mildProperties.has(name));
}

/** By the scripts of the migration, which add the column so that an INSERT that does not know it works. */
function mayBeLeftOut(object: string, { up, down }: MigrationContext): boolean {
  const added = [...up.statements, ...(down?.statements ?? [])]
    .flatMap(({ node }) => alterTableCommands(node))
    .filter(({ subtype }) => subtype === 'AT_AddColumn')
    .map(({ def }): ColumnDef => fieldsOf(def, 'ColumnDef') ?? {})
    .filter((column) => object.endsWith(`.${column.colname}`));
  return added.length > 0 && added.every((column) => constraintsOf(column).length === 0 && !isSerial(column));
}

/** By the scripts, which make the index and never a unique one of that name. */
function isPlainIndex(object: string, { chain }: ProjectContext): boolean {
  const made = chain
    .flatMap(({ up, down }) => [...up.statements, ...(down?.statements ?? [])])
    .flatMap(({ node }) => fieldsOf(node, 'IndexStmt') ?? [])
    .filter((index) => object.endsWith(`.${index.idxname}`));
  return made.length > 0 && made.every((index) => index.unique !== true);
}

/** A view made with * has the columns that its table has by then: nothing that used it before misses one. */
function onlyWidensViews(differences: readonly Difference[]): boolean {
  const viewsOf = (wanted: Difference['kind'], pattern: RegExp) =>
    differences.flatMap(({ kind, object }) => (kind === wanted ? (pattern.exec(object)?.[1] ?? []) : []));
  const changed = viewsOf('changed', /^view (.+)$/);
  const wider = viewsOf('left-over', /^column (.+)\.[^.]+$/);
  return (
    changed.length + wider.length === differences.length &&
    changed.every((view) => wider.includes(view)) &&
    wider.every((view) => changed.includes(view))
  );
}

/** The statements of the up script that created, changed or dropped the objects, or name them if the embedded database saw no such change. */
function placesInUp({ up, observation }: MigrationContext, differences: readonly Difference[]): RelatedPlace[] {
  const statements = up.statements.filter(({ kind }) => kind === 'sql');
  return differences.slice(0, shownDifferences).flatMap(({ object }) => {
    const seen = (observation?.statements ?? []).flatMap(({ changes }, index) => {
      const kind = changes.find((change) => change.object === object)?.kind;
      return kind === undefined ? [] : [{ statement: statements[index], verb: kind }];
    })[0];
    const named = statements.find(({ text }) => wordsOfName(object).some((word) => mentions(text, word)));
    const { statement, verb } = seen ?? { statement: named, verb: 'named' };
    return statement ? [{ file: up.script.file, range: headOf(statement), message: `${withoutPublic(object)} is ${verb} here.` }] : [];
  });
}
