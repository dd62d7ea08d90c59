import { expect, it } from 'vitest';
import { check } from './rollback-path-missing';
import { manifestCheck } from '../testing/manifest-check';

const { reports, afterFix } = manifestCheck(check);

const transform = 'transform: { table: t, key: id, set: { a: "1" }';

it('reports what a promised down script cannot undo, and promises a restore instead by a fix', async () => {
  const manifest = `releases:
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
`;
  const findings = await reports(manifest);
  expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'info']);
  expect(findings.map(({ message }) => message)).toEqual([
    'Down scripts cannot roll back 1.1.0, although it declares `rollback: down`',
    'Rolling back 1.2.0 requires restoring a backup, which loses newer data',
  ]);
  expect(findings[0]?.details).toContain('its transform has no `undo`');
  await afterFix(manifest, { all: true });
});

it('reports a contract migration after which no earlier release works', async () => {
  const text = (window: number) =>
    `window: ${window}
releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, migrations: [{ id: 0001_a, phase: contract }] }
`;
  const { findingsIn, silentOn, afterFix } = manifestCheck(check, { '0001_a.up.sql': 'SELECT 1;', '0001_a.down.sql': 'SELECT 1;' });
  const found = await findingsIn(text(0));
  expect(found.map(({ message }) => message)).toEqual(['No release works after rolling back 1.1.0 with down scripts']);
  await afterFix(text(0));
  await silentOn(text(1));
});

it('reports missing down scripts of a layout without them only if they are promised', async () => {
  const text = (rollback: string) => `migrations: { layout: prisma }\nreleases:\n  - version: 1.0.0\n${rollback}    migrations: [1_a]\n`;
  const { findingsIn, silentOn } = manifestCheck(check, { '1_a/migration.sql': 'SELECT 1;' });
  const found = await findingsIn(text('    rollback: down\n'));
  expect(found.map(({ details }) => details)).toEqual([expect.stringContaining('it has no down script')]);
  await silentOn(text(''));
});
