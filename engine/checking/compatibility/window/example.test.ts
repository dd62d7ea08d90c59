import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startShadow } from '../../checks/testing/sql-fixture';
import type { Finding } from '../../../core/finding';
import { findingText } from '../../../core/finding-text';
import { memoryFiles } from '../../../host/memory-files';
import { applyEdits } from '../../../inputs/manifest/testing/apply-edits';
import { analyse } from '../../analysis/analysis';
import { openProject } from '../../project/open-project';

const folder = fileURLToPath(new URL('../../../../examples/mem8/', import.meta.url));
const example = Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:sql|yaml)$/.test(name) && !name.startsWith('.'))
    .map((name) => [`/mem8/${name.replaceAll('\\', '/')}`, readFileSync(`${folder}${name}`, 'utf8')]),
);
const last = '      - { id: 0009_drop_integer_emotion, phase: contract }\n';
const oneEarlier = '      - { id: 0008_index_memories_by_time, phase: expand }\n';

async function errorsIn(manifest: string): Promise<readonly Finding[]> {
  const files = memoryFiles({ ...example, '/mem8/upgrade.yaml': manifest });
  const project = await openProject({ files, paths: ['/mem8/upgrade.yaml'] });
  if (!project.ok) throw new Error(project.problem.message);
  const { findings } = await analyse(project.value, { shadow: await startShadow(), rehearse: 'none' });
  return findings.filter(({ severity }) => severity === 'error');
}

async function errorsOf(manifest: string): Promise<string[]> {
  return (await errorsIn(manifest)).map((finding) => `${finding.id}: ${findingText(finding)}`);
}

it('the example is sound, turns red when the contract step comes one release earlier, and is sound again when it is moved back', async () => {
  const manifest = example['/mem8/upgrade.yaml'] ?? '';
  expect(await errorsOf(manifest)).toEqual([]);
  const moved = manifest.replace(`    migrations:\n${last}`, '').replace(oneEarlier, oneEarlier + last);
  const errors = await errorsOf(moved);
  expect(errors.map((each) => each.split(':')[0]).sort()).toEqual(['breaks-running-release', 'expand-and-contract-in-one-release']);
  expect(errors.find((each) => each.startsWith('breaks'))).toBe(
    [
      'breaks-running-release: AddMemory of 1.1.0 fails: column "valence" does not exist (42703)',
      '1.1.0 may still run while 2.0.0 is installed. 1 more query fails. PostgreSQL says: column "valence" of relation "memories" does not exist.',
      'Move 0009_drop_integer_emotion to release 3.0.0 or later: 1.1.0 no longer runs then.',
    ].join('\n'),
  );
  expect(await errorsOf(manifest)).toEqual([]);

  const [fix] = (await errorsIn(moved)).flatMap(({ fixes }) => fixes);
  expect(fix?.title).toBe('Move 0009_drop_integer_emotion to release 3.0.0');
  expect(await errorsOf(applyEdits(moved, fix?.edits ?? []))).toEqual([]);
});
