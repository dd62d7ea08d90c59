import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';
import { check } from './wide-lock-window';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint CONSTRAINT owned REFERENCES owners);
CREATE TABLE waves (id bigint PRIMARY KEY);`,
};

it('reports the second table that one transaction locks, and where the others are locked', async () => {
  const fixture = {
    ...base,
    '0002_notes.up.sql': `ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories ADD COLUMN remark text;
ALTER TABLE waves ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ wide-lock-window
ALTER TABLE owners ADD COLUMN note text;
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P35'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories, waves and owners until the transaction ends');
  const text = fixture['0002_notes.up.sql'];
  expect(finding?.related.map(({ range }) => text.slice(range.start, range.end))).toEqual([
    'ALTER TABLE memories ADD COLUMN note text',
    'ALTER TABLE owners ADD COLUMN note text',
  ]);
});

it('is silent on weaker locks, new tables, one statement that needs both locks, and one table alone', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_quiet.up.sql': `CREATE TABLE copies (id bigint);
ALTER TABLE copies ADD COLUMN note text;
ALTER TABLE memories DROP CONSTRAINT owned;
ALTER TABLE memories ADD COLUMN note text;
CREATE INDEX ON waves (id);
`,
    },
    check,
    { shadow },
  );
});

it('is silent if each table is changed in a transaction of its own', async () => {
  const sql = 'BEGIN;\nALTER TABLE memories ADD COLUMN note text;\nCOMMIT;\nBEGIN;\nALTER TABLE waves ADD COLUMN note text;\nCOMMIT;\n';
  await expectMarkers({ ...base, '0002_apart.up.sql': sql }, check, { shadow });
});

it('is not verified if only the syntax is known', async () => {
  const [finding] = await expectMarkers(
    {
      'notes.sql': `ALTER TABLE memories ADD COLUMN note text;
TRUNCATE waves;
--^^^^^^^^^^^^ wide-lock-window
`,
    },
    check,
    { loose: true },
  );
  expect(finding?.verified).toBe(false);
});

it('counts a renamed table once', async () => {
  const script = 'BEGIN;\nALTER TABLE waves RENAME TO crests;\nALTER TABLE crests ADD COLUMN note text;\nCOMMIT;\n';
  expect(await findingsIn({ 'change.sql': script }, [check], { loose: true })).toEqual([]);
  await expectMarkers({ ...base, '0002_rename.up.sql': script }, check, { shadow });
});

it('shortens the list of tables with long names', async () => {
  const tables = ['conversation_participants', 'conversation_messages', 'conversation_attachments'];
  const script = tables.map((table) => `ALTER TABLE ${table} ADD COLUMN note text;`).join('\n');
  const [finding] = await findingsIn({ 'notes.sql': script }, [check], { loose: true });
  expect(finding?.message).toBe('Blocks reads and writes of conversation_participants and 2 more until the transaction ends');
  expect(finding?.related).toHaveLength(2);
});
