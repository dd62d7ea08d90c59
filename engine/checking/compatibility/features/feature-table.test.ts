import { expect, it } from 'vitest';
import { parseManifest } from '../../../inputs/manifest/parse';
import { featureTable } from './feature-table';
import { featureTableMarkdown, featureTableText } from './format-table';

function tableOf(rest: string) {
  const { manifest, problems } = parseManifest('/p/upgrade.yaml', `manifest: 1\nsystem: pets\n${rest}`);
  expect(problems).toEqual([]);
  if (!manifest) throw new Error('there is no manifest');
  return featureTable(manifest);
}

const table = tableOf(`systems: { billing: ../billing/upgrade.yaml }
releases:
  - { version: 1.0.0, requires: { postgresql: ">=14" }, features: { search: stable } }
  - version: 1.1.0
    yanked: It loses rows
    features: { search: stable, maps: { stage: preview, default: true, needs: [search] } }
  - version: 2.0.0
    requires: { postgresql: ">=15", billing: ^2.0.0 || ^3.0.0 }
    migrations: [{ id: a, requires: { postgresql: ">=16" } }]
    features:
      search: { stage: deprecated, default: false, replacement: find, sunset: 2027-03-31 }
      maps: { stage: stable, needs: [search], requires: { node: ">=20" } }
      trails: removed
`);

it('has a row for each feature and each requirement', () => {
  expect(table.releases).toEqual([
    { version: '1.0.0', yanked: false },
    { version: '1.1.0', yanked: true },
    { version: '2.0.0', yanked: false },
  ]);
  expect(table.features.map(({ feature, cells }) => [feature, ...cells.map((cell) => cell?.stage ?? null)])).toEqual([
    ['maps', null, 'preview', 'stable'],
    ['search', 'stable', 'stable', 'deprecated'],
    ['trails', null, null, 'removed'],
  ]);
  expect(table.requirements.map(({ title, kind, cells }) => [title, kind, ...cells])).toEqual([
    ['billing', 'system', null, null, '^2.0.0 || ^3.0.0'],
    ['PostgreSQL', 'runtime', '>=14', null, '>=15 and >=16'],
  ]);
});

it('is plain text in columns, with what else is known below', () => {
  expect(featureTableText(table, { columns: 80, all: false })).toBe(`            1.0.0   1.1.0 (yanked)  2.0.0
maps        -       preview (on)    stable
search      stable  stable          deprecated (off)
trails      -       -               removed
requires
billing     -       -               ^2.0.0 || ^3.0.0
PostgreSQL  >=14    -               >=15 and >=16

maps needs search (from 1.1.0 on)
maps requires Node.js >=20 (from 2.0.0 on)
search is promised until 2027-03-31 (from 2.0.0 on)
search is replaced by find (from 2.0.0 on)
`);
});

it('shows the newest releases that fit, or all of them in several blocks', () => {
  const many = tableOf(
    `releases:\n${Array.from({ length: 30 }, (_, minor) => `  - { version: 1.${minor}.0, features: { a-feature-with-a-name-that-is-too-long: stable } }\n`).join('')}`,
  );
  const some = featureTableText(many, { columns: 80, all: false });
  expect(some).toContain('a-feature-with-a-name-that-…  stable');
  expect(some).toContain('1.29.0');
  expect(some).toMatch(/\n24 earlier releases are not shown; --all shows them\.\n$/);
  const all = featureTableText(many, { columns: 80, all: true });
  for (const text of [some, all]) expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const { version } of many.releases) expect(all).toContain(version);
});

it('is Markdown as well', () => {
  expect(featureTableMarkdown(table, { newest: 1 })).toBe(`| feature | 2.0.0 |
| --- | --- |
| maps | stable |
| search | deprecated (off) |
| trails | removed |

| requires | 2.0.0 |
| --- | --- |
| billing | \`^2.0.0 \\|\\| ^3.0.0\` |
| PostgreSQL | \`>=15 and >=16\` |

- maps needs search
- maps requires Node.js >=20
- search is promised until 2027-03-31
- search is replaced by find
`);
  expect(featureTableMarkdown(table)).toContain('| feature | 1.0.0 | ~~1.1.0~~ | 2.0.0 |');
  expect(featureTableMarkdown(tableOf('releases: [{ version: 1.0.0 }]\n'))).toBe(
    'The manifest of pets has no features and no requirements.\n',
  );
});
