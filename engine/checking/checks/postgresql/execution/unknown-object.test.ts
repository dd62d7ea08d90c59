import { expect, it } from 'vitest';
import { check } from './unknown-object';
import { sqlCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';

const { findingsIn, reports, silentOn } = sqlCheck(check, 'CREATE TABLE memories (id int PRIMARY KEY, valence real);');

it('says which later migration makes the table', async () => {
  const fixture = {
    '0002_link.up.sql': `CREATE TABLE links (tag_id int REFERENCES tags);
--                                        ^^^^ unknown-object
`,
    '0003_tags.up.sql': 'CREATE TABLE tags (id int PRIMARY KEY);',
  };
  const [finding] = await reports(fixture);
  expect(finding).toMatchObject({ severity: 'error', hazards: ['P51'], related: [{ file: '/project/migrations/0003_tags.up.sql' }] });
  expect(finding).toMatchObject({ details: 'Migration 0003_tags creates it later.', advice: 'Move one of the two migrations.' });
});

it('finds the name that was meant and puts it there by a fix', async () => {
  const fixture = {
    '0002_change.up.sql': `ALTER TABLE memories ALTER COLUMN valense SET DEFAULT 0;
--                                ^^^^^^^ unknown-object
INSERT INTO nothing (id) VALUES (1);
--          ^^^^^^^ unknown-object
`,
  };
  const [column, table] = await reports(fixture);
  expect(column?.advice).toBe('Did you mean valence?');
  expect(table).toMatchObject({ fixes: [] });
  expect(applyFix(fixture, column?.fixes[0])['0002_change.up.sql']).toContain('ALTER COLUMN valence SET');
});

it('says where it was dropped', async () => {
  const [finding] = await reports({
    '0002_drop.up.sql': 'ALTER TABLE memories RENAME COLUMN valence TO mood;',
    '0003_use.up.sql': `UPDATE memories SET valence = 0;
--                  ^^^^^^^ unknown-object
`,
  });
  expect(finding?.details).toBe('Migration 0002_drop dropped or renamed it.');
});

it('does not take roles, consequences and types of unavailable extensions for faults of the script', async () => {
  const findings = await findingsIn(`GRANT SELECT ON memories TO reporting;
CREATE EXTENSION postgis;
ALTER TABLE memories ADD COLUMN place geometry;
CREATE TABLE broken (a int, a int);
ALTER TABLE broken ADD COLUMN b int;`);
  expect(findings.map(({ severity }) => severity)).toEqual(['info', 'info']);
  expect(findings[1]?.details).toMatch(/should create it, but fails\.$/);
});

it('is silent on what a loose file cannot know, and on operators', async () => {
  await silentOn('ALTER TABLE elsewhere ADD COLUMN a int;\n', { loose: true });
  await silentOn("SELECT id FROM memories WHERE id = 'x'::text;");
});
