import { expect, it } from 'vitest';
import { check } from './migration-order';
import { manifestText, scriptFixture } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports a migration that the manifest runs later than the directory', async () => {
  const [finding] = await expectMarkers(
    {
      ...scriptFixture('0001_a', '0002_b', '0003_c'),
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations: [0001_a, 0003_c]
  - version: 1.1.0
    migrations: [0002_b]
    #            ^^^^^^ migration-order
`),
    },
    check,
  );
  expect(finding?.related[0]?.message).toBe('0003_c comes first here.');
});

it('accepts the order of the directory, with transforms between', async () => {
  await expectMarkers(
    {
      ...scriptFixture('0001_a', '0002_b'),
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations: [0001_a, { id: fill, transform: { table: t, key: id, set: { a: "1" } } }, 0002_b]
`),
    },
    check,
  );
});
