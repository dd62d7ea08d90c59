import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** A bundle and the bundles that are loaded with it. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(/^(?:import|export)[^;]*?"\.\/([^"]+\.mjs)"/gm))
    loadedWith(name ?? '', seen);
  return seen;
}

it('loads nothing of the engine before it knows the command', () => {
  const bytes = [...loadedWith('cli.mjs')].reduce((sum, file) => sum + readFileSync(join(dist, file)).length, 0);
  expect(bytes).toBeLessThan(250_000);
});

it('answers without the engine', () => {
  const run = (...words: string[]) => execFileSync(process.execPath, [join(dist, 'cli.js'), ...words], { encoding: 'utf8' });
  expect(run('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run('--help')).toContain('Usage: mem8-upgrade');
});

it('does not spend time and memory on optimising the SQL parser', () => {
  const example = fileURLToPath(new URL('../examples/mem8', import.meta.url));
  const words = ['--trace-wasm-compilation-times', join(dist, 'cli.js'), 'check', '--no-database', example];
  const output = execFileSync(process.execPath, words, { encoding: 'utf8' });
  expect(output).toContain('using Liftoff');
  expect(output).not.toContain('using TurboFan');
});
