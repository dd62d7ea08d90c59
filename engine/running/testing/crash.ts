import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CrashOrder } from './crash-child';

const root = resolve(import.meta.dirname, '../../..');

/** Bundles the process that is to be killed. It lies inside node_modules, so that it finds the packages. */
export async function bundleCrashChild(): Promise<string> {
  const folder = join(root, 'node_modules/.cache/mem8-upgrade');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `crash-child-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'crash-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs the child until it kills itself. @returns what it printed when it came to its end before that */
export function runUntilKilled(bundle: string, order: CrashOrder): Promise<{ killed: boolean; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [bundle, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (_code, signal) => done({ killed: signal === 'SIGKILL', output }));
  });
}

export const assets = join(root, 'dist/pglite');
