import { expect, test } from 'vitest';
import { ids, problemsOf, readDirectory } from './test-directories';

test('reads numbered files with the downs and verifications beside them', async () => {
  const read = await readDirectory({
    '0010_c.sql': '',
    '0002_b.sql': 'B;',
    '0002_b.down.sql': 'b;',
    '0002_b.verify.sql': 'v;',
    '1.sql': '',
    'seed.sql': '',
  });
  expect(read.layout).toBe('plain');
  expect(ids(read)).toEqual(['1', '0002_b', '0010_c']);
  expect(read.migrations[1]).toMatchObject({
    version: '0002',
    name: 'b',
    up: { text: 'B;' },
    down: { text: 'b;' },
    verify: { text: 'v;' },
  });
  expect(problemsOf(read)).toEqual(['unknown-file seed.sql']);
});

test('runs a script in a transaction unless its first line says otherwise', async () => {
  const read = await readDirectory({ '1_a.sql': 'A;', '2_b.sql': '-- no-transaction\nB;' });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['script', 'none']);
});
