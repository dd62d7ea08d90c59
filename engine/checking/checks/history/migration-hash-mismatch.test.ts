import { expect, it } from 'vitest';
import { check } from './migration-hash-mismatch';
import { manifestCheck, manifestText } from '../testing/manifest-check';

const { findingsIn, reports, silentOn, afterFix } = manifestCheck(check);

const stale = `sha256:${'0'.repeat(64)}`;
const scripts = { '0001_a.up.sql': 'CREATE TABLE a (id int);\n', '0001_a.down.sql': 'DROP TABLE a;\n' };

it('reports a changed script and a changed transform, and accepts them by a fix', async () => {
  const fixture = {
    ...scripts,
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    migrations:
      - id: 0001_a
        hash: ${stale}
        #     ${'^'.repeat(stale.length)} migration-hash-mismatch
      - id: fill
        transform: { table: a, key: id, set: { id: "1" } }
        hash: ${stale}
        #     ${'^'.repeat(stale.length)} migration-hash-mismatch
`),
  };
  const [first] = await reports(fixture);
  expect(first).toMatchObject({
    message: '0001_a was changed after 1.0.0 was published',
    details: 'Targets that ran the published script and targets that run the changed one end up different.',
    advice: 'Undo the change and write a new migration.',
    related: [{ file: '/project/migrations/0001_a.up.sql', message: 'This script was changed.' }],
    fixes: [{ title: 'Accept the changed 0001_a: no target has run the old one' }],
  });
  const fixed = await afterFix(fixture, { all: true });
  const windows = { ...fixed, '0001_a.up.sql': 'CREATE TABLE a (id int);\r\n', '0001_a.down.sql': 'DROP TABLE IF EXISTS a;\n' };
  await silentOn(windows);
  expect(await findingsIn({ ...fixed, '0001_a.up.sql': 'CREATE TABLE a (id bigint);\n' })).toHaveLength(1);
});
