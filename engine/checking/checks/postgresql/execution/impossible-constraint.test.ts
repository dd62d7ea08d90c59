import { expect, it } from 'vitest';
import { check } from './impossible-constraint';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id int PRIMARY KEY, name text);
CREATE TABLE pets (id int, owner_id int, code text);
CREATE UNIQUE INDEX pets_some ON pets (id) WHERE id > 0;
CREATE TABLE events (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);`;
const { reports, silentOn, afterFix } = sqlCheck(check, base);

it('marks constraints that do not fit their tables and says what would', async () => {
  const findings = await reports(`ALTER TABLE pets ADD CONSTRAINT f FOREIGN KEY (code) REFERENCES owners (name);
--                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible-constraint
ALTER TABLE owners ALTER COLUMN id DROP NOT NULL;
--                              ^^ impossible-constraint
ALTER TABLE owners ADD PRIMARY KEY (name);
--                     ^^^^^^^^^^^^^^^^^^ impossible-constraint
ALTER TABLE pets ADD UNIQUE USING INDEX pets_some;
--                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible-constraint
ALTER TABLE pets ADD FOREIGN KEY (code) REFERENCES owners;
--                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible-constraint
`);
  expect(findings.every(({ verified, severity }) => verified && severity === 'error')).toBe(true);
  expect(findings[0]?.message).toMatch(/^Fails: there is no unique constraint/);
  expect(findings[0]?.advice).toBe('Make the referenced columns unique first: ALTER TABLE owners ADD UNIQUE (name);');
  expect(findings[3]?.advice).toMatch(/^Use a unique index on plain columns without WHERE/);
  expect(base.slice(findings[3]?.related[0]?.range.start)).toMatch(/^CREATE UNIQUE INDEX pets_some/);
  expect(findings[4]?.details).toContain('text and integer');
});

it('gives a new column the type of the one that it refers to by a fix', async () => {
  const script = 'ALTER TABLE pets ADD COLUMN keeper text REFERENCES owners (id);\n';
  expect(await afterFix(script, { also: [statementFails] })).toContain('keeper integer REFERENCES');
});

it('adds the partition key to the keys of a new table by a fix', async () => {
  const script = `CREATE TABLE visits (id int, at date) PARTITION BY RANGE (at);
ALTER TABLE visits ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX visits_id ON visits (id);
`;
  expect(await afterFix(script, { all: true, also: [statementFails] })).toContain(
    'PRIMARY KEY (id, at);\nCREATE UNIQUE INDEX visits_id ON visits (id, at);',
  );
});

it('is silent on constraints that fit', () => silentOn('ALTER TABLE pets ADD FOREIGN KEY (owner_id) REFERENCES owners;'));
