import { expect, it } from 'vitest';
import { check as blockingLock } from './blocking-lock';
import { check as checkConstraintValidates } from './check-constraint-validates';
import { check } from './validate-in-same-transaction';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, memories);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports the validation and shows where the lock is taken', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;
ALTER TABLE memories VALIDATE CONSTRAINT positive;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ validate-in-same-transaction
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P11'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: VALIDATE CONSTRAINT scans it');
  expect(finding?.related).toMatchObject([{ range: { start: 0 }, message: 'Takes the lock and keeps it until the transaction ends.' }]);
});

it('reports both in one command, and foreign keys', async () => {
  for (const sql of [
    'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID, VALIDATE CONSTRAINT positive;',
    'ALTER TABLE memories ADD CONSTRAINT k FOREIGN KEY (owner) REFERENCES owners NOT VALID;\nALTER TABLE memories VALIDATE CONSTRAINT k;',
  ]) {
    const findings = await findingsIn(sql, { also: [checkConstraintValidates, blockingLock] });
    expect(findings.map(({ id }) => id)).toEqual([check.id]);
  }
});

it('is silent if the transaction ends in between: in a later migration, after COMMIT, and without transactions', async () => {
  const adding = 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;\n';
  const validating = 'ALTER TABLE memories VALIDATE CONSTRAINT positive;\n';
  await silentOn({ '0002_check.up.sql': adding, '0003_validate.up.sql': validating });
  await silentOn(`-- no-transaction\nBEGIN;\n${adding}COMMIT;\n${validating}`);
});

it('is not verified if only the syntax is known', async () => {
  const adding = 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;\n';
  const findings = await bySyntax.findingsIn({
    'a.sql': `${adding}ALTER TABLE memories VALIDATE CONSTRAINT positive;\n`,
    'b.sql': 'ALTER TABLE memories VALIDATE CONSTRAINT positive;\n',
  });
  expect(findings.map(({ file, verified }) => [file.slice(-5), verified])).toEqual([['a.sql', false]]);
});
