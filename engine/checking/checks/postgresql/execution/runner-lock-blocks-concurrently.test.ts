import { expect, it } from 'vitest';
import { check as inTransaction } from './concurrently-in-transaction';
import { check } from './runner-lock-blocks-concurrently';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = { 'V1__base.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };
const { findingsIn, reports, silentOn } = sqlCheck(check, base);
const build = 'CREATE INDEX CONCURRENTLY memories_kind ON memories (kind);\n';
const also = [inTransaction, statementFails];

it('reports statements that wait for older transactions where Flyway holds its lock in one', async () => {
  const [finding] = await reports({
    'V2__build.sql': `CREATE UNIQUE INDEX CONCURRENTLY memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ runner-lock-blocks-concurrently
`,
    'V3__drop.sql': 'DROP INDEX CONCURRENTLY memories_kind;\n',
    'V4__vacuum.sql': 'VACUUM memories;\n',
  });
  expect(finding?.message).toBe('CREATE UNIQUE INDEX CONCURRENTLY never ends: it waits for the lock transaction of Flyway');
  expect(finding?.advice).toBe('Set flyway.postgresql.transactional.lock=false.');
});

it('is silent where a setting takes the transaction away, wherever it stands', async () => {
  const settings: [string, string][] = [
    ['flyway.conf', 'flyway.postgresql.transactional.lock=false\n'],
    ['flyway.toml', '[flyway.postgresql]\ntransactional.lock = false\n'],
    ['../flyway.toml', '[flyway]\npostgresql.transactional.lock = false\n'],
    ['../application.yml', 'spring:\n  flyway:\n    postgresql:\n      transactional-lock: false\n'],
    ['../compose.yaml', 'services:\n  flyway:\n    environment:\n      FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: "false"\n'],
  ];
  for (const [name, text] of settings) await silentOn({ 'V2__build.sql': build, [name]: text }, { also });
});

it('is silent for other tools, and inside a transaction, where the statement fails at once', async () => {
  await sqlCheck(check).silentOn({ '0001_a.up.sql': base['V1__base.sql'], '0002_b.up.sql': build });
  const mixed = { 'V2__build.sql': `SET lock_timeout = '5s';\n${build}` };
  const findings = await findingsIn(mixed, { also });
  expect(findings).toMatchObject([{ id: inTransaction.id, severity: 'error', range: { start: 25 } }]);
  expect(findings[0]?.message).toBe('Flyway refuses V2__build: it mixes transactional and other statements');
  expect(findings[0]?.advice).toMatch(/or set flyway\.mixed=true\.$/);
  const allowed = { ...mixed, 'flyway.conf': 'flyway.mixed=true\nflyway.postgresql.transactional.lock=false\n' };
  await silentOn(allowed, { also });
});

it('follows the setting of the script, which Flyway asks before it looks at the statements', async () => {
  const forced = { 'V2__build.sql': build, 'V2__build.sql.conf': 'executeInTransaction=true' };
  expect(await findingsIn(forced, { also })).toMatchObject([{ id: inTransaction.id }]);
});
