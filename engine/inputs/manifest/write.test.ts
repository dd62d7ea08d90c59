import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseManifest } from './parse';
import { initialManifest } from './write';

it('puts all migrations in one release and says so', () => {
  const text = initialManifest({ system: 'my app', directory: 'db/migrations', layout: 'goose', migrations: ['0001_a', '0002_b'] });
  const { manifest, problems } = parseManifest('/upgrade.yaml', text);
  expect(problems).toEqual([]);
  expect(manifest).toMatchObject({
    system: 'my-app',
    migrations: { directory: 'db/migrations', layout: 'goose', minimum: '15' },
    targets: { local: { driver: 'pglite' } },
    releases: [{ version: '1.0.0', migrations: ['0001_a', '0002_b'] }],
  });
  expect(text).toContain('# Assumed: all existing migrations belong to one release.');
});

it('takes given releases and names what is in none', () => {
  const text = initialManifest({
    system: 'mem8',
    directory: 'migrations',
    layout: 'plain',
    migrations: ['1', '2', '3'],
    minimum: 16,
    releases: [
      { version: '1.0.0', migrations: ['1'] },
      { version: '1.1.0', migrations: ['2'] },
    ],
  });
  const { manifest, problems } = parseManifest('/upgrade.yaml', text);
  expect(problems).toEqual([]);
  expect(manifest?.releases.map((release) => release.migrations)).toEqual([['1'], ['2']]);
  expect(manifest?.migrations.minimum).toBe('16');
  expect(text).toContain('      # - 3\n');
});

it('writes whatever names there are so that they come back the same', () => {
  const name = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('null', '~', 'true', '1.10', '0x1', '- a', '#a', '🌊', '.', '..'),
  );
  fc.assert(
    fc.property(fc.string(), name, fc.array(name, { maxLength: 4 }), (system, directory, migrations) => {
      const text = initialManifest({ system, directory, layout: 'auto', migrations });
      const { manifest, problems } = parseManifest('/upgrade.yaml', text);
      expect(problems).toEqual([]);
      expect(manifest?.migrations.directory).toBe(directory);
      expect(manifest?.releases[0]?.migrations).toEqual(migrations);
    }),
    { numRuns: 300 },
  );
});
