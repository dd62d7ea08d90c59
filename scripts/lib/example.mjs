// A copy of the example in which its releases are settled and one migration is in the making.
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { example, inTheMaking } from './places.mjs';

const run = promisify(execFile);

/**
 * @param {string} folder A folder that does not exist yet.
 * @param {string} [addition] A folder with the release in the making: `release.yaml`, which is added to the manifest, and the files that it names.
 * @returns {Promise<void>}
 */
export async function copyExample(folder, addition = inTheMaking) {
  await cp(example, folder, { recursive: true, filter: (path) => !relative(example, path).split(/[\\/]/).includes('.mem8') });
  await commitAll(folder);
  const releaseFile = join(addition, 'release.yaml');
  await cp(addition, folder, { recursive: true, filter: (path) => path !== releaseFile });
  const release = await readFile(releaseFile, 'utf8');
  const manifest = join(folder, 'upgrade.yaml');
  const text = await readFile(manifest, 'utf8');
  await writeFile(
    manifest,
    text.replace(/^stops:/m, () => `${release}\nstops:`),
  );
}

/** Without git nothing is settled, and the example shows the findings of all its releases. @param {string} folder */
async function commitAll(folder) {
  const identity = ['-c', 'user.name=Mem8', '-c', 'user.email=mem8@example.com', '-c', 'commit.gpgsign=false'];
  try {
    await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
    await run('git', ['add', '--all'], { cwd: folder });
    await run('git', [...identity, 'commit', '--quiet', '--message', 'Release 3.0.0'], { cwd: folder });
  } catch {
    console.log('git is not there, so the findings of all releases are shown.');
  }
}
