import { expect, it } from 'vitest';
import { check } from './queries-missing';
import { manifestText } from '../testing/manifest-check';
import { projectCheck } from '../testing/project-check';

const { findingsIn } = projectCheck(check);

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

it('reports each missing path and each release without a query', async () => {
  const findings = await findingsIn({
    'upgrade.yaml': manifest,
    'src/list.sql': 'SELECT 1;\n',
    'empty/schema.sql': 'CREATE TABLE t (a int);\n',
  });
  expect(findings.map(({ file, range }) => [file, manifest.slice(range.start, range.end)])).toEqual([
    ['/project/upgrade.yaml', 'gone.sql'],
    ['/project/upgrade.yaml', '"queries/1.1"'],
    ['/project/upgrade.yaml', 'empty'],
  ]);
  expect(findings.map(({ message, details }) => [message, details])).toEqual([
    ['1.0.0 names queries in gone.sql, which does not exist', 'Without the queries, a migration that breaks 1.0.0 looks safe.'],
    ['1.1.0 names queries in queries/1.1, which does not exist', 'Without the queries, a migration that breaks 1.1.0 looks safe.'],
    ['1.3.0 names queries in empty, but none were found there', 'Without the queries, a migration that breaks 1.3.0 looks safe.'],
  ]);
  expect(findings[1]?.advice).toBe('Correct the path, or write the queries to a file with `mem8-upgrade queries <code> --out <file>`.');
  expect(findings[2]?.advice).toBe('Name the folder that contains the SQL, or the code with the SQL in it.');
});
