import { expect, it } from 'vitest';
import { check } from './rollback-path-missing';
import { manifestText } from '../testing/manifest-fixture';
import { applyFix, expectMarkers, findingsIn } from '../testing/sql-fixture';

const transform = 'transform: { table: t, key: id, set: { a: "1" }';

it('reports what a promised down script cannot undo, and promises a restore instead by a fix', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
  - version: 1.1.0
    rollback: down
    #         ^^^^ rollback-path-missing
    migrations: [{ id: fill, ${transform} } }]
  - version: 1.2.0
    migrations:
      - { id: fill2, ${transform} }, irreversible: rows are merged }
      #       ^^^^^ rollback-path-missing
  - version: 1.3.0
    migrations: [{ id: fill3, ${transform}, undo: { a: "NULL" } } }]
  - version: 1.4.0
    rollback: restore
    migrations: [{ id: fill4, ${transform} }, irreversible: rows are merged }]
`),
  };
  const findings = await expectMarkers(fixture, check);
  expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'info']);
  expect(findings.map(({ message }) => message)).toEqual([
    'Down scripts cannot roll back 1.1.0, although it declares `rollback: down`',
    'Rolling back 1.2.0 requires restoring a backup, which loses newer data',
  ]);
  expect(findings[0]?.details).toContain('its transform has no `undo`');
  const once = applyFix(fixture, findings[0]?.fixes[0]);
  const [rest] = await findingsIn(once, [check]);
  expect(await findingsIn(applyFix(once, rest?.fixes[0]), [check])).toEqual([]);
});

it('reports a contract migration after which no earlier release works', async () => {
  const text = (window: number) =>
    manifestText(`window: ${window}
releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, migrations: [{ id: 0001_a, phase: contract }] }
`);
  const scripts = { '0001_a.up.sql': 'SELECT 1;', '0001_a.down.sql': 'SELECT 1;' };
  const fixture = { ...scripts, 'upgrade.yaml': text(0) };
  const found = await findingsIn(fixture, [check]);
  expect(found.map(({ message }) => message)).toEqual(['No release works after rolling back 1.1.0 with down scripts']);
  expect(await findingsIn(applyFix(fixture, found[0]?.fixes[0]), [check])).toEqual([]);
  expect(await findingsIn({ ...scripts, 'upgrade.yaml': text(1) }, [check])).toEqual([]);
});

it('reports missing down scripts of a layout without them only if they are promised', async () => {
  const text = (rollback: string) =>
    manifestText(`migrations: { layout: prisma }\nreleases:\n  - version: 1.0.0\n${rollback}    migrations: [1_a]\n`);
  const files = { '1_a/migration.sql': 'SELECT 1;' };
  const found = await findingsIn({ ...files, 'upgrade.yaml': text('    rollback: down\n') }, [check]);
  expect(found.map(({ details }) => details)).toEqual([expect.stringContaining('it has no down script')]);
  expect(await findingsIn({ ...files, 'upgrade.yaml': text('') }, [check])).toEqual([]);
});
