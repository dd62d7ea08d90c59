import { expect, it } from 'vitest';
import { check } from './script-too-large';
import { findingsIn } from '../../testing/sql-fixture';

it('reports a script of more statements than are replayed, once', async () => {
  const text = 'INSERT INTO t VALUES (1);\n'.repeat(5_001);
  const findings = await findingsIn({ '0001_data.up.sql': text }, [check]);
  expect(findings.map(({ range, severity }) => [range, severity])).toEqual([[{ start: 0, end: text.indexOf(';') }, 'info']]);
});

it('is silent on a script of ordinary size', async () => {
  expect(await findingsIn({ '0001_data.up.sql': 'INSERT INTO t VALUES (1);\n'.repeat(100) }, [check])).toEqual([]);
});
