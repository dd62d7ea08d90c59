import { expect, it } from 'vitest';
import { check } from './bump-too-small';
import { apiFindings, apiManifest, marked } from '../testing/api-fixture';
import { fixedManifest, manifestFindings, placesIn } from '../testing/manifest-fixture';
import { findingsIn } from '../testing/sql-fixture';

const search = '  - { version: 1.0.0, features: { search: stable } }\n';
const first = (text: string) => manifestFindings(check, text)[0];

it.each<[string, string, string[]]>([
  ['a feature that a minor version removes', `releases:\n${search}  - { version: 1.1.0 }\n`, ['warning 3: 1.1.0']],
  [
    'a feature that a patch adds',
    `releases:\n${search}  - { version: 1.0.1, features: { search: stable, maps: stable } }\n`,
    ['warning 3: 1.0.1'],
  ],
  [
    'a migration in a patch as an info',
    'releases:\n  - version: 1.0.0\n  - version: 1.0.1\n    migrations: [{ id: a, phase: expand }]\n',
    ['info 3: 1.0.1'],
  ],
  [
    'pre-releases of one version once',
    `releases:\n${search}  - { version: 1.1.0-rc.1 }\n  - { version: 1.1.0 }\n`,
    ['warning 3: 1.1.0-rc.1'],
  ],
  [
    'no version that announces its changes',
    `releases:\n${search}  - { version: 1.1.0, features: { search: deprecated } }\n  - { version: 2.0.0 }\n`,
    [],
  ],
  ['no yanked release', `releases:\n${search}  - { version: 1.1.0, yanked: Nothing found }\n`, []],
  [
    'no change that a minor version before 1.0.0 announces',
    `releases:\n  - { version: 0.1.0, features: { a: stable } }\n  - { version: 0.2.0 }\n  - { version: 0.2.1, features: { b: stable } }\n`,
    [],
  ],
])('reports %s', (_, manifest, expected) => {
  expect(placesIn(manifest, manifestFindings(check, manifest))).toEqual(expected);
});

it('lists the reasons and offers the version when it is free', () => {
  const manifest = `releases:\n${search}  - { version: 1.1.0 }\n`;
  expect(first(manifest)).toMatchObject({
    message: '1.1.0 contains breaking changes and needs a major version bump',
    advice: 'Release it as 2.0.0 or later, or undo the changes.',
  });
  const reasons = first(manifest)
    ?.related.slice(0, -1)
    .map(({ message }) => message);
  expect(reasons).toEqual([first(manifest)?.details]);
  expect(reasons?.[0]).toContain('feature search');
  expect(first(manifest)?.related.at(-1)?.message).toBe('Compared with 1.0.0.');
  const fixed = fixedManifest(manifest, first(manifest));
  expect(fixed).toContain('{ version: 2.0.0 }');
  expect(manifestFindings(check, fixed)).toEqual([]);
  expect(first(`stops: [1.1.0]\n${manifest}`)?.fixes).toEqual([]);
  expect(first(`${manifest}  - { version: 1.2.0 }\n`)?.fixes).toEqual([]);
});

it('explains the rule before 1.0.0', () => {
  const finding = first('releases:\n  - { version: 0.1.0, features: { a: stable } }\n  - { version: 0.1.1 }\n');
  expect(finding?.hazards).toEqual(['M2', 'M4']);
  expect(finding?.message).toBe('0.1.1 contains breaking changes and needs a minor version bump');
  expect(finding?.details).toMatch(/ Before 1\.0\.0, the minor number announces breaking changes\.$/);
  expect(finding?.advice).toBe('Release it as 0.2.0 or later, or undo the changes.');
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

it('lets a patch only build indexes and replace routines', async () => {
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
  const [finding] = await patch('DROP TABLE t;');
  expect(finding?.message).toBe('1.0.1 contains more than fixes and needs a minor version bump');
  expect(finding?.details).toContain('0002_b');
});
