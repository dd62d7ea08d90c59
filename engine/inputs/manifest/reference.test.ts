import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { examples } from './examples';
import { manifestJsonSchema, manifestJsonSchemaText } from './json-schema';
import { parseManifest } from './parse';
import { anchorOf, manifestKeys, manifestReference, referenceExample } from './reference';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));

describe('the manifest reference', () => {
  it('is committed as it is generated', async () => {
    await expect(manifestReference()).toMatchFileSnapshot(`${docs}manifest.md`);
  });

  it('describes every key with an example and a place of its own', () => {
    const keys = manifestKeys();
    expect(keys.length).toBeGreaterThan(45);
    expect(keys.filter(({ path }) => examples[path] === undefined).map(({ path }) => path)).toEqual([]);
    expect(new Set(keys.map(({ path }) => anchorOf(path))).size).toBe(keys.length);
    expect(Object.keys(examples).filter((path) => !keys.some((key) => key.path === path))).toEqual([]);
  });

  it('starts with a sound manifest', () => {
    expect(parseManifest('/upgrade.yaml', referenceExample).problems).toEqual([]);
  });

  it.each(Object.entries(examples))('has a sound example of %s', (path, example) => {
    expect(parseManifest('/upgrade.yaml', manifestWith(path, example)).problems).toEqual([]);
  });
});

/** A manifest that is complete but for the example. */
function manifestWith(path: string, example: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1);
  const line = `${last}: ${example}`;
  const rest = neighbours[path] ?? neighbours[path.slice(0, path.lastIndexOf('.'))] ?? '';
  const entry = (list: string, text: string): string => `  ${list}: [{ ${text} }]\n`;
  const others = rest.split('; ').filter((text) => text !== '' && !text.startsWith(`${last}:`));
  const inner = [line, ...others].join(', ');
  const release = (text: string): string => `manifest: 1\nsystem: mem8\nreleases:\n- version: 1.0.0\n${text}`;
  if (path.startsWith('releases.*.checks.after.*.')) return release(`  checks: { after: [{ ${inner} }] }\n`);
  if (path.startsWith('releases.*.checks.')) return release(`  checks: { ${line} }\n`);
  if (path.startsWith('releases.*.migrations.*.transform.')) return release(entry('migrations', `id: t, transform: { ${inner} }`));
  if (path.startsWith('releases.*.migrations.*.')) return release(entry('migrations', last === 'id' ? line : `id: t, ${line}`));
  if (path === 'releases.*.rollback.none') return release(`  rollback: { ${line} }\n`);
  for (const record of ['features', 'apis', 'formats']) {
    if (path.startsWith(`releases.*.${record}.*.`)) return release(`  ${record}: { each: { ${inner} } }\n`);
  }
  if (path === 'releases.*.version') return `manifest: 1\nsystem: mem8\nreleases: [{ ${line} }]\n`;
  if (path.startsWith('releases.*.')) return release(`  ${line}\n`);
  if (path.startsWith('targets.*.')) return `targets: { t: { ${inner} } }\n${release('')}`;
  if (path.startsWith('risks.*.')) return `risks: [{ ${inner} }]\n${release('')}`;
  const [group = ''] = path.split('.');
  if (['migrations', 'deprecation', 'budget'].includes(group) && group !== path) return `${group}: { ${line} }\n${release('')}`;
  const base = { manifest: '1', system: 'mem8', releases: '[{ version: 1.0.0 }]', [path]: example };
  return Object.entries(base)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

/** The other keys that something with the example needs. */
const neighbours: Readonly<Record<string, string>> = {
  'targets.*': 'driver: postgresql; url: postgresql://localhost/mem8',
  'targets.*.path': 'driver: pglite',
  'releases.*.migrations.*.transform': 'table: memories; key: id; set: { a: "1" }',
  'releases.*.checks.after.*': 'sql: select 1; expect: 1',
  'releases.*.checks.after.*.http': '',
  'releases.*.checks.after.*.status': 'http: https://mem8.example.com',
  'releases.*.checks.after.*.command': '',
  'releases.*.checks.after.*.timeout': 'command: [true]',
  'releases.*.features.*': 'stage: stable',
  'releases.*.apis.*': 'file: api/rest.yaml',
  'releases.*.formats.*': 'writes: 3',
  'risks.*': 'name: Slow; from: 1.x; to: 2.x; message: m',
};

describe('the JSON Schema', () => {
  it('is committed as it is generated', async () => {
    await expect(manifestJsonSchemaText()).toMatchFileSnapshot(`${docs}manifest.schema.json`);
  });

  it('describes every key, requires what has no default and refuses unknown keys', () => {
    const schema = manifestJsonSchema() as {
      required: string[];
      additionalProperties: boolean;
      properties: Record<string, { description?: string }>;
    };
    expect(schema.required.sort()).toEqual(['manifest', 'releases', 'system']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.entries(schema.properties).filter(([, property]) => !property.description)).toEqual([]);
  });
});
