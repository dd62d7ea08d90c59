import { expect, it } from 'vitest';
import { check } from './migration-referenced-twice';
import { manifestCheck, manifestText, scriptFixture } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports the second entry, in the same release or another', async () => {
  const findings = await reports({
    ...scriptFixture('0001_a', '0002_b'),
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations: [0001_a, 0001_a]
    #                    ^^^^^^ migration-referenced-twice
  - version: 1.1.0
    migrations:
      - 0002_b
      - { id: 0001_a, phase: expand }
      #       ^^^^^^ migration-referenced-twice
`),
  });
  expect(findings[1]).toMatchObject({
    message: '0001_a does not run here: it already runs in 1.0.0',
    advice: 'Remove one of the two entries. To run the statements again, write a new migration.',
    related: [{ message: '1.0.0 lists it first.' }],
  });
});
