import { expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { openProject } from '../../project/open-project';
import { nothingSettled } from '../../../inputs/settled/settlement';
import { runChecks } from '../runner/run-checks';
import { check } from './system-requirement-unmet';
import { manifestFindings } from '../testing/manifest-fixture';

const billing = `manifest: 1
system: billing
releases:
  - { version: 1.0.0 }
  - { version: 2.0.0, yanked: It loses rows }
  - { version: 2.1.0 }
`;

async function findings(requires: string, systems = 'billing: ../billing/upgrade.yaml', files: Record<string, string> = {}) {
  const text = `manifest: 1\nsystem: shop\nsystems: { ${systems} }\nreleases:\n  - { version: 1.0.0, requires: { ${requires} } }\n`;
  const paths = { '/shop/upgrade.yaml': text, '/billing/upgrade.yaml': billing, ...files };
  const project = await openProject({ files: memoryFiles(paths), paths: ['/shop/upgrade.yaml'] });
  if (!project.ok) throw new Error(project.problem.message);
  const { manifest, directory, minimum, completeHistory, systems: others } = project.value;
  const context = {
    manifest,
    directory,
    minimum,
    completeHistory,
    systems: others,
    chain: [],
    statistics: undefined,
    settlement: nothingSettled,
  };
  return runChecks(context, [check]).map((finding) => ({ ...finding, text: text.slice(finding.range.start, finding.range.end) }));
}

it.each([
  ['a range that no release is in', 'billing: ^3.0.0', ['error ^3.0.0'], 'The newest release of billing is 2.1.0.'],
  ['a range in which all were yanked', 'billing: 2.0.0', ['error 2.0.0'], 'All matching releases are yanked'],
  ['a name that was probably meant otherwise', 'biling: ^2.0.0', ['warning biling'], 'Did you mean billing?'],
  ['no range with a release in it', 'billing: ^2.0.0', [], ''],
  ['no runtime', 'redis: ">=7", postgresql: ">=15"', [], ''],
])('reports %s', async (_, requires, expected, words) => {
  const found = await findings(requires);
  expect(found.map(({ severity, text }) => `${severity} ${text}`)).toEqual(expected);
  expect([found[0]?.message, found[0]?.details, found[0]?.advice].join(' ')).toContain(words);
});

it('reports a manifest that is missing or cannot be read, and nothing about its releases', async () => {
  const missing = await findings('billing: ^9.0.0', 'billing: ../gone/upgrade.yaml');
  expect(missing.map(({ text }) => text)).toEqual(['../gone/upgrade.yaml']);
  expect(missing[0]?.message).toBe('The manifest of billing cannot be read');
  expect(missing[0]?.details).toContain('/gone/upgrade.yaml');
  const broken = await findings('billing: ^9.0.0', 'billing: ../billing', { '/billing/upgrade.yaml': '- nothing' });
  expect(broken.map(({ text }) => text)).toEqual(['../billing']);
});

it('checks the requirements of features and migrations', async () => {
  const manifest = `systems: { billing: b.yaml }
releases:
  - version: 1.0.0
    features: { search: { stage: stable, requires: { billing: ^4.0.0 } } }
    migrations: [{ id: a, requires: { billing: ^5.0.0 } }]
`;
  const systems = new Map([
    ['billing', (await import('../../../inputs/manifest/parse')).parseManifest('/b.yaml', billing).manifest ?? never()],
  ]);
  const messages = manifestFindings(check, manifest, { systems }).map(({ message }) => message);
  expect(messages).toEqual([
    'No release of billing satisfies "^4.0.0", which search in 1.0.0 requires',
    'No release of billing satisfies "^5.0.0", which a in 1.0.0 requires',
  ]);
});

function never(): never {
  throw new Error('the manifest cannot be read');
}
