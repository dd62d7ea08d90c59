import { expect, it } from 'vitest';
import { parseManifest } from '../parse';
import { namesIn, versionsInRange } from './names';

const named = (text: string) =>
  namesIn(parseManifest('/upgrade.yaml', text)).map(({ kind, text: word, part }) => `${kind} ${part} ${word}`);

it('finds what a manifest names in the order of the text', () => {
  const text = `manifest: 1
system: s
channels: [stable]
releases:
  - version: "1.0.0"
    features: { search: stable }
    channels: ['stable']
    migrations: [0001_a, { id: 0002_b, feature: search, phase: expand }]
stops: [1.0.0]
checks: { locks: error }
`;
  expect(named(text)).toEqual([
    'channel value stable',
    'release value 1.0.0',
    'feature key search',
    'stage value stable',
    'channel value stable',
    'migration value 0001_a',
    'migration value 0002_b',
    'feature value search',
    'phase value expand',
    'release value 1.0.0',
    'check key locks',
    'severity value error',
  ]);
});

it('passes over what the text does not write out, and goes on in broken text', () => {
  const text = 'releases:\n  - version: &v 1.0.0\n    downgrade: *v\n    features: 3\n    migrations: ["a\\u0062c", d]\nstops: [*v]\n';
  expect(named(text)).toEqual(['release value 1.0.0', 'migration value d']);
});

it('finds the versions in a range', () => {
  const document = parseManifest('/upgrade.yaml', 'releases:\n  - { version: 2.0.0, from: ">=1.0.0-rc.1 <2.0.0" }\n');
  const range = namesIn(document).find(({ kind }) => kind === 'range');
  const versions = range ? versionsInRange(range) : [];
  expect(versions.map(({ text }) => text)).toEqual(['1.0.0-rc.1', '2.0.0']);
  expect(versions.map(({ range: { start, end } }) => document.text.slice(start, end))).toEqual(['1.0.0-rc.1', '2.0.0']);
});
