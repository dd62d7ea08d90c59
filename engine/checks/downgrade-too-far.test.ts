import { expect, it } from 'vitest';
import { check } from './downgrade-too-far';
import { manifestText } from './testing/manifest-fixture';
import { applyFix, expectMarkers, findingsIn } from './testing/sql-fixture';

const format = (writes: number, ...reads: number[]) => `formats: { wave: { writes: ${writes}, reads: [${reads.join(', ')}] } }`;

it.each([
  [
    'an unknown release',
    '  - version: 1.0.1\n  - version: 1.1.0\n    downgrade: 1.0.2\n    #          ^^^^^ downgrade-too-far\n',
    'Did you mean 1.0.0?',
  ],
  [
    'a later release',
    '  - version: 1.0.1\n    downgrade: 1.1.0\n    #          ^^^^^ downgrade-too-far\n  - version: 1.1.0\n',
    'comes after it',
  ],
  [
    'a release past one that cannot be left',
    '  - { version: 1.0.1, rollback: { none: keys are gone } }\n  - version: 1.1.0\n    downgrade: 1.0.0\n    #          ^^^^^ downgrade-too-far\n',
    'keys are gone. The oldest release that one can go back to is 1.0.1',
  ],
  [
    'a release past a contract',
    '  - { version: 1.0.1 }\n  - version: 1.1.0\n    downgrade: 1.0.0\n    #          ^^^^^ downgrade-too-far\n    migrations: [{ id: 0001_a, phase: contract }]\n',
    'what releases before 1.0.1 need',
  ],
  [
    'a release that does not read the data',
    `  - { version: 1.0.1, ${format(1, 1)} }\n  - { version: 1.0.2, ${format(1, 1, 2)} }\n  - version: 1.1.0\n    ${format(2, 1, 2)}\n    downgrade: 1.0.1\n    #          ^^^^^ downgrade-too-far\n`,
    '1.0.1 does not read version 2 of the format wave',
  ],
  [
    'less than the formats allow, as a hint',
    `  - { version: 1.0.1, ${format(1, 1, 2)} }\n  - { version: 1.0.2, ${format(1, 1, 2)} }\n  - version: 1.1.0\n    ${format(2, 1, 2)}\n    downgrade: 1.0.2\n    #          ^^^^^ downgrade-too-far\n`,
    '1.0.1 understands all that 1.1.0 writes',
  ],
])('reports a promise of %s, and mends it', async (_, releases, message) => {
  const fixture = { 'upgrade.yaml': manifestText(`releases:\n  - version: 1.0.0\n${releases}`) };
  const [finding] = await expectMarkers(fixture, check);
  expect(finding?.message).toContain(message);
  if (message !== 'comes after it') expect(await findingsIn(applyFix(fixture, finding?.fixes[0]), [check])).toEqual([]);
});

it('knows migrations without a down script', async () => {
  const fixture = {
    '0001_a.up.sql': 'SELECT 1;',
    '0001_a.down.sql': 'SELECT 1;',
    '0002_b.up.sql': 'SELECT 2;',
    'upgrade.yaml': manifestText(
      'releases:\n  - { version: 1.0.0, migrations: [0001_a] }\n  - { version: 1.1.0, downgrade: 1.0.0, migrations: [0002_b] }\n',
    ),
  };
  const [finding] = await findingsIn(fixture, [check]);
  expect(finding?.message).toContain('0002_b of 1.1.0 cannot be undone: it has no down script');
});

it('accepts a promise that holds', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(
        'releases:\n  - version: 1.0.0\n  - { version: 1.0.1, rollback: restore }\n  - { version: 1.1.0, downgrade: 1.0.0 }\n',
      ),
    },
    check,
  );
});
