import { expect, it } from 'vitest';
import { check } from './constrained-domain-column-rewrites';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN plain AS int;
CREATE TABLE memories (id int PRIMARY KEY, kind text);
INSERT INTO memories VALUES (1, 'joke');`;
const { reports, silentOn } = sqlCheck(check, base);

it('reports a column of a domain with a CHECK, although it has no default', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD COLUMN weight positive;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ constrained-domain-column-rewrites
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P15'] });
  expect(finding).toMatchObject({
    message: 'Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)',
    details: 'PostgreSQL rewrites every row to check the constraint of the domain positive, although the new column is empty.',
    related: [{ file: '/project/migrations/0001_base.up.sql', range: { start: 0 }, message: 'Creates the domain positive.' }],
  });
  expect(finding?.advice).toMatch(/^Give the column the base type of the domain \(integer\), add the condition with ADD CONSTRAINT/);
});

it('is silent on domains without constraint, plain types and tables that are new', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN weight plain;
ALTER TABLE memories ADD COLUMN note text DEFAULT 'none';
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN weight positive;
`));

it('is silent where another command of the statement causes the rewrite', () =>
  silentOn('ALTER TABLE memories ADD COLUMN note text, ALTER COLUMN id TYPE bigint;\n'));
