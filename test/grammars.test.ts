import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { featureStages, manifestSchema, phases, releaseSchema } from '#engine/inputs/manifest/schema';

const syntaxes = (name: string) => fileURLToPath(new URL(`../syntaxes/${name}`, import.meta.url));
const runner = fileURLToPath(new URL('../node_modules/vscode-tmgrammar-test/dist/unit.js', import.meta.url));

/** Runs one file of scope assertions; the error carries the assertions that failed. */
async function runAssertions(file: string): Promise<void> {
  const args = [runner, '--compact', '--config', syntaxes('fixtures/package.json'), syntaxes(`fixtures/${file}`)];
  try {
    await promisify(execFile)(process.execPath, args);
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? String(error));
  }
}

describe('grammars', () => {
  it('colours the words of a manifest', () => runAssertions('manifest.syntax-test'));
  it('colours directives in SQL comments, where they begin a line', () => runAssertions('directives.syntax-test'));

  it('knows the phases, feature stages and top-level and release keys of the manifest schema', () => {
    const grammar = readFileSync(syntaxes('mem8-upgrade-manifest.tmLanguage.json'), 'utf8');
    const words = new Set(grammar.match(/\w+/g));
    const keys = [...Object.keys(manifestSchema.shape), ...Object.keys(releaseSchema.shape)];
    const missing = [...phases, ...featureStages, ...keys].filter((word) => !words.has(word));
    expect(missing).toEqual([]);
  });
});
