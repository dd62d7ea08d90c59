import { expect, it } from 'vitest';
import { check } from './migration-referenced-twice';
import { manifestText, scriptFixture } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports the second mention, in the same release or another', async () => {
  const findings = await expectMarkers(
    {
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
    },
    check,
  );
  expect(findings[1]?.message).toBe('0001_a does not run here: it has run with 1.0.0 already, and runs only once.');
});
