import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { commandLine } from '#cli';
import { root } from './pages';
import { commandReference, settingsReference, withGenerated } from './reference-text';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = <T>(path: string) => JSON.parse(read(path)) as T;

/** Compares a page with the one that has this text in its generated part; `--update` writes it. */
async function expectGenerated(path: string, name: string, text: string): Promise<void> {
  const file = join(root, path);
  const renewed = withGenerated(read(path), name, text);
  await expect(await format(renewed, { ...(await resolveConfig(file)), filepath: file })).toMatchFileSnapshot(file);
}

it('docs/command-line.md has the options of every command', async () => {
  const terminal = { columns: 80, out: () => undefined, err: () => undefined } as unknown as Parameters<typeof commandLine>[0];
  await expectGenerated('docs/command-line.md', 'options', commandReference(commandLine(terminal, () => undefined)));
});

it('docs/editor.md has every setting', async () => {
  const { contributes } = json<{ contributes: { configuration: { properties: Parameters<typeof settingsReference>[0] } } }>('package.json');
  await expectGenerated('docs/editor.md', 'settings', settingsReference(contributes.configuration.properties, json('package.nls.json')));
});
