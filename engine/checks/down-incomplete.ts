import type { RelatedPlace, Severity } from '../core/finding';
import { describeDifferences } from '../shadow/describe-differences';
import type { Difference } from '../shadow/observation';
import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check, MigrationContext } from './check';
import { headOf, relationOf } from './support/evidence';
import { sameButAliases, sameButCasts } from './support/near-same';
import { mentions, placeInDown, wordsOfName } from './support/place-in-down';

const shownDifferences = 5;

export const check: Check = {
  id: 'down-incomplete',
  hazards: ['P72', 'M19'],
  group: 'rollback',
  severity: 'error',
  summary: 'Running the migration up and down does not give back the schema that was there before.',
  *migration(context) {
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
      ),
      severity: onlyAddsEnumValues(context, differences) ? 'info' : isEmpty ? 'warning' : severityOf(context, differences),
      message: isEmpty
        ? `Rolling back ${migration.id} does nothing, but its up script changes the schema: ${listed}.`
        : `Rolling back ${migration.id} does not restore the schema: ${listed}.`,
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
    return (
      causes.length > 0 &&
      causes.every(({ node }) => fieldsOf(node, 'AlterEnumStmt')?.['oldVal'] === undefined && node?.['AlterEnumStmt'] !== undefined)
    );
  });
}

/** What means the same in other words is told for information; an index with other casts serves other queries, but nothing fails. */
function severityOf({ up }: MigrationContext, differences: readonly Difference[]): Severity {
  const retyped = new Set<string | undefined>(
    up.statements.flatMap(({ node }) => {
      const changes = node && alterTableCommands(node).some(({ subtype }) => subtype === 'AT_AlterColumnType');
      return changes ? relationOf(fieldsOf(node, 'AlterTableStmt')?.['relation']) : [];
    }),
  );
  const severities = differences.map(({ kind, object, table, properties = [] }): Severity => {
    if (kind !== 'changed' || properties.length === 0) return 'error';
    if (properties.every(({ name, before, after }) => name === 'body' && sameButAliases(before, after))) return 'info';
    const isRetyped = object.startsWith('index ') && retyped.has(table);
    const isCast = properties.every(({ name, before, after }) => name === 'definition' && sameButCasts(before, after));
    return isRetyped && isCast ? 'warning' : 'error';
  });
  return severities.includes('error') ? 'error' : severities.includes('warning') ? 'warning' : 'info';
}

function placesInUp({ up, observation }: MigrationContext, differences: readonly Difference[]): RelatedPlace[] {
  const statements = up.statements.filter(({ kind }) => kind === 'sql');
  const places: RelatedPlace[] = [];
  for (const difference of differences.slice(0, shownDifferences)) {
    const index = observation?.statements.findIndex(({ changes }) => changes.some(({ object }) => object === difference.object)) ?? -1;
    const statement =
      index >= 0 ? statements[index] : statements.find(({ text }) => wordsOfName(difference.object).some((word) => mentions(text, word)));
    if (statement) places.push({ file: up.script.file, range: headOf(statement), message: `${difference.object} is changed here.` });
  }
  return places;
}
