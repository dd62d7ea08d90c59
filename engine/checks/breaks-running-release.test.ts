import { beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './breaks-running-release';
import { check as dropColumn } from './drop-column';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

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

it('names the release and the query that a drop breaks, and from when on it is fine', async () => {
  const drop = 'ALTER TABLE memories DROP COLUMN valence;\n';
  const early = {
    ...project,
    'upgrade.yaml': manifest('0002_drop'),
    '0002_drop.up.sql': `${drop}--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release\n`,
  };
  const [finding] = await expectMarkers(early, check, { shadow });
  expect(finding?.message).toMatch(/^Release 1\.0\.0, .* ListMemories is refused \(column "valence" does not exist/);
  expect(finding?.message).toContain('fine from release 3.0.0 on');
  expect(finding?.related.map(({ file }) => file)).toEqual(['/project/queries/1.0.sql']);
  const moved = applyFix(early, finding?.fixes[0]);
  expect(moved['upgrade.yaml']).toContain('queries: queries/2.0.sql\n    migrations: []\n  - version: 3.0.0');
  expect(moved['upgrade.yaml']).toContain('migrations: [0002_drop]\n');
  expect(await findingsIn(moved, [check, dropColumn], { shadow })).toEqual([]);
  const late = { ...project, 'upgrade.yaml': manifest('', '0002_drop'), '0002_drop.up.sql': drop };
  expect(await findingsIn(late, [check, dropColumn], { shadow })).toEqual([]);
});

it('sees writes that nobody can make any more, and leaves those alone that other values satisfy', async () => {
  const fixture = (sql: string) => ({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': sql });
  const [required] = await expectMarkers(
    fixture(`ALTER TABLE memories ADD COLUMN kind text;
ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release
`),
    check,
    { shadow },
  );
  expect(required?.message).toContain('AddMemory is refused when it writes (null value in column "kind"');
  const others = fixture(
    "ALTER TABLE memories ADD CHECK (length(content) < 10);\nALTER TABLE memories ADD COLUMN kind text NOT NULL DEFAULT '';",
  );
  await expectMarkers(others, check, { shadow });
});

it('tells a type that changes, and is silent on a column that only comes', async () => {
  const fixture = (sql: string) => ({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': sql });
  const [finding] = await expectMarkers(
    fixture(`ALTER TABLE memories ALTER COLUMN valence TYPE real;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ breaks-running-release
`),
    check,
    { shadow },
  );
  expect(finding?.message).toContain('returns valence as real instead of integer');
  await expectMarkers(fixture('ALTER TABLE memories ADD COLUMN arousal int;'), check, { shadow });
});

it('forgives what the same transaction mends, and says nothing of releases beyond the window', async () => {
  const mended = `ALTER TABLE memories RENAME TO memory;
CREATE VIEW memories AS SELECT * FROM memory;
`;
  await expectMarkers({ ...project, 'upgrade.yaml': manifest('0002_change'), '0002_change.up.sql': mended }, check, { shadow });
  const beyond = {
    ...project,
    'upgrade.yaml': manifest('0002_change').replace('window: 1', 'window: 0'),
    '0002_change.up.sql': 'DROP TABLE memories;',
  };
  await expectMarkers(beyond, check, { shadow });
});
