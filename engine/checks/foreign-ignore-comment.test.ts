import { expect, it } from 'vitest';
import { check } from './foreign-ignore-comment';
import { check as missingDown } from './missing-down';
import { expectMarkers, findingsIn } from './testing/sql-fixture';

async function only(text: string, name = '0001_a.sql') {
  const [finding, ...more] = await findingsIn({ [name]: text }, [check]);
  if (!finding || more.length > 0) throw new Error(`One finding was expected, not ${more.length + (finding ? 1 : 0)}.`);
  return finding;
}

it('marks the comment', async () => {
  const text = `SELECT 1;
-- squawk-ignore ban-drop-column
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-ignore-comment
ALTER TABLE t DROP COLUMN a;
`;
  await expectMarkers({ '0001_a.sql': text }, check);
});

it('says what is silenced, and converts the comment with its reason', async () => {
  const text = '-- squawk-ignore-file ban-drop-column, prefer-robust-stmts -- agreed with the team\nALTER TABLE t DROP COLUMN a;\n';
  const finding = await only(text);
  expect(finding.message).toContain('This comment of squawk silences P61, P53 in this file');
  const edit = finding.fixes[0]?.edits[0];
  expect(text.slice(edit?.range.start, edit?.range.end)).toBe(text.split('\n')[0]);
  expect(edit?.newText).toBe('-- mem8-upgrade: ignore-file P61, P53 converted from squawk: agreed with the team');
});

it('is gone after the conversion, which silences the same', async () => {
  const text = '-- migrationpilot-disable MP017\nALTER TABLE t DROP COLUMN a;\n';
  const newText = (await only(text)).fixes[0]?.edits[0]?.newText ?? '';
  const findings = await findingsIn({ '0001_a.sql': text.replace(/^.*/, newText) }, [check]);
  expect(findings.map(({ id }) => id)).toEqual(['unused-ignore']);
});

it('says which rules are not known', async () => {
  const finding = await only('-- squawk-ignore no-such-rule\nSELECT 1;\n');
  expect(finding.message).toBe('no-such-rule is a rule of squawk that nothing here corresponds to: nothing is silenced for it.');
  expect(finding.fixes).toEqual([]);
});

it('offers no conversion of what silences everything', async () => {
  const finding = await only('-- pgfence-ignore\nSELECT 1;\n');
  expect(finding.message).toContain('silences every finding on the next statement');
  expect(finding.fixes).toEqual([]);
});

it('is told once for a file that holds both directions', async () => {
  const text = '-- +goose Up\n-- eugene: ignore E6\nCREATE INDEX a ON t (a);\n-- +goose Down\nDROP INDEX a;\n';
  await only(text, '00001_a.sql');
});

it('does not silence itself, but can be silenced', async () => {
  expect((await only('-- squawk-ignore-file\nSELECT 1;\n')).id).toBe(check.id);
  const own = '-- mem8-upgrade: ignore-file foreign-ignore-comment both tools run\n-- squawk-ignore-file\nSELECT 1;\n';
  expect(await findingsIn({ '0001_a.sql': own }, [check, missingDown])).toEqual([]);
});
