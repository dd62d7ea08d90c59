import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Workers and bundles are tested as they ship, so the bundles are made anew before the tests. */
export default function buildOnce() {
  if (process.env.MEM8_SKIP_BUILD) return;
  execFileSync(process.execPath, [fileURLToPath(new URL('../../esbuild.mjs', import.meta.url))], { stdio: 'inherit' });
}
