import { expect, it } from 'vitest';
import { check } from './query-unusable';
import { manifestText } from '../testing/manifest-check';
import { projectCheck } from '../testing/project-check';

const { findingsIn } = projectCheck(check);

const manifest = manifestText(`releases:
  - version: 1.0.0
    queries: src
  - version: 1.1.0
    queries: [src, queries/1.1.sql]
`);

it('reports queries that are built at run time or do not parse, once, at their places', async () => {
  const files = {
    'upgrade.yaml': manifest,
    'src/list.ts': 'db.query(`SELECT * FROM ${table}`);\n',
    'queries/1.1.sql': '-- name: list\nSELECT a FRM t WHERE b;\n',
  };
  const findings = await findingsIn(files);
  expect(
    findings.map(({ file, range }) => [file, files[file.slice('/project/'.length) as keyof typeof files].slice(range.start, range.end)]),
  ).toEqual([
    ['/project/queries/1.1.sql', 't'],
    ['/project/src/list.ts', '`SELECT * FROM ${table}`'],
  ]);
  expect(findings.map(({ message, details }) => `${message}. ${details}`)).toEqual([
    'This query of 1.1.0 cannot be checked against schema changes. It does not parse: syntax error at or near "t".',
    'This query of 1.0.0 cannot be checked against schema changes. It is built at run time, so its text is not known.',
  ]);
  const [place] = findings[1]?.related ?? [];
  expect(place && [place.file, manifest.slice(place.range.start, place.range.end)]).toEqual(['/project/upgrade.yaml', 'src']);
});

it('is silent about queries that can be prepared', async () => {
  const findings = await findingsIn({
    'upgrade.yaml': manifest,
    'src/list.ts': "db.query('SELECT a FROM t WHERE b = $1', [b]);\n",
    'queries/1.1.sql': 'SELECT a FROM t;\n',
  });
  expect(findings).toEqual([]);
});
