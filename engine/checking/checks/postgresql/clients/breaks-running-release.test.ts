import { expect, it } from 'vitest';
import { check } from './breaks-running-release';
import { check as dropColumn } from './drop-column';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check);

const manifest = (...last: string[]) => `manifest: 1
system: mem8
window: 1
releases:
  - version: 1.0.0
    queries: queries/1.0.sql
    migrations: [0001_base]
  - version: 2.0.0
    queries: queries/2.0.sql
    migrations: [${last[0] ?? ''}]
  - version: 3.0.0
    queries: queries/2.0.sql
    migrations: [${last[1] ?? ''}]
`;

const project = {
  '0001_base.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY, content text NOT NULL, valence int NOT NULL DEFAULT 0);`,
  '../queries/1.0.sql': `-- name: ListMemories :many
SELECT id, content, valence FROM memories ORDER BY id;
-- name: AddMemory :exec
INSERT INTO memories (id, content) VALUES ($1, $2);
`,
  '../queries/2.0.sql': '-- name: ListMemories :many\nSELECT id, content FROM memories WHERE id = $1;\n',
};

it('names the release and the query that a drop breaks, and the release to move it to', async () => {
  const drop = 'ALTER TABLE memories DROP COLUMN valence;\n';
  const early = {
    ...project,
    'upgrade.yaml': manifest('0002_drop'),
    '0002_drop.up.sql': `${drop}--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release\n`,
  };
  const [finding] = await reports(early);
  expect(finding).toMatchObject({
    message: 'ListMemories of 1.0.0 fails: column "valence" does not exist (42703)',
    details: '1.0.0 may still run while 2.0.0 is installed.',
    advice: 'Move 0002_drop to release 3.0.0 or later: 1.0.0 no longer runs then.',
  });
  expect(finding?.related[0]?.message).toBe('ListMemories of 1.0.0 fails: column "valence" does not exist (42703).');
  expect(finding?.related.map(({ file }) => file)).toEqual(['/project/queries/1.0.sql']);
  const moved = await afterFix(early, { also: [dropColumn] });
  expect(moved['upgrade.yaml']).toContain('queries: queries/2.0.sql\n    migrations: []\n  - version: 3.0.0');
  expect(moved['upgrade.yaml']).toContain('migrations: [0002_drop]\n');
  const late = { ...project, 'upgrade.yaml': manifest('', '0002_drop'), '0002_drop.up.sql': drop };
  await silentOn(late, { also: [dropColumn] });
});

it('reports writes that no values satisfy, and no writes that other values satisfy', async () => {
  const fixture = (sql: string) => ({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': sql });
  const [required] = await reports(
    fixture(`ALTER TABLE memories ADD COLUMN kind text;
ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release
`),
  );
  expect(required?.message).toBe('AddMemory of 1.0.0 fails to write: null value in column "kind" (23502)');
  expect(required?.details).toMatch(
    /^1\.0\.0 may still run while 2\.0\.0 is installed\. PostgreSQL says: null value in column "kind" of relation "memories" violates not-null constraint\./,
  );
  const others = fixture(
    "ALTER TABLE memories ADD CHECK (length(content) < 10);\nALTER TABLE memories ADD COLUMN kind text NOT NULL DEFAULT '';",
  );
  await silentOn(others);
});

it('reports a result type that changes, and no added column', async () => {
  const fixture = (sql: string) => ({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': sql });
  const [finding] = await reports(
    fixture(`ALTER TABLE memories ALTER COLUMN valence TYPE real;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release
`),
  );
  expect(finding?.message).toBe('ListMemories of 1.0.0 returns valence as real instead of integer');
  await silentOn(fixture('ALTER TABLE memories ADD COLUMN arousal int;'));
});

it('reports nothing that the same transaction restores, and nothing of releases beyond the window', async () => {
  const restored = `ALTER TABLE memories RENAME TO memory;
CREATE VIEW memories AS SELECT * FROM memory;
`;
  await silentOn({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': restored });
  const beyond = {
    ...project,
    'upgrade.yaml': manifest('0002_change').replace('window: 1', 'window: 0'),
    '0002_change.up.sql': 'DROP TABLE memories;',
  };
  await silentOn(beyond);
});
