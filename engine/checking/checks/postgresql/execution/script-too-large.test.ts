import { expect, it } from 'vitest';
import { check } from './script-too-large';
import { fileCheck } from '../../testing/sql-check';

const { findingsIn, silentOn } = fileCheck(check);

it('reports a script of more statements than are replayed, once', async () => {
  const text = 'INSERT INTO t VALUES (1);\n'.repeat(5_001);
  const findings = await findingsIn(text);
  expect(findings.map(({ range, severity }) => [range, severity])).toEqual([[{ start: 0, end: text.indexOf(';') }, 'info']]);
});

it('is silent on a script of ordinary size', () => silentOn('INSERT INTO t VALUES (1);\n'.repeat(100)));
