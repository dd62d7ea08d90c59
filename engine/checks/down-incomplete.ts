import type { RelatedPlace } from '../core/finding';
import { describeDifferences } from '../shadow/describe-differences';
import type { Difference } from '../shadow/observation';
import { fieldsOf } from '../sql/nodes';
import type { Check, MigrationContext } from './check';
import { headOf } from './support/evidence';
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
      severity: onlyAddsEnumValues(context, differences) ? 'info' : isEmpty || onlyWidensViews(differences) ? 'warning' : 'error',
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
