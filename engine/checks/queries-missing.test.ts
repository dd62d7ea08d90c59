import { expect, it } from 'vitest';
import { check } from './queries-missing';
import { manifestText } from './testing/manifest-fixture';
import { findingsWithQueries } from './testing/queries-fixture';

const manifest = manifestText(`releases:
  - version: 1.0.0
    queries: gone.sql
  - version: 1.1.0
    queries: [src, "queries/1.1"]
  - version: 1.2.0
    queries: src
  - version: 1.3.0
    queries: empty
  - version: 1.4.0
`);

it('reports each path that is not there and each release without a query', async () => {
  const findings = await findingsWithQueries(check, {
    'upgrade.yaml': manifest,
    'src/list.sql': 'SELECT 1;\n',
    'empty/schema.sql': 'CREATE TABLE t (a int);\n',
  });
  expect(findings.map(({ file, range }) => [file, manifest.slice(range.start, range.end)])).toEqual([
    ['/project/upgrade.yaml', 'gone.sql'],
    ['/project/upgrade.yaml', '"queries/1.1"'],
    ['/project/upgrade.yaml', 'empty'],
  ]);
  expect(findings.map(({ message }) => /there is no .* queries\/1\.1\./.test(message))).toEqual([false, true, false]);
  expect(findings[2]?.message).toContain('no query was found in empty');
});
