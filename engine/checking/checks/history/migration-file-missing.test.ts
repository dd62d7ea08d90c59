import { expect, it } from 'vitest';
import { check } from './migration-file-missing';
import { manifestCheck, scriptFixture } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports a migration without a script in every notation, and offers the nearest name', async () => {
  const { reports, afterFix } = manifestCheck(check, scriptFixture('0001_memories', '0002_arousal'));
  const manifest = `releases:
  - version: 1.0.0
    migrations:
      - 0001_memroies
      # ^^^^^^^^^^^^^ migration-file-missing
      - { id: 0002_arousal.up.sql, phase: expand }
      #       ^^^^^^^^^^^^^^^^^^^ migration-file-missing
      - { id: 0003_fill, transform: { table: memories, key: id, set: { a: "1" } } }
`;
  const findings = await reports(manifest);
  expect(findings[0]).toMatchObject({
    message: 'The upgrade to 1.0.0 cannot run: migration 0001_memroies has no script',
    details: 'migrations contains no migration of that name.',
    advice: 'Did you mean 0001_memories?',
  });
  await afterFix(manifest, { all: true });
});

it('reports a missing directory once', async () => {
  const [finding] = await reports(`migrations:
  directory: sql
  #          ^^^ migration-file-missing
releases:
  - version: 1.0.0
    migrations: [a, b]
`);
  expect(finding).toMatchObject({
    message: 'No upgrade can run: sql contains no migrations',
    details: 'The manifest lists 2 migrations.',
    advice: 'Correct `migrations.directory`, or add the scripts.',
  });
});

it('points at the right entry after a broken one', async () => {
  const [finding] = await manifestCheck(check, scriptFixture('0001_a')).reports(`releases:
  - version: 1.0.0
    migrations:
      - 0001_a
      - { phase: expand }
      - 0009_gone
      # ^^^^^^^^^ migration-file-missing
`);
  expect(finding?.advice).toBe('Correct the name, add the script, or remove the entry.');
});
