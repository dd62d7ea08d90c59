import { expect, it } from 'vitest';
import { sqlCheck } from '../../testing/sql-check';
import { check } from './wide-lock-window';

const base = `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint CONSTRAINT owned REFERENCES owners);
CREATE TABLE waves (id bigint PRIMARY KEY);`;
const { reports, silentOn } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports the second table that one transaction locks, and where the others are locked', async () => {
  const script = `ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories ADD COLUMN remark text;
ALTER TABLE waves ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ wide-lock-window
ALTER TABLE owners ADD COLUMN note text;
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P35'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories, waves and owners until the transaction ends');
  expect(finding?.related.map(({ range }) => script.slice(range.start, range.end))).toEqual([
    'ALTER TABLE memories ADD COLUMN note text',
    'ALTER TABLE owners ADD COLUMN note text',
  ]);
});

it('is silent on weaker locks, new tables, one statement that needs both locks, and one table alone', () =>
  silentOn(`CREATE TABLE copies (id bigint);
ALTER TABLE copies ADD COLUMN note text;
ALTER TABLE memories DROP CONSTRAINT owned;
ALTER TABLE memories ADD COLUMN note text;
CREATE INDEX ON waves (id);
`));

it('is silent if each table is changed in a transaction of its own', () =>
  silentOn('BEGIN;\nALTER TABLE memories ADD COLUMN note text;\nCOMMIT;\nBEGIN;\nALTER TABLE waves ADD COLUMN note text;\nCOMMIT;\n'));

it('is not verified if only the syntax is known', async () => {
  const [finding] = await bySyntax.reports(`ALTER TABLE memories ADD COLUMN note text;
TRUNCATE waves;
--^^^^^^^^^^^^ wide-lock-window
`);
  expect(finding?.verified).toBe(false);
});

it('counts a renamed table once', async () => {
  const script = 'BEGIN;\nALTER TABLE waves RENAME TO crests;\nALTER TABLE crests ADD COLUMN note text;\nCOMMIT;\n';
  await bySyntax.silentOn(script);
  await silentOn(script);
});

it('shortens the list of tables with long names', async () => {
  const tables = ['conversation_participants', 'conversation_messages', 'conversation_attachments'];
  const script = tables.map((table) => `ALTER TABLE ${table} ADD COLUMN note text;`).join('\n');
  const [finding] = await bySyntax.findingsIn(script);
  expect(finding?.message).toBe('Blocks reads and writes of conversation_participants and 2 more until the transaction ends');
  expect(finding?.related).toHaveLength(2);
});
