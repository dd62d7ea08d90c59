import type { RelatedPlace } from '../core/finding';
import type { TextRange } from '../core/text';
import type { Difference } from '../shadow/observation';
import type { Check, MigrationContext, ScriptContext } from './check';
import { headOf } from './support/evidence';

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
    const listed = differences.slice(0, shownDifferences).map(describe).join('; ');
    const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
    const isEmpty = down.statements.length === 0;
    yield {
      file: down.script.file,
      range: placeInDown(down, differences),
      severity: isEmpty ? 'warning' : 'error',
      message: isEmpty
        ? `Rolling back ${migration.id} does nothing, but its up script changes the schema: ${listed}${more}.`
        : `Rolling back ${migration.id} does not restore the schema: ${listed}${more}.`,
      related: placesInUp(context, differences),
    };
  },
};

/** `table public.a is left over`, `default of column public.a.b was 1 and is now missing`. */
function describe({ kind, object, before, after }: Difference): string {
  if (kind === 'left-over') return `${object} is left over`;
  if (kind === 'missing') return `${object} is missing`;
  return before !== undefined && after !== undefined && before.length + after.length < 120
    ? `${object} was ${before} and is now ${after}`
    : `${object} is different`;
}

function placeInDown(down: ScriptContext, differences: readonly Difference[]): TextRange {
  const statements = down.statements.filter(({ kind }) => kind === 'sql');
  const first = statements[0];
  if (!first) {
    const section = down.script.sections[0] ?? { start: 0, end: 0 };
    const line = down.script.text.slice(section.start, section.end).search(/[\r\n]/);
    return { start: section.start, end: line < 0 ? section.end : section.start + line };
  }
  for (const difference of differences) {
    const words = nameParts(difference.object);
    const match = statements.findLast((statement) => words.some((word) => mentions(statement.text, word)));
    if (match) return headOf(match);
  }
  return headOf(first);
}

function placesInUp({ up, observation }: MigrationContext, differences: readonly Difference[]): RelatedPlace[] {
  const statements = up.statements.filter(({ kind }) => kind === 'sql');
  const places: RelatedPlace[] = [];
  for (const difference of differences.slice(0, shownDifferences)) {
    const index = observation?.statements.findIndex(({ changes }) => changes.some(({ object }) => object === difference.object)) ?? -1;
    const statement =
      index >= 0 ? statements[index] : statements.find(({ text }) => nameParts(difference.object).some((word) => mentions(text, word)));
    if (statement) places.push({ file: up.script.file, range: headOf(statement), message: `${difference.object} is changed here.` });
  }
  return places;
}

/** The names in an object's description, the most telling first: `column public.a.b` gives b, a. */
function nameParts(object: string): string[] {
  const name = object.slice(object.indexOf(' ') + 1).replace(/\(.*$/, '');
  return name
    .split('.')
    .reverse()
    .filter((part) => part !== 'public' && part !== '');
}

function mentions(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}
