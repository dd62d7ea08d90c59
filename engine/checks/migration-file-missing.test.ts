import { expect, it } from 'vitest';
import { check } from './migration-file-missing';
import { applyFix, manifestText, scriptFixture } from './testing/manifest-fixture';
import { expectMarkers, findingsIn } from './testing/sql-fixture';

it('reports a migration without script, whichever way it is written, and offers the near one', async () => {
  const fixture = {
    ...scriptFixture('0001_memories', '0002_arousal'),
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations:
      - 0001_memroies
      # ^^^^^^^^^^^^^ migration-file-missing
      - { id: 0002_arousal.up.sql, phase: expand }
      #       ^^^^^^^^^^^^^^^^^^^ migration-file-missing
      - { id: 0003_fill, transform: { table: memories, key: id, set: { a: "1" } } }
`),
  };
  const findings = await expectMarkers(fixture, check);
  let fixed: Readonly<Record<string, string>> = fixture;
  for (const finding of [...findings].reverse()) fixed = applyFix(fixed, finding.fixes[0]!.edits);
  expect(await findingsIn(fixed, [check])).toEqual([]);
});

it('reports a missing directory once', async () => {
  const [finding] = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`migrations:
  directory: sql
  #          ^^^ migration-file-missing
releases:
  - version: 1.0.0
    migrations: [a, b]
`),
    },
    check,
  );
  expect(finding?.message).toContain('no migrations in sql, where 2 are expected');
});

it('points at the right entry after a broken one', async () => {
  await expectMarkers(
    {
      ...scriptFixture('0001_a'),
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations:
      - 0001_a
      - { phase: expand }
      - 0009_gone
      # ^^^^^^^^^ migration-file-missing
`),
    },
    check,
  );
});
