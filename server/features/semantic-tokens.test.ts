import { expect, it } from 'vitest';
import { example, TestProject } from '../testing/test-project';
import { semanticTokens, semanticTokensLegend } from './semantic-tokens';

/** Each token as its kind, its text and its modifiers. */
async function tokens(manifest: string): Promise<string[]> {
  const { manifest: document } = await TestProject.open({ ...example, 'upgrade.yaml': manifest });
  const { data } = semanticTokens(document);
  const lines = manifest.split('\n');
  let [line, character] = [0, 0];
  const words: string[] = [];
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, kind = 0, modifiers = 0] = data.slice(at, at + 5);
    [line, character] = [line + down, down > 0 ? right : character + right];
    const named = semanticTokensLegend.tokenModifiers.filter((_, index) => modifiers & (1 << index));
    words.push([semanticTokensLegend.tokenTypes[kind], lines[line]?.slice(character, character + length), ...named].join(' '));
  }
  return words;
}

it('colours what a manifest names', async () => {
  const words = await tokens(example['upgrade.yaml']);
  expect(words.slice(words.indexOf('class 2.0.0 declaration'))).toEqual([
    'class 2.0.0 declaration',
    'number >=1.0.0',
    'property search declaration',
    'enumMember deprecated deprecated',
    'function 0002_kind declaration',
    'class 1.0.0',
  ]);
});

it('colours what stands in a text that cannot be parsed', async () => {
  expect(await tokens('system: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [')).toContain('class 1.0.0 declaration');
});
