import { expect, it } from 'vitest';
import { check } from './migration-order';
import { manifestCheck, manifestText, scriptFixture } from '../testing/manifest-check';

const { reports, silentOn } = manifestCheck(check);

it('reports a migration that the manifest runs later than the directory', async () => {
  const [finding] = await reports({
    ...scriptFixture('0001_a', '0002_b', '0003_c'),
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations: [0001_a, 0003_c]
  - version: 1.1.0
    migrations: [0002_b]
    #            ^^^^^^ migration-order
`),
  });
  expect(finding).toMatchObject({
    message: '0002_b runs after 0003_c here, but before it in the directory',
    details: 'Databases that ran the migrations in the order of the directory (golang-migrate) can end up different.',
    advice: 'List 0002_b before 0003_c, or give it a later version.',
    related: [{ message: '0003_c runs first.' }],
  });
});

it('accepts the order of the directory, with transforms between', () =>
  silentOn({
    ...scriptFixture('0001_a', '0002_b'),
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations: [0001_a, { id: fill, transform: { table: t, key: id, set: { a: "1" } } }, 0002_b]
`),
  }));
