import { expect, it } from 'vitest';
import { check } from './bump-too-small';
import { manifestCheck } from '../testing/manifest-check';
import { apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

const search = '  - { version: 1.0.0, features: { search: stable } }\n';
const first = async (text: string) => (await findingsIn(text))[0];

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
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('lists the reasons and offers the version when it is free', async () => {
  const manifest = `releases:\n${search}  - { version: 1.1.0 }\n`;
  const finding = await first(manifest);
  expect(finding).toMatchObject({
    message: '1.1.0 contains breaking changes and needs a major version bump',
    advice: 'Release it as 2.0.0 or later, or undo the changes.',
  });
  const reasons = finding?.related.slice(0, -1).map(({ message }) => message);
  expect(reasons).toEqual([finding?.details]);
  expect(reasons?.[0]).toContain('feature search');
  expect(finding?.related.at(-1)?.message).toBe('Compared with 1.0.0.');
  expect(await afterFix(manifest)).toContain('{ version: 2.0.0 }');
  expect((await first(`stops: [1.1.0]\n${manifest}`))?.fixes).toEqual([]);
  expect((await first(`${manifest}  - { version: 1.2.0 }\n`))?.fixes).toEqual([]);
});

it('explains the rule before 1.0.0', async () => {
  const finding = await first('releases:\n  - { version: 0.1.0, features: { a: stable } }\n  - { version: 0.1.1 }\n');
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
  const project = projectCheck(check);
  const findings = await project.findingsIn(files);
  expect(await project.placesIn(files)).toEqual(['error upgrade.yaml: 1.1.0']);
  expect(findings[0]?.related[0]?.file).toBe('/project/1.graphql');
});

it('lets a patch only build indexes and replace routines', async () => {
  const patch = (sql: string) =>
    findingsIn({
      'upgrade.yaml':
        'manifest: 1\nsystem: s\nreleases:\n  - { version: 1.0.0, migrations: [0001_a] }\n  - { version: 1.0.1, migrations: [0002_b] }\n',
      '0001_a.sql': 'CREATE TABLE t (id int);',
      '0002_b.sql': sql,
    });
  expect(await patch('CREATE INDEX CONCURRENTLY t_id ON t (id); DROP INDEX t_id; UPDATE t SET id = 1;')).toEqual([]);
  const [finding] = await patch('DROP TABLE t;');
  expect(finding?.message).toBe('1.0.1 contains more than fixes and needs a minor version bump');
  expect(finding?.details).toContain('0002_b');
});
