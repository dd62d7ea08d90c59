// Packages from npm that are no dependencies of the checkout.
import { runNpm } from './processes.mjs';

const installMs = 600_000;

/**
 * @param {string} cwd A folder with a package.json.
 * @param {string} what Names the packages for the user.
 * @param {readonly string[]} args Packages with their versions, and options.
 */
export async function npmInstall(cwd, what, args) {
  console.log(`  installing ${what} ...`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  // An npm run hands its own configuration down; a nested install must not take it for its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|prefix)|package_)/.test(name)),
  );
  const result = await runNpm(['install', ...quiet, ...args], { cwd, env, timeoutMs: installMs });
  if (result.code !== 0) throw new Error(`npm could not install ${what}:\n${result.output}`);
}
