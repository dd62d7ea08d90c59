import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { releaseGraph } from '../releases/graph';
import { parseManifest } from './parse';
import { referencedId } from './schema';

const folder = fileURLToPath(new URL('../../../examples/mem8/', import.meta.url));
const { manifest, problems } = parseManifest(`${folder}upgrade.yaml`, readFileSync(`${folder}upgrade.yaml`, 'utf8'));

it('the example manifest has no problems, and a script pair or a transform for each of its migrations', () => {
  expect(problems).toEqual([]);
  const references = manifest?.releases.flatMap((release) => release.migrations) ?? [];
  const scripts = references.filter((reference) => typeof reference === 'string' || !reference.transform).map(referencedId);
  expect(readdirSync(`${folder}migrations`).sort()).toEqual(scripts.flatMap((id) => [`${id}.down.sql`, `${id}.up.sql`]).sort());
});

it('the example goes around its risk and through its stop', () => {
  const graph = releaseGraph(manifest!);
  expect(graph.path('1.0.0', '3.0.0')).toMatchObject({ ok: true, value: { releases: ['1.1.0', '2.0.0', '3.0.0'], warnings: [] } });
  expect(graph.path('1.0.0', '2.0.0')).toMatchObject({ ok: true, value: { releases: ['1.1.0', '2.0.0'] } });
  expect(graph.edge('1.0.0', '2.0.0').kind).toBe('blocked');
  expect([graph.unreachable(), graph.stranded(), graph.unusable]).toEqual([[], [], []]);
});
