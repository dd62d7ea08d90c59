import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as blockingLock } from './blocking-lock';
import { check as checkConstraintValidates } from './check-constraint-validates';
import { check } from './validate-in-same-transaction';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1), (2);
INSERT INTO memories VALUES (1, 1, 'joke', 7), (2, 2, 'fact', 8);`,
};

it('reports the validation and shows where the lock is taken', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_check.up.sql': `ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;
ALTER TABLE memories VALIDATE CONSTRAINT positive;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ validate-in-same-transaction
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P11'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: VALIDATE CONSTRAINT scans it');
  expect(finding?.related).toMatchObject([{ range: { start: 0 }, message: 'Takes the lock and keeps it until the transaction ends.' }]);
});

it('reports both in one command, and foreign keys', async () => {
  for (const sql of [
    'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID, VALIDATE CONSTRAINT positive;',
    'ALTER TABLE memories ADD CONSTRAINT k FOREIGN KEY (owner) REFERENCES owners NOT VALID;\nALTER TABLE memories VALIDATE CONSTRAINT k;',
  ]) {
    const findings = await findingsIn({ ...base, '0002_check.up.sql': sql }, [check, checkConstraintValidates, blockingLock], { shadow });
    expect(findings.map(({ id }) => id)).toEqual([check.id]);
  }
});

it('is silent if the transaction ends in between: in a later migration, after COMMIT, and without transactions', async () => {
  const adding = 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;\n';
  const validating = 'ALTER TABLE memories VALIDATE CONSTRAINT positive;\n';
  await expectMarkers({ ...base, '0002_check.up.sql': adding, '0003_validate.up.sql': validating }, check, { shadow });
  await expectMarkers({ ...base, '0002_check.up.sql': `-- no-transaction\nBEGIN;\n${adding}COMMIT;\n${validating}` }, check, { shadow });
});

it('is not verified if only the syntax is known', async () => {
  const adding = 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;\n';
  const findings = await findingsIn(
    {
      'a.sql': `${adding}ALTER TABLE memories VALIDATE CONSTRAINT positive;\n`,
      'b.sql': 'ALTER TABLE memories VALIDATE CONSTRAINT positive;\n',
    },
    [check],
    { loose: true },
  );
  expect(findings.map(({ file, verified }) => [file.slice(-5), verified])).toEqual([['a.sql', false]]);
});
