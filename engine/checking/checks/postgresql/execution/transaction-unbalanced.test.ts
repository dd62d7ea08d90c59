import { expect, it } from 'vitest';
import type { Finding } from '../../../../core/finding';
import { fileCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';
import { check } from './transaction-unbalanced';

const { findingsIn, silentOn } = fileCheck(check);

/** goose runs a script in a transaction of its own, golang-migrate does not. */
const goose = (sql: string) => ({ '00001_a.sql': `-- +goose Up\n${sql}` });
const bare = (sql: string) => ({ '0001_a.up.sql': sql });

function marked(fixture: Readonly<Record<string, string>>, findings: readonly Finding[]): string[] {
  const [text = ''] = Object.values(fixture);
  return findings.map(({ range, severity }) => `${severity} ${text.slice(range.start, range.end)}`);
}

async function fixedBy(fixture: Readonly<Record<string, string>>, finding: Finding | undefined): Promise<string | undefined> {
  const fixed = applyFix(fixture, finding?.fixes[0]);
  await silentOn(fixed);
  return Object.values(fixed)[0];
}

it('reports a BEGIN without COMMIT and adds one by a fix', async () => {
  const fixture = bare('BEGIN;\r\nSELECT 1');
  const findings = await findingsIn(fixture);
  expect(marked(fixture, findings)).toEqual(['error BEGIN']);
  expect(findings[0]).toMatchObject({ hazards: ['P54'] });
  expect(await fixedBy(fixture, findings[0])).toBe('BEGIN;\r\nSELECT 1;\r\nCOMMIT;');
});

it('reports a nested BEGIN, and where the first one is', async () => {
  const fixture = bare('BEGIN;\nSELECT 1;\nSTART TRANSACTION;\nSELECT 2;\nCOMMIT;\n');
  const findings = await findingsIn(fixture);
  expect(marked(fixture, findings)).toEqual(['warning START TRANSACTION']);
  expect(findings[0]?.related[0]?.range.start).toBe(0);
  expect(await fixedBy(fixture, findings[0])).toBe('BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\n');
});

it('reports a COMMIT or ROLLBACK that ends nothing', async () => {
  const fixture = bare('SELECT 1;\nCOMMIT;\nSELECT 2;\n');
  const findings = await findingsIn(fixture);
  expect(marked(fixture, findings)).toEqual(['warning COMMIT']);
  expect(await fixedBy(fixture, findings[0])).toBe('SELECT 1;\nSELECT 2;\n');
  const rollback = bare('BEGIN; SELECT 1; COMMIT; ROLLBACK;');
  expect(marked(rollback, await findingsIn(rollback))).toEqual(['warning ROLLBACK']);
});

it("reports BEGIN and COMMIT inside the runner's transaction and takes both away by either fix", async () => {
  const fixture = goose('BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n');
  const findings = await findingsIn(fixture);
  expect(marked(fixture, findings)).toEqual(['warning BEGIN', 'warning COMMIT']);
  expect(findings[1]?.message).toBe('COMMIT ends the transaction of the migration tool');
  for (const finding of findings) expect(await fixedBy(fixture, finding)).toBe('-- +goose Up\nSELECT 1;\nSELECT 2;\n');
});

it("reports a ROLLBACK inside the runner's transaction as an error, without a fix, in down scripts too", async () => {
  const fixture = { '00001_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\nROLLBACK;\n' };
  const findings = await findingsIn(fixture);
  expect(marked(fixture, findings)).toEqual(['error ROLLBACK']);
  expect(findings[0]?.fixes).toEqual([]);
});

it('is silent on pairs that fit, savepoints, chains and words that are no control', async () => {
  const fit = 'BEGIN; SAVEPOINT a; SELECT 1; ROLLBACK TO a; COMMIT;\nBEGIN; SELECT 2; COMMIT AND CHAIN; SELECT 3; END;\n';
  await silentOn(bare(fit));
  await silentOn(goose("SELECT 'COMMIT'; -- BEGIN;\nSAVEPOINT a;\n"));
  const none = { '00001_a.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nBEGIN;\nSELECT 1;\nCOMMIT;\n' };
  await silentOn(none);
});

it('takes BEGIN and COMMIT at their word where nobody knows who runs the file', async () => {
  await silentOn('BEGIN; SELECT 1; COMMIT;', { loose: true });
  expect(await findingsIn('BEGIN; SELECT 1;', { loose: true })).toHaveLength(1);
});
