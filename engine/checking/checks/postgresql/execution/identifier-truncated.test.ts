import { expect, it } from 'vitest';
import { check } from './identifier-truncated';
import { sqlCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';

const { findingsIn, silentOn, afterFix } = sqlCheck(check, 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);');
const long = 'memories_of_people_and_places_that_were_visited_in_the_summer_of_2026';

it('marks the first place of the name and shortens it everywhere by a fix', async () => {
  const fixture = {
    '0002_index.up.sql': `CREATE INDEX ${long} ON memories (kind);`,
    '0002_index.down.sql': `DROP INDEX ${long};`,
    '0003_drop.up.sql': `DROP INDEX ${long};`,
  };
  const [finding, ...others] = await findingsIn(fixture);
  expect(others).toEqual([]);
  expect(fixture['0002_index.up.sql'].slice(finding?.range.start, finding?.range.end)).toBe(long);
  expect(finding?.message).toBe('PostgreSQL truncates this name of 69 bytes to 63 bytes');
  expect(finding?.details).toContain(long.slice(0, 63));
  const fixed = await afterFix(fixture);
  expect(fixed['0003_drop.up.sql']).toBe(`DROP INDEX ${long.slice(0, 63)};`);
  expect(fixed['0002_index.down.sql']).toBe(`DROP INDEX ${long.slice(0, 63)};`);
});

it('finds two names that become one and gives the second another', async () => {
  const fixture = {
    '0002_columns.up.sql': `ALTER TABLE memories ADD COLUMN ${long}_a int;\nALTER TABLE memories ADD COLUMN ${long}_b int;`,
  };
  const [, second] = await findingsIn(fixture);
  expect(second).toMatchObject({ severity: 'error' });
  expect(second?.message).toMatch(/^PostgreSQL truncates this name and \w+ to the same name$/);
  expect(applyFix(fixture, second?.fixes[0])['0002_columns.up.sql']).toContain(`ADD COLUMN ${long.slice(0, 61)}_2 int`);
});

it('counts bytes and cuts between characters', async () => {
  const umlauts = 'ä'.repeat(32);
  const [finding] = await findingsIn(`CREATE TABLE "${umlauts}" (id int);`);
  expect(finding?.fixes[0]?.edits[0]?.newText).toBe(`"${'ä'.repeat(31)}"`);
});

it('is silent on names of 63 bytes, on strings and on comments', () =>
  silentOn(`CREATE INDEX ${long.slice(0, 63)} ON memories (kind); -- ${long}\nCOMMENT ON TABLE memories IS '${long}';`));
