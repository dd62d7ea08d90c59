import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { startShadow } from '#engine/checking/checks/testing/sql-fixture';
import type { Shadow } from '#engine/databases/observation';
import { checkFile } from './check-file';
import { type Explanation, readExplanations } from './explanations';
import type { LinterFile } from './linter-file';
import { readTests } from './main';
import { sumsOf, textReport } from './report';
import { testsIn } from './squawk';
import { type Verdict, verdictOn } from './verdict';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const loose = (opinion: LinterFile['opinion'], sql: string, hazards: readonly string[]): LinterFile => ({
  tool: 'squawk',
  name: `rule/${opinion}`,
  rule: 'rule',
  opinion,
  scripts: { 'script.sql': sql },
  read: 'loose',
  hazards,
});

it('reads the tests of a Rust file, with their settings and without the answers that they expect', () => {
  const source = `mod test {
    #[test]
    fn drop_err() {
        let sql = r#"
DROP TABLE "item";
        "#;
        assert_snapshot!(lint_errors(sql, Rule::BanDropTable), @r#"lint_ok("no")"#);
    }

    #[test]
    fn old_ok() {
        let sql = "DROP TABLE IF EXISTS \\"item\\";\\n";
        lint_ok_with(sql, LinterSettings { pg_version: "12".parse(), assume_in_transaction: true });
        assert_snapshot!(fix("DROP TABLE shop;"), @"DROP TABLE IF EXISTS shop;");
    }
}`;
  expect(testsIn('ban_drop_table', source)).toMatchObject([
    { name: 'ban-drop-table/drop_err', opinion: 'bad', scripts: { 'script.sql': '\nDROP TABLE "item";\n        ' }, hazards: ['P62'] },
    {
      name: 'ban-drop-table/old_ok',
      opinion: 'good',
      scripts: { 'script.sql': 'DROP TABLE IF EXISTS "item";\n' },
      minimum: 12,
      inTransaction: true,
    },
    { name: 'ban-drop-table/old_ok/2', opinion: 'bad', scripts: { 'script.sql': 'DROP TABLE shop;' } },
  ]);
});

it('finds the checkouts in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'linters-'));
  const files = {
    'server/crates/pgls_analyser/tests/specs/safety/banDropTable/basic.sql': '-- expect_lint/safety/banDropTable\nDROP TABLE item;',
    'server/crates/pgls_analyser/tests/specs/safety/banDropTable/none.sql': 'DROP TABLE item;',
    'eugene/eugene/examples/E6/good.sql': '-- 1.sql\nCREATE TABLE item (id int);\n-- 2.sql\nCREATE INDEX CONCURRENTLY i ON item (id);\n',
    'guard/tests/fixtures/drop_table_unsafe/up.sql': 'DROP TABLE item;',
    'guard/tests/fixtures/drop_table_unsafe/metadata.toml': 'run_in_transaction = false',
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    expect(await readTests(folder)).toMatchObject([
      { name: 'banDropTable/basic', opinion: 'bad', read: 'loose', hazards: ['P62'] },
      { name: 'E6/good', opinion: 'good', scripts: { 'migrations/V1__step.sql': 'CREATE TABLE item (id int);\n' } },
      { name: 'drop_table_unsafe', opinion: 'bad', rule: 'drop_table', hazards: ['P62'] },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("counts what is reported, and shows PostgreSQL's answer where opinions differ", async () => {
  const files = [
    loose('bad', 'DROP TABLE item;', ['P62']),
    loose('bad', 'CREATE TABLE item (id bigint PRIMARY KEY);', ['P62']),
    loose('good', 'TRUNCATE item;', ['P63']),
    loose('good', 'TRUNCATE item;', ['P61']),
  ];
  const verdicts: Verdict[] = [];
  for (const file of files) verdicts.push(verdictOn(await checkFile(file, shadow), []));
  expect(sumsOf(verdicts)).toMatchObject([{ bad: 2, byDefault: 1, withAll: 1, missed: 1, good: 2, falseAlarms: 1, otherMatters: 1 }]);
  expect(textReport(verdicts)).toContain('PostgreSQL  line 1, TRUNCATE item: AccessExclusive on public.item');
  const why: Explanation = {
    tool: 'squawk',
    test: 'rule/*',
    kind: 'right',
    ours: 'Reported.',
    why: 'All rows go.',
    findings: ['truncate'],
  };
  const explained = files.map((file, index) => verdictOn(verdicts[index]?.checked ?? expect.fail(file.name), [why]));
  expect(sumsOf(explained)).toMatchObject([{ missed: 1, falseAlarms: 0, right: 1 }]);
});

it('has explanations that can be read', async () => {
  const all = await readExplanations(fileURLToPath(new URL('disagreements.json', import.meta.url)));
  expect(new Set(all.map((each) => JSON.stringify([each.tool, each.test, each.findings]))).size).toBe(all.length);
});
