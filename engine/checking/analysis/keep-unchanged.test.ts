import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startShadow } from '../checks/testing/sql-fixture';
import type { Finding } from '../../core/finding';
import { memoryFiles } from '../../host/memory-files';
import type { Shadow } from '../../databases/observation';
import { analyse, type Analysis } from './analysis';
import { openProject } from '../project/open-project';

const names = ['0001_a', '0002_b', '0003_c', '0004_d', '0005_e'];
const scripts = [
  'CREATE TABLE t (id int PRIMARY KEY, a int, b text);\nCREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t);',
  'ALTER TABLE t ADD COLUMN c int;\nUPDATE t SET c = 1;',
  'CREATE INDEX t_a ON t (a);',
  'ALTER TABLE t RENAME COLUMN a TO aa;',
  'CREATE TABLE v (id int);\nALTER TABLE v ADD COLUMN k int NOT NULL;\nDROP TABLE v;',
  'ALTER TABLE u ALTER COLUMN t SET NOT NULL;\nDROP TABLE missing;',
  'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = 1; END $$;\n-- mem8-upgrade: ignore drop-column\nSELECT 1;',
  'ALTER TABLE t ALTER COLUMN b TYPE varchar(5);\nALTER TABLE t DROP COLUMN b;',
];
const manifests = [undefined, { window: 1, releases: [2, 1, 2] }, { window: 0, releases: [1, 1, 1, 1, 1] }];

interface State {
  readonly chosen: readonly number[];
  readonly manifest: number;
}

async function analysed({ chosen, manifest }: State, previous?: Analysis, shadow?: Shadow, focus?: string): Promise<Analysis> {
  const described = manifests[manifest];
  let at = 0;
  const releases = described?.releases.map((count, index) => {
    const own = names.slice(at, (at += count));
    return `  - version: ${index + 1}.0.0\n    migrations: [${own.join(', ')}]\n`;
  });
  const files = memoryFiles({
    ...Object.fromEntries(names.map((name, index) => [`/p/migrations/${name}.sql`, scripts[chosen[index] ?? 0] ?? ''])),
    ...(releases && { '/p/upgrade.yaml': `manifest: 1\nsystem: s\nwindow: ${described?.window}\nreleases:\n${releases.join('')}` }),
  });
  const project = await openProject({ files, paths: [releases ? '/p/upgrade.yaml' : '/p/migrations'] });
  if (!project.ok) throw new Error(project.problem.message);
  return analyse(project.value, {
    rehearse: 'none',
    previous,
    shadow,
    focus,
  });
}

const states = fc.record({
  chosen: fc.array(fc.nat({ max: scripts.length - 1 }), { minLength: names.length, maxLength: names.length }),
  manifest: fc.nat({ max: manifests.length - 1 }),
});
/** Mostly one script is edited; sometimes the manifest too. */
const edits = fc.array(fc.tuple(fc.nat({ max: names.length - 1 }), fc.nat({ max: scripts.length - 1 }), fc.constantFrom(0, 0, 0, 1)), {
  minLength: 1,
  maxLength: 4,
});

async function finds(start: State, changes: readonly (readonly [number, number, number])[], shadow?: Shadow): Promise<void> {
  let state = start;
  let analysis = await analysed(state, undefined, shadow);
  for (const [index, script, otherManifest] of changes) {
    state = {
      chosen: state.chosen.map((each, place) => (place === index ? script : each)),
      manifest: (state.manifest + otherManifest) % manifests.length,
    };
    analysis = await analysed(state, analysis, shadow);
    expect(analysis.findings).toEqual((await analysed(state, undefined, shadow)).findings);
  }
}

it('finds after any edits what an analysis from scratch finds', async () => {
  await fc.assert(
    fc.asyncProperty(states, edits, (start, changes) => finds(start, changes)),
    { numRuns: 60 },
  );
});

it('finds in the migration that is edited at once what is found in it afterwards', async () => {
  const property = fc.asyncProperty(states, edits, async (start, changes) => {
    let state = start;
    let analysis = await analysed(state);
    for (const [index, script] of changes) {
      state = { ...state, chosen: state.chosen.map((each, place) => (place === index ? script : each)) };
      analysis = await analysed(state, analysis, undefined, names[index]);
      const isOwn = ({ file }: Finding) => file.endsWith(`/${names[index]}.sql`);
      const whole = await analysed(state);
      expect(analysis.findings.filter(isOwn)).toEqual(whole.findings.filter(isOwn));
      analysis = await analysed(state, analysis);
      expect(analysis.findings).toEqual(whole.findings);
    }
  });
  await fc.assert(property, { numRuns: 40 });
});

it('does so with the database as well', async () => {
  const shadow = await startShadow();
  const start = { chosen: [0, 1, 2, 5, 6], manifest: 1 };
  await finds(
    start,
    [
      [4, 3, 0],
      [1, 7, 0],
      [3, 4, 0],
      [4, 2, 1],
    ],
    shadow,
  );
});

it('keeps the contexts before the edited release, and works on those alone', async () => {
  const first = await analysed({ chosen: [0, 1, 2, 3, 4], manifest: 1 }, undefined);
  const second = await analysed({ chosen: [0, 1, 2, 3, 5], manifest: 1 }, first);
  const kept = second.context.chain.map((each, index) => each === first.context.chain[index]);
  expect(kept).toEqual([true, true, true, false, false]);
});
