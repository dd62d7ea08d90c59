import { expect, it } from 'vitest';
import { check } from './system-requirement-unmet';
import { manifestCheck } from '../testing/manifest-check';

const billing = `manifest: 1
system: billing
releases:
  - { version: 1.0.0 }
  - { version: 2.0.0, yanked: It loses rows }
  - { version: 2.1.0 }
`;

/** Findings, and what each marks. */
async function found(requires: string, systems = 'billing: billing/upgrade.yaml', other = billing) {
  const manifest = `systems: { ${systems} }\nreleases:\n  - { version: 1.0.0, requires: { ${requires} } }\n`;
  const test = manifestCheck(check, { '../billing/upgrade.yaml': other });
  return { findings: await test.findingsIn(manifest), places: await test.placesIn(manifest) };
}

it.each([
  ['a range that no release is in', 'billing: ^3.0.0', ['error 3: ^3.0.0'], 'The newest release of billing is 2.1.0.'],
  ['a range in which all were yanked', 'billing: 2.0.0', ['error 3: 2.0.0'], 'All matching releases are yanked'],
  ['a name that was probably meant otherwise', 'biling: ^2.0.0', ['warning 3: biling'], 'Did you mean billing?'],
  ['no range with a release in it', 'billing: ^2.0.0', [], ''],
  ['no runtime', 'redis: ">=7", postgresql: ">=15"', [], ''],
])('reports %s', async (_, requires, expected, words) => {
  const { findings, places } = await found(requires);
  expect(places).toEqual(expected);
  expect([findings[0]?.message, findings[0]?.details, findings[0]?.advice].join(' ')).toContain(words);
});

it('reports a manifest that is missing or cannot be read, and nothing about its releases', async () => {
  const missing = await found('billing: ^9.0.0', 'billing: gone/upgrade.yaml');
  expect(missing.places).toEqual(['error 1: gone/upgrade.yaml']);
  expect(missing.findings[0]?.message).toBe('The manifest of billing cannot be read');
  expect(missing.findings[0]?.details).toContain('/gone/upgrade.yaml');
  const broken = await found('billing: ^9.0.0', 'billing: billing', '- nothing');
  expect(broken.places).toEqual(['error 1: billing']);
});

it('checks the requirements of features and migrations', async () => {
  const manifest = `systems: { billing: billing/upgrade.yaml }
releases:
  - version: 1.0.0
    features: { search: { stage: stable, requires: { billing: ^4.0.0 } } }
    migrations: [{ id: a, requires: { billing: ^5.0.0 } }]
`;
  const findings = await manifestCheck(check, { '../billing/upgrade.yaml': billing }).findingsIn(manifest);
  expect(findings.map(({ message }) => message)).toEqual([
    'No release of billing satisfies "^4.0.0", which search in 1.0.0 requires',
    'No release of billing satisfies "^5.0.0", which a in 1.0.0 requires',
  ]);
});
