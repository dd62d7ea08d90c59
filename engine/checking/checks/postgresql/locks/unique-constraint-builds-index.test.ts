import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as notRerunnable } from '../execution/not-rerunnable';
import { check as statementFails } from '../execution/statement-fails';
import { check } from './unique-constraint-builds-index';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1), (2);
INSERT INTO memories VALUES (1, 1, 'joke', 7), (2, 2, 'fact', 8);`,
};

it('reports the build and gives the SQL that builds the index first', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_unique.up.sql': `ALTER TABLE memories ADD CONSTRAINT one_kind UNIQUE NULLS NOT DISTINCT (kind, owner);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unique-constraint-builds-index
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P5'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY one_kind ON memories (kind, owner) NULLS NOT DISTINCT;');
  expect(finding?.details).toBe('The server builds the unique index of the constraint under this lock.');
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT one_kind UNIQUE USING INDEX one_kind;');
});

it('reports UNIQUE in the definition of a new column, on the command that has it', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN note text,\n  ADD COLUMN code int UNIQUE;\n';
  const [finding] = await findingsIn({ ...base, '0002_unique.up.sql': sql }, [check], { shadow });
  const command = 'ADD COLUMN code int UNIQUE';
  expect(finding?.range).toEqual({ start: sql.indexOf(command), end: sql.indexOf(command) + command.length });
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY memories_code_key ON memories (code);');
  expect(finding?.fixes).toEqual([]);
});

it('builds the index first by a fix if statements are sent one by one', async () => {
  const script = (up: string, down: string) => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;
  const fixture = {
    '0001_base.sql': script(base['0001_base.up.sql'], 'DROP TABLE memories;'),
    '0002_unique.sql': script(
      'ALTER TABLE memories ADD UNIQUE (kind) DEFERRABLE;',
      'ALTER TABLE memories DROP CONSTRAINT memories_kind_key;',
    ),
  };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_unique.sql']).toContain('ADD CONSTRAINT memories_kind_key UNIQUE USING INDEX memories_kind_key DEFERRABLE;');
  expect(await findingsIn(fixed, [check, notRerunnable, statementFails], { shadow })).toEqual([]);
});

it('is silent on USING INDEX and on new tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_index.up.sql': '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY memories_kind_key ON memories (kind);\n',
      '0003_unique.up.sql': 'ALTER TABLE memories ADD CONSTRAINT memories_kind_key UNIQUE USING INDEX memories_kind_key;\n',
      '0004_new.up.sql': 'CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD UNIQUE (id);\n',
    },
    check,
    { shadow },
  );
});

it('is not verified if only the syntax is known', async () => {
  const [finding] = await findingsIn({ 'change.sql': 'ALTER TABLE memories ADD UNIQUE (kind);\n' }, [check], { loose: true });
  expect(finding?.verified).toBe(false);
});
