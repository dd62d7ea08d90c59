import { expect, it } from 'vitest';
import { check } from './primary-key-builds-index';
import { check as notRerunnable } from '../execution/not-rerunnable';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';

const base = `CREATE TABLE memories (id bigint, code int NOT NULL);
CREATE UNIQUE INDEX memories_id ON memories (id);
CREATE UNIQUE INDEX memories_code ON memories (code);
INSERT INTO memories VALUES (1, 1), (2, 2);`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);
const alone = sqlCheck(check);

it('reports the build and gives the SQL that builds the index first', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD PRIMARY KEY (code);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ primary-key-builds-index
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P6'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT memories_pkey PRIMARY KEY USING INDEX memories_pkey;');
  expect(finding?.details).toBe('The server builds the unique index of the key under this lock.');
  expect(finding?.advice).not.toContain('for NULLs');
});

it('advises NOT NULL first if the columns are nullable', async () => {
  const [finding] = await findingsIn('ALTER TABLE memories ADD PRIMARY KEY (id);');
  expect(finding?.advice).toContain('Before that, make the columns NOT NULL with a validated CHECK (... IS NOT NULL)');
});

it('reports USING INDEX only if the columns are nullable', async () => {
  const nullable = 'ALTER TABLE memories ADD PRIMARY KEY USING INDEX memories_id;';
  const [finding] = await findingsIn(nullable);
  expect(finding?.details).toBe('The index exists, but its columns are nullable, so the server checks every row for NULLs.');
  await silentOn('ALTER TABLE memories ADD PRIMARY KEY USING INDEX memories_code;');
});

it('builds the index first by a fix if the columns are NOT NULL and statements are sent one by one', async () => {
  const script = (up: string, down: string) => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;
  const key = (column: string) => ({
    '0001_base.sql': script(base, 'DROP TABLE memories;'),
    '0002_key.sql': script(`ALTER TABLE memories ADD PRIMARY KEY (${column});`, 'ALTER TABLE memories DROP CONSTRAINT memories_pkey;'),
  });
  const [finding] = await alone.findingsIn(key('code'));
  await alone.silentOn(applyFix(key('code'), finding?.fixes[0]), { also: [notRerunnable, statementFails] });
  const [nullable] = await alone.findingsIn(key('id'));
  expect(nullable?.fixes).toEqual([]);
});

it('is silent on new tables', () => silentOn('CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD PRIMARY KEY (id);\n'));

it('gives the index another name while the old primary key has it', async () => {
  const old = { '0001_item.up.sql': 'CREATE TABLE item (id int PRIMARY KEY, code int NOT NULL);' };
  const script = 'ALTER TABLE item DROP CONSTRAINT item_pkey;\nALTER TABLE item ADD PRIMARY KEY (code);\n';
  const [finding] = await alone.findingsIn({ ...old, '0002_key.up.sql': script });
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY item_pkey_new ON item (code);');
  expect(finding?.advice).toContain('ADD CONSTRAINT item_pkey PRIMARY KEY USING INDEX item_pkey_new;');
});

it('is silent on a key over a new column without values, which works only on an empty table', async () => {
  await alone.reports({
    '0001_base.up.sql': 'CREATE TABLE item (name text NOT NULL);',
    '0002_key.up.sql': `ALTER TABLE item ADD COLUMN id int NOT NULL, ADD PRIMARY KEY (id);`,
    '0003_key.up.sql': `ALTER TABLE item DROP CONSTRAINT item_pkey, ADD COLUMN shop int NOT NULL DEFAULT 1, ADD PRIMARY KEY (shop, name);
--                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ primary-key-builds-index
`,
  });
});
