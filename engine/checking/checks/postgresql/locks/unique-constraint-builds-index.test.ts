import { expect, it } from 'vitest';
import { check as notRerunnable } from '../execution/not-rerunnable';
import { check as statementFails } from '../execution/statement-fails';
import { check } from './unique-constraint-builds-index';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, memories);

it('reports the build and gives the SQL that builds the index first', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD CONSTRAINT one_kind UNIQUE NULLS NOT DISTINCT (kind, owner);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unique-constraint-builds-index
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P5'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY one_kind ON memories (kind, owner) NULLS NOT DISTINCT;');
  expect(finding?.details).toBe('The server builds the unique index of the constraint under this lock.');
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT one_kind UNIQUE USING INDEX one_kind;');
});

it('reports UNIQUE in the definition of a new column, on the command that has it', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN note text,\n  ADD COLUMN code int UNIQUE;\n';
  const [finding] = await findingsIn(sql);
  const command = 'ADD COLUMN code int UNIQUE';
  expect(finding?.range).toEqual({ start: sql.indexOf(command), end: sql.indexOf(command) + command.length });
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY memories_code_key ON memories (code);');
  expect(finding?.fixes).toEqual([]);
});

it('builds the index first by a fix if statements are sent one by one', async () => {
  const script = (up: string, down: string) => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;
  const fixture = {
    '0001_base.sql': script(memories, 'DROP TABLE memories;'),
    '0002_unique.sql': script(
      'ALTER TABLE memories ADD UNIQUE (kind) DEFERRABLE;',
      'ALTER TABLE memories DROP CONSTRAINT memories_kind_key;',
    ),
  };
  const fixed = await sqlCheck(check).afterFix(fixture, { also: [notRerunnable, statementFails] });
  expect(fixed['0002_unique.sql']).toContain('ADD CONSTRAINT memories_kind_key UNIQUE USING INDEX memories_kind_key DEFERRABLE;');
});

it('is silent on USING INDEX and on new tables', () =>
  silentOn({
    '0002_index.up.sql': '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY memories_kind_key ON memories (kind);\n',
    '0003_unique.up.sql': 'ALTER TABLE memories ADD CONSTRAINT memories_kind_key UNIQUE USING INDEX memories_kind_key;\n',
    '0004_new.up.sql': 'CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD UNIQUE (id);\n',
  }));

it('is not verified if only the syntax is known', async () => {
  const [finding] = await findingsIn('ALTER TABLE memories ADD UNIQUE (kind);\n', { loose: true, shadow: false });
  expect(finding?.verified).toBe(false);
});
