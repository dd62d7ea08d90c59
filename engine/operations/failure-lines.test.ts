import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = (layout: string, target: string) => `
manifest: 1
system: shop
migrations: { layout: ${layout} }
targets:
  local: ${target}
releases:
  - version: 1.0.0
    migrations: [1_base]
  - version: 1.1.0
    migrations: [2_change]
`;

const base = 'CREATE TABLE item (id int PRIMARY KEY, note text, other int UNIQUE DEFERRABLE INITIALLY DEFERRED);\n';

/** A script that fails, and the line that is named: none where the server tells no place in it. */
const cases: { what: string; script: string; line: number | undefined }[] = [
  {
    what: 'the statement of a script in one transaction',
    script:
      "-- é 😀\nINSERT INTO item VALUES (1);\n\n;;\n/* 1 */ INSERT INTO item\n  VALUES (2);\nINSERT INTO item VALUES (1);\nSELECT ';';\n",
    line: 7,
  },
  { what: 'the place that the server tells', script: 'SELECT 1;\nSELECT 2,\n  nothing\nFROM item;\n', line: 3 },
  { what: 'a syntax error', script: 'SELECT 1;\n\nSELEC 2;\n', line: 3 },
  { what: 'the first statement behind comments', script: '-- one\n-- two\nSELECT 1 / (SELECT count(*) FROM item);\n', line: 3 },
  {
    what: 'the line of a DO block',
    script: 'SELECT 1;\nDO $body$\nBEGIN\n  PERFORM 1;\n  RAISE EXCEPTION $$no\nmore$$;\nEND $body$;\nSELECT 2;\n',
    line: 5,
  },
  {
    what: 'the call of a function that fails',
    script: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RAISE 'no';\nEND $$;\nSELECT f();\n",
    line: 5,
  },
  { what: 'the second of two equal statements', script: 'INSERT INTO item VALUES (1);\nINSERT INTO item VALUES (1);\n', line: 2 },
  {
    what: 'a statement between BEGIN and COMMIT',
    script: 'SELECT 1;\nBEGIN ISOLATION LEVEL SERIALIZABLE;\nINSERT INTO item VALUES (1);\n\nINSERT INTO item VALUES (1);\nCOMMIT;\n',
    line: 5,
  },
  {
    what: 'the second of two equal statements that cannot run in a transaction',
    script:
      'CREATE INDEX CONCURRENTLY item_note ON item (note);\nINSERT INTO item VALUES (1);\nCREATE INDEX CONCURRENTLY item_note ON item (note);\n',
    line: 3,
  },
  { what: 'no statement where COMMIT fails', script: 'SELECT 1;\nINSERT INTO item VALUES (1, null, 1), (2, null, 1);\n', line: undefined },
];

let server: RunningPostgres;
let project: TestProject;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
afterEach(() => project.remove());

describe.each([
  { driver: 'pglite', target: async () => '{ driver: pglite, path: data }' },
  { driver: 'postgresql', target: async () => `{ driver: postgresql, url: "${await server.createDatabase()}", protected: false }` },
])('the line at which a script failed on $driver', ({ target }) => {
  test.each(cases)('is that of $what', { timeout: 60_000 }, async ({ script, line }) => {
    const scripts = { '1_base.up.sql': base, '2_change.up.sql': script };
    project = await makeProject({ manifest: manifest('golang-migrate', await target()), scripts });
    const outcome = await project.upgrades.perform({ backup: false });
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'step-failed', file: expect.stringMatching(/2_change\.up\.sql$/) as string },
    });
    expect(outcome.ok ? undefined : outcome.problem.line).toBe(line);
  });

  test('is that of the file that holds both directions', { timeout: 60_000 }, async () => {
    const both =
      '-- +goose Up\nINSERT INTO item VALUES (1);\n-- +goose Down\nDELETE FROM item;\n\nINSERT INTO item SELECT 1 / count(*) FROM item;\n';
    const scripts = { '1_base.sql': `-- +goose Up\n${base}`, '2_change.sql': both };
    project = await makeProject({ manifest: manifest('goose', await target()), scripts });
    expect(await project.upgrades.perform({ backup: false })).toMatchObject({ ok: true });
    expect(await project.rollbacks.perform({ backup: false })).toMatchObject({ ok: false, problem: { code: 'step-failed', line: 6 } });
  });
});

test.each([
  ['SELECT 1;\n\\set name value\nSELECT 2;\n', 2],
  ['SELECT 1;\n\nCOPY item (id) FROM STDIN;\n1\n\\.\n', 4],
  ['BEGIN;\nSELECT 1;\nROLLBACK;\n', 3],
])('a script that cannot be run is refused with its line: %j', { timeout: 60_000 }, async (script, line) => {
  const scripts = { '1_base.up.sql': base, '2_change.up.sql': script };
  project = await makeProject({ manifest: manifest('golang-migrate', '{ driver: pglite, path: data }'), scripts });
  expect(await project.upgrades.plan()).toMatchObject({
    ok: false,
    problem: { code: 'plan-invalid', file: expect.stringMatching(/2_change\.up\.sql$/) as string, line },
  });
});
