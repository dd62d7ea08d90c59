import { expect, it } from 'vitest';
import { check as missingDown } from '../postgresql/rollback/missing-down';
import { fileCheck } from '../testing/sql-check';

const down = { '0001_a.up.sql': 'SELECT 1;', '0001_a.down.sql': 'SELECT 1;' };
const { findingsIn, silentOn } = fileCheck(missingDown, down);

it('silences the next statement and is not reported', () =>
  silentOn('-- mem8-upgrade: ignore missing-down it is only data\nUPDATE t SET a = 1;\n'));

it('is reported when it silences nothing, with a fix that removes it', async () => {
  const text = 'UPDATE t SET a = 1;\n-- mem8-upgrade: ignore missing-down too late\n';
  const findings = await findingsIn(text);
  expect(findings.map(({ id }) => id)).toEqual(['missing-down', 'unused-ignore']);
  expect(findings[1]).toMatchObject({
    message: 'This comment is unused: missing-down reports nothing on the next statement',
    advice: 'Remove the comment, or correct the id of the check.',
  });
  expect(findings[1]?.range.start).toBe(text.indexOf('-- mem8'));
  expect(findings[1]?.fixes[0]?.edits[0]?.newText).toBe('');
});

it('names what is unused next to what silences something', async () => {
  const text = '-- mem8-upgrade: ignore missing-down, index-not-concurrent, json-column it is only data\nUPDATE t SET a = 1;\n';
  const [finding] = await findingsIn(text);
  expect(finding).toMatchObject({
    message: 'index-not-concurrent and json-column report nothing on the next statement',
    details: 'The comment is still needed for missing-down.',
    advice: 'Remove index-not-concurrent and json-column from it.',
    fixes: [],
  });
});

it('is reported when it names no check', async () => {
  const [finding] = await findingsIn({ '0001_a.up.sql': '-- mem8-upgrade: ignore\nSELECT 1;\n' });
  expect(finding).toMatchObject({
    message: 'This comment is unused: it names no check',
    advice: 'Name a check, or remove the comment.',
  });
});

it('silences a whole file', () => silentOn('-- mem8-upgrade: ignore-file missing-down generated\nUPDATE t SET a = 1;\n'));
