import { expect, it } from 'vitest';
import { check } from './foreign-ignore-comment';
import { check as missingDown } from '../postgresql/rollback/missing-down';
import { fileCheck } from '../testing/sql-check';

const { findingsIn, reports, silentOn } = fileCheck(check);

async function only(text: string, name = '0001_a.sql') {
  const [finding, ...more] = await findingsIn({ [name]: text });
  if (!finding || more.length > 0) throw new Error(`One finding was expected, not ${more.length + (finding ? 1 : 0)}.`);
  return finding;
}

it('marks the comment', async () => {
  const text = `SELECT 1;
-- squawk-ignore ban-drop-column
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-ignore-comment
ALTER TABLE t DROP COLUMN a;
`;
  await reports({ '0001_a.sql': text });
});

it('lists what the comment silences, and converts it with its reason', async () => {
  const text = '-- squawk-ignore-file ban-drop-column, prefer-robust-stmts -- agreed with the team\nALTER TABLE t DROP COLUMN a;\n';
  const finding = await only(text);
  expect(finding).toMatchObject({
    message: 'This squawk comment silences P61 and P53 in this file',
    details: 'An ignore comment of another tool is not reported when it becomes unused.',
    advice: 'Convert it to a Mem8 Upgrade comment, which is reported when it becomes unused.',
  });
  const edit = finding.fixes[0]?.edits[0];
  expect(text.slice(edit?.range.start, edit?.range.end)).toBe(text.split('\n')[0]);
  expect(edit?.newText).toBe('-- mem8-upgrade: ignore-file P61, P53 converted from squawk: agreed with the team');
});

it('is not reported after the conversion, which silences the same', async () => {
  const text = '-- migrationpilot-disable MP017\nALTER TABLE t DROP COLUMN a;\n';
  const newText = (await only(text)).fixes[0]?.edits[0]?.newText ?? '';
  const findings = await findingsIn({ '0001_a.sql': text.replace(/^.*/, newText) });
  expect(findings.map(({ id }) => id)).toEqual(['unused-ignore']);
});

it('names the rules that no check corresponds to', async () => {
  const finding = await only('-- squawk-ignore no-such-rule\nSELECT 1;\n');
  expect(finding).toMatchObject({ message: 'No check corresponds to no-such-rule of squawk', details: 'The comment silences nothing.' });
  expect(finding.advice).toMatch(/-- mem8-upgrade: ignore <check> <reason>\.$/);
  expect(finding.fixes).toEqual([]);
  const both = await only('-- squawk-ignore changing-column-type, no-such-rule\nSELECT 1;\n');
  expect(both.message).toBe('This squawk comment silences P16, P17 and 3 more on the next statement');
  expect(both.details).toMatch(/^It silences P16, P17, P18, P19 and P20\. No check corresponds to no-such-rule of squawk\./);
});

it('offers no conversion of a comment that silences everything', async () => {
  const finding = await only('-- pgfence-ignore\nSELECT 1;\n');
  expect(finding.message).toBe('This pgfence comment silences all findings on the next statement');
  expect(finding.details).toMatch(/^Findings about what stops the upgrade are reported all the same\./);
  expect(finding.fixes).toEqual([]);
});

it('is reported once for a file that holds both directions', async () => {
  const text = '-- +goose Up\n-- eugene: ignore E6\nCREATE INDEX a ON t (a);\n-- +goose Down\nDROP INDEX a;\n';
  await only(text, '00001_a.sql');
});

it('does not silence itself, but can be silenced', async () => {
  expect((await only('-- squawk-ignore-file\nSELECT 1;\n')).id).toBe(check.id);
  const own = '-- mem8-upgrade: ignore-file foreign-ignore-comment both tools run\n-- squawk-ignore-file\nSELECT 1;\n';
  await silentOn({ '0001_a.sql': own }, { also: [missingDown] });
});
