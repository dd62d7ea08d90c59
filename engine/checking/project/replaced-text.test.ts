import { afterAll, beforeAll, expect, it } from 'vitest';
import { check as indexNotConcurrent } from '../checks/postgresql/locks/index-not-concurrent';
import { check as layoutProblem } from '../checks/history/layout-problem';
import { check as syntaxError } from '../checks/syntax/syntax-error';
import { check as unknownObject } from '../checks/postgresql/execution/unknown-object';
import { applyFix, findingsIn, startShadow } from '../checks/testing/sql-fixture';
import type { Shadow } from '../../databases/observation';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  'flyway.conf': 'flyway.placeholders.s=application_schema\nflyway.placeholders.empty=\n',
  'V1__base.sql': 'CREATE SCHEMA ${s};${empty}\nCREATE TABLE ${s}.t (id bigint PRIMARY KEY, kind text);\n',
};

async function marked(sql: string) {
  const findings = await findingsIn({ ...base, 'V2__a.sql': sql }, [syntaxError, unknownObject], { shadow });
  return findings.map(({ id, range }) => `${id} ${sql.slice(range.start, range.end)}`);
}

it('puts findings where the document has the words, although the server was sent longer ones', async () => {
  expect(await marked('ALTER TABLE ${s}.t ADD COLUMN a text;')).toEqual([]);
  expect(await marked('UPDATE ${s}.t SET absent = 1;')).toEqual(['unknown-object absent']);
  expect(await marked('UPDATE ${s}.absent SET id = 1;')).toEqual(['unknown-object absent']);
  expect(await marked('DROP SCHEMA ${s}_x;')).toEqual(['unknown-object DROP SCHEMA ${s}_x']);
  expect(await marked('SELECT 1;\nUPDATE ${s}.t ${s} SET;')).toEqual(['syntax-error ;']);
  expect(await marked('SELECT ${s}.t FRM x y;')).toEqual(['syntax-error x']);
});

it('keeps placeholders in fixes', async () => {
  const fixture = { ...base, 'V2__a.sql': 'CREATE INDEX kinds ON ${s}.t (kind);\n', 'V2__a.sql.conf': 'executeInTransaction=false' };
  const [finding] = await findingsIn(fixture, [indexNotConcurrent], { shadow });
  expect(applyFix(fixture, finding?.fixes[0])['V2__a.sql']).toBe('CREATE INDEX CONCURRENTLY kinds ON ${s}.t (kind);\n');
});

it('reports a placeholder without a value once, and nothing that follows from it', async () => {
  const sql = 'CREATE TABLE ${nowhere}.t (id int);\nALTER TABLE ${s}.t ADD COLUMN ${type} int ${what} 1;\n';
  expect(await marked(sql)).toEqual([]);
  const findings = await findingsIn({ ...base, 'V2__a.sql': sql }, [layoutProblem], { shadow });
  expect(findings.map(({ range }) => sql.slice(range.start, range.end))).toEqual(['${nowhere}', '${type}', '${what}']);
});
