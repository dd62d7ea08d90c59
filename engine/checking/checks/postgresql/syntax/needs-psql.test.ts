import { expect, it } from 'vitest';
import { check } from './needs-psql';
import { check as statementFails } from '../execution/statement-fails';
import { check as syntaxError } from '../../syntax/syntax-error';
import { sqlCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';

const { findingsIn, reports, silentOn } = sqlCheck(check);

const dump = `\\restrict abcDEF123
SET statement_timeout = 0;
CREATE TABLE public.kinds (id bigint NOT NULL, label text);
\\unrestrict abcDEF123
`;
const rows = "COPY kinds (id, label) FROM stdin;\n1\tAssociation\n2\tCompany; it's old\n\\.\nALTER TABLE kinds ADD COLUMN note text;\n";
const also = [syntaxError, statementFails];

it('reports each psql command once, and offers a fix that removes them all', async () => {
  const fixture = { 'V1__init.sql': `${dump}\\connect other\n` };
  const findings = await findingsIn(fixture, { also });
  expect(findings.map(({ id, range }) => `${id} ${fixture['V1__init.sql'].slice(range.start, range.end)}`)).toEqual([
    'needs-psql \\restrict abcDEF123',
    'needs-psql \\unrestrict abcDEF123',
    'needs-psql \\connect other',
  ]);
  expect(findings[0]).toMatchObject({
    message: 'Fails: Flyway sends the psql command \\restrict to the server',
    advice: 'Remove the line.',
  });
  expect(findings[0]?.fixes[0]?.title).toBe('Remove the psql commands');
  const fixed = applyFix({ 'V1__init.sql': dump }, findings[0]?.fixes[0]);
  await silentOn(fixed, { also });
});

it('reports rows of COPY if the tool does not send them', async () => {
  const text = `CREATE TABLE kinds (id bigint PRIMARY KEY, label text);\n${rows}`;
  const [finding] = await reports(text.replace('stdin;\n', 'stdin;\n--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs-psql\n'));
  expect(finding).toMatchObject({
    message: 'Fails: golang-migrate does not send the rows of COPY kinds FROM STDIN',
    advice: 'Write the rows as INSERT statements (pg_dump --inserts).',
  });
  await silentOn({ 'V1__a.sql': text }, { also });
  await silentOn("COPY kinds FROM '/data/kinds.csv';", { shadow: false });
});

it('is silent on scripts that psql runs, or may run', async () => {
  const by = '2024-01-01T00:00:00Z A B <a@b.c>';
  const plan = `%syntax-version=1.0.0\n%project=mem\n\ninit ${by}\n`;
  const sqitch = { 'sqitch.plan': plan, 'deploy/init.sql': `${dump}${rows}` };
  await silentOn(sqitch, { also });
  await silentOn({ '0001_init.sql': `${dump}${rows}` }, { also });
  await silentOn({ 'init.sql': dump }, { also, loose: true });
});
