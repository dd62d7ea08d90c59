import { describe, expect, it } from 'vitest';
import type { RoundTrip } from '#engine/databases/observation';
import { compareMigration, withSecondOpinion } from './compare';
import type { MigrationTruth } from './server/migration-truth';

const trip: RoundTrip = {
  id: '0001',
  up: 'ok',
  down: 'ok',
  upAgain: 'ok',
  schemaRestored: true,
  rowsRestored: true,
  differences: [],
  message: '',
};
const truth: MigrationTruth = { schema: [], rows: [], unseeded: [], statements: [], milliseconds: 0 };
const lostRows = [{ table: 'public.item', what: 'the rows of public.item are gone' }];

function results(one: Partial<MigrationTruth>, other: Partial<RoundTrip>): Record<string, string> {
  const compared = compareMigration({ ...truth, ...one }, { roundTrip: { ...trip, ...other }, statements: [] });
  return Object.fromEntries(compared.map(({ aspect, result }) => [aspect, result]));
}

describe('compareMigration', () => {
  it('finds the same', () => {
    expect(new Set(Object.values(results({}, {})))).toEqual(new Set(['same']));
  });

  it.each<[string, Partial<MigrationTruth>, Partial<RoundTrip>, string]>([
    ['schema', { schema: [{ kind: 'missing', object: 'table public.item' }] }, {}, 'other'],
    ['schema', { schema: [{ kind: 'missing', object: 'comment on table public.item', cosmetic: 'a comment' }] }, {}, 'same'],
    ['schema', {}, { schemaRestored: false }, 'other'],
    ['rows', { rows: lostRows }, {}, 'other'],
    ['rows', { rows: lostRows }, { rowsRestored: null }, 'not comparable'],
    ['rows', { rows: lostRows }, { unseeded: [{ table: 'public.item', reason: '' }] }, 'not comparable'],
    ['up again', { upAgain: { sqlstate: '42710', message: '' } }, {}, 'other'],
    ['down', { down: { sqlstate: '42710', message: '' } }, {}, 'other'],
    ['up', { up: { sqlstate: '42710', message: '' } }, {}, 'other'],
  ])('judges %s', (aspect, one, other, result) => {
    expect(results(one, other)[aspect]).toBe(result);
  });

  it('does not compare what the engine gave up on', () => {
    const error = { sqlstate: '53200', message: '', gaveUp: 'memory' as const };
    const failed = { up: 'error' as const, failure: { script: 'up' as const, statement: 0, error } };
    expect(results({}, failed)['up']).toBe('not comparable');
  });
});

describe('withSecondOpinion', () => {
  const first = compareMigration(
    { ...truth, rows: lostRows, upAgain: { sqlstate: '42710', message: '' } },
    { roundTrip: trip, statements: [] },
  );
  const resultsOf = (second: Partial<MigrationTruth>) =>
    withSecondOpinion(first, compareMigration({ ...truth, ...second }, { roundTrip: trip, statements: [] })).filter(
      ({ result }) => result !== 'same',
    );

  it('takes back what other rows are the reason of, and nothing else', () => {
    expect(resultsOf({}).map(({ aspect, result }) => `${aspect} ${result}`)).toEqual(['up again other', 'rows not comparable']);
  });

  it('leaves what is so with the same rows', () => {
    expect(resultsOf({ rows: lostRows }).map(({ result }) => result)).toEqual(['other', 'other']);
  });
});
