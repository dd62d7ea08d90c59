import { expect, it } from 'vitest';
import { check } from './bump-too-small';
import { apiFindings, apiManifest, marked } from './testing/api-fixture';
import { fixedManifest, manifestFindings, placesIn } from './testing/manifest-fixture';
import { findingsIn } from './testing/sql-fixture';

const search = '  - { version: 1.0.0, features: { search: stable } }\n';
const first = (text: string) => manifestFindings(check, text)[0];

it.each<[string, string, string[]]>([
  ['a feature that is gone in a minor version', `releases:\n${search}  - { version: 1.1.0 }\n`, ['warning 3: 1.1.0']],
  [
    'a feature that comes in a patch',
    `releases:\n${search}  - { version: 1.0.1, features: { search: stable, maps: stable } }\n`,
    ['warning 3: 1.0.1'],
  ],
  [
    'a migration in a patch, for information',
    'releases:\n  - version: 1.0.0\n  - version: 1.0.1\n    migrations: [{ id: a, phase: expand }]\n',
    ['info 3: 1.0.1'],
  ],
  [
    'pre-releases of one version once',
    `releases:\n${search}  - { version: 1.1.0-rc.1 }\n  - { version: 1.1.0 }\n`,
    ['warning 3: 1.1.0-rc.1'],
  ],
  [
    'nothing in versions that tell it',
    `releases:\n${search}  - { version: 1.1.0, features: { search: deprecated } }\n  - { version: 2.0.0 }\n`,
    [],
  ],
  ['nothing in a yanked release', `releases:\n${search}  - { version: 1.1.0, yanked: Nothing found }\n`, []],
  [
    'nothing that a minor version before 1.0.0 tells',
    `releases:\n  - { version: 0.1.0, features: { a: stable } }\n  - { version: 0.2.0 }\n  - { version: 0.2.1, features: { b: stable } }\n`,
    [],
  ],
])('reports %s', (_, manifest, expected) => {
  expect(placesIn(manifest, manifestFindings(check, manifest))).toEqual(expected);
});

it('lists the reasons and offers the version when it is free', () => {
  const manifest = `releases:\n${search}  - { version: 1.1.0 }\n`;
  expect(first(manifest)?.message).toContain('the changes need a new major version, 2.0.0 or later. The feature search is gone.');
  expect(first(manifest)?.related.map(({ message }) => message)).toEqual(['The feature search is gone.', 'It is compared with 1.0.0.']);
  const fixed = fixedManifest(manifest, first(manifest));
  expect(fixed).toContain('{ version: 2.0.0 }');
  expect(manifestFindings(check, fixed)).toEqual([]);
  expect(first(`stops: [1.1.0]\n${manifest}`)?.fixes).toEqual([]);
  expect(first(`${manifest}  - { version: 1.2.0 }\n`)?.fixes).toEqual([]);
});

it('tells the rule before 1.0.0', () => {
  const finding = first('releases:\n  - { version: 0.1.0, features: { a: stable } }\n  - { version: 0.1.1 }\n');
  expect(finding?.hazards).toEqual(['M2', 'M4']);
  expect(finding?.message).toContain('a new minor version (before 1.0.0 the minor number announces it), 0.2.0 or later');
});

it('reports a breaking change of an API as an error, with its place', async () => {
  const files = {
    'upgrade.yaml': apiManifest([
      ['1.0.0', '0.graphql'],
      ['1.1.0', '1.graphql'],
    ]),
    '0.graphql': 'type Query { orders: [Int] old: Int }\n',
    '1.graphql': 'type Query { orders: [Int] }\n',
  };
  const findings = await apiFindings(files, check);
  expect(marked(files, findings)).toEqual(['error upgrade.yaml: 1.1.0']);
  expect(findings[0]?.related[0]?.file).toBe('/project/1.graphql');
});

it('lets a patch build indexes and replace routines, and nothing more', async () => {
  const patch = (sql: string) =>
    findingsIn(
      {
        'upgrade.yaml':
          'manifest: 1\nsystem: s\nreleases:\n  - { version: 1.0.0, migrations: [0001_a] }\n  - { version: 1.0.1, migrations: [0002_b] }\n',
        '0001_a.sql': 'CREATE TABLE t (id int);',
        '0002_b.sql': sql,
      },
      [check],
    );
  expect(await patch('CREATE INDEX CONCURRENTLY t_id ON t (id); DROP INDEX t_id; UPDATE t SET id = 1;')).toEqual([]);
  expect((await patch('DROP TABLE t;'))[0]?.message).toContain('The migration 0002_b changes the schema.');
});
