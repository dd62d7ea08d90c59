import { cp, stat, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from '../../scripts/lib/places.mjs';
import { runNpm } from '../../scripts/lib/processes.mjs';

const limit = 'the limit, 10 MB';
const left = /^(?:node_modules|\.git|\.tsc|\.vscode-test|test-results)(?:[\\/]|$)|\.vsix$/;

/** @type {import('../group.mjs').Group} */
export const size = {
  name: 'size',
  unit: 'MB',
  limit,
  rows: ['VSIX'],
  async measure({ temporary }) {
    // In a copy, because packaging minifies what is in dist/.
    const folder = join(temporary, 'package');
    await cp(root, folder, { recursive: true, filter: (path) => !left.test(relative(root, path)) });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const vsix = join(folder, 'bench.vsix');
    const { code, output } = await runNpm(['run', 'package', '--', '--out', vsix], { cwd: folder, timeoutMs: 300_000 });
    if (code !== 0) throw new Error(`Packaging ended with ${code}: ${output}`);
    return { [limit]: { wall: [10], cpu: [] }, VSIX: { wall: [(await stat(vsix)).size / 1e6], cpu: [] } };
  },
};
