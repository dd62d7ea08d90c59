import { expect, it } from 'vitest';
import { check } from './downgrade-too-far';
import { manifestCheck, manifestText } from '../testing/manifest-check';

const { findingsIn, reports, silentOn, afterFix } = manifestCheck(check);

const format = (writes: number, ...reads: number[]) => `formats: { wave: { writes: ${writes}, reads: [${reads.join(', ')}] } }`;

it.each([
  [
    'an unknown release',
    '  - version: 1.0.1\n  - version: 1.1.0\n    downgrade: 1.0.2\n    #          ^^^^^ downgrade-too-far\n',
    ['1.1.0 promises a rollback to 1.0.2, which is not in the manifest', undefined, 'Did you mean 1.0.0?'],
  ],
  [
    'a later release',
    '  - version: 1.0.1\n    downgrade: 1.1.0\n    #          ^^^^^ downgrade-too-far\n  - version: 1.1.0\n',
    ['1.0.1 promises a rollback to 1.1.0, which is a later release', undefined, 'Name a release that the manifest lists before 1.0.1.'],
  ],
  [
    'a release before one that rules out rollbacks',
    '  - { version: 1.0.1, rollback: { none: keys are gone } }\n  - version: 1.1.0\n    downgrade: 1.0.0\n    #          ^^^^^ downgrade-too-far\n',
    [
      '1.1.0 promises a rollback to 1.0.0, but 1.0.1 rules out rollbacks',
      'keys are gone.',
      'Change `downgrade` to 1.0.1, the oldest release that 1.1.0 can roll back to.',
    ],
  ],
  [
    'a release before a contract',
    '  - { version: 1.0.1 }\n  - version: 1.1.0\n    downgrade: 1.0.0\n    #          ^^^^^ downgrade-too-far\n    migrations: [{ id: 0001_a, phase: contract }]\n',
    [
      '1.1.0 promises a rollback to 1.0.0, but 0001_a removes what 1.0.0 needs',
      'releases before 1.0.1',
      'Change `downgrade` to 1.0.1, the oldest release that 1.1.0 can roll back to.',
    ],
  ],
  [
    'a release that does not read the data',
    `  - { version: 1.0.1, ${format(1, 1)} }\n  - { version: 1.0.2, ${format(1, 1, 2)} }\n  - version: 1.1.0\n    ${format(2, 1, 2)}\n    downgrade: 1.0.1\n    #          ^^^^^ downgrade-too-far\n`,
    [
      '1.1.0 promises a rollback to 1.0.1, but 1.0.1 does not read what 1.1.0 writes',
      '1.0.1 does not read version 2',
      'Change `downgrade` to 1.0.2, the oldest release that 1.1.0 can roll back to.',
    ],
  ],
  [
    'less than the formats allow, as a hint',
    `  - { version: 1.0.1, ${format(1, 1, 2)} }\n  - { version: 1.0.2, ${format(1, 1, 2)} }\n  - version: 1.1.0\n    ${format(2, 1, 2)}\n    downgrade: 1.0.2\n    #          ^^^^^ downgrade-too-far\n`,
    [
      '1.1.0 can roll back to 1.0.1, further than the promised 1.0.2',
      '1.0.1 reads every format version that 1.1.0 writes.',
      'Change `downgrade` to 1.0.1.',
    ],
  ],
] as const)('reports a promise of %s, and fixes it', async (_, releases, [message, details, advice]) => {
  const fixture = `releases:\n  - version: 1.0.0\n${releases}`;
  const [finding] = await reports(fixture);
  expect(finding).toMatchObject({ message, advice });
  if (details === undefined) expect(finding?.details).toBeUndefined();
  else expect(finding?.details).toContain(details);
  if (!message.endsWith('a later release')) await afterFix(fixture);
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
  const [finding] = await findingsIn(fixture);
  expect(finding).toMatchObject({
    message: '1.1.0 promises a rollback to 1.0.0, but 0002_b cannot be undone',
    details: expect.stringContaining('it has no down script') as string,
    advice: 'Change `downgrade` to 1.1.0, which promises no rollback.',
  });
});

it('accepts a promise that holds', () =>
  silentOn('releases:\n  - version: 1.0.0\n  - { version: 1.0.1, rollback: restore }\n  - { version: 1.1.0, downgrade: 1.0.0 }\n'));

it.each([
  [
    'a release that allows less',
    '  - version: 1.0.0\n  - { version: 1.0.1, downgrade: 1.0.1 }\n  - { version: 1.1.0, downgrade: 1.0.0 }\n',
    '1.1.0 promises a rollback to 1.0.0, but 1.0.1 does not allow it',
  ],
  [
    'a yanked release',
    '  - { version: 1.0.0, yanked: It loses rows }\n  - { version: 1.1.0, downgrade: 1.0.0 }\n',
    '1.1.0 promises a rollback to 1.0.0, but 1.0.0 was yanked',
  ],
])('names %s in the headline', async (_, releases, message) => {
  const [finding] = await findingsIn(`releases:\n${releases}`);
  expect(finding?.message).toBe(message);
});
