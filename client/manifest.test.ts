import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands as contract, languageIds } from '#protocol';

const root = join(__dirname, '..');
const packageText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(packageText);
const texts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
const { contributes, capabilities } = manifest;
const contributed: string[] = contributes.commands.map(({ command }: { command: string }) => command);
const settings: Record<string, Record<string, unknown>> = contributes.configuration.properties;
const sources = sourcesIn(join(root, 'client'));

describe('the extension manifest', () => {
  it('has a text for every key it uses, and no others', () => {
    const used = new Set([...packageText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
  });

  it('contributes every command of the contract', () => {
    expect(contributed).toEqual(expect.arrayContaining(Object.values(contract)));
  });

  it('contributes exactly the commands that the extension registers', () => {
    const register = sources.get('commands/register.ts') ?? '';
    const registered = [...register.matchAll(/'(mem8Upgrade\.\w+)'/g)].map(([, id]) => id);
    const byContract = [...register.matchAll(/\[contract\.(\w+)\]/g)].map(([, key]) => contract[key as keyof typeof contract]);
    expect([...registered, ...byContract, 'mem8Upgrade.runPlan'].sort()).toEqual([...contributed].sort());
  });

  it('uses only its own commands in menus', () => {
    const inMenus = Object.values(contributes.menus as Record<string, { command: string }[]>)
      .flat()
      .map(({ command }) => command);
    expect(inMenus.filter((command) => !contributed.includes(command))).toEqual([]);
  });

  it('links only to its own commands from texts', () => {
    const linked = Object.values(texts).flatMap((text) => [...text.matchAll(/command:([\w.]+)/g)].map(([, id]) => id ?? ''));
    expect(linked.filter((command) => !contributed.includes(command))).toEqual([]);
  });

  it('keeps every command that runs something from untrusted and virtual workspaces', () => {
    const running = ['planUpgrade', 'runUpgrade', 'rollBack', 'runMigration', 'rollBackMigration', 'runPlan', 'showStatus', 'init'];
    for (const name of running) {
      const { enablement } = contributes.commands.find(({ command }: { command: string }) => command === `mem8Upgrade.${name}`);
      expect(enablement, name).toContain('isWorkspaceTrusted && !virtualWorkspace');
    }
  });

  it('never puts a rollback into the group of another command, nor alone as an icon', () => {
    for (const items of Object.values(contributes.menus as Record<string, { command: string; group?: string }[]>)) {
      const group = (item: { group?: string }): string => (item.group ?? '').replace(/@.*/, '');
      const back = items.filter(({ command }) => /rollBack/i.test(command)).filter((item) => item.group !== undefined);
      const others = items.filter(({ command }) => !/rollBack/i.test(command)).map(group);
      for (const item of back) {
        expect(others).not.toContain(group(item));
        expect(['inline', 'navigation']).not.toContain(group(item));
      }
    }
  });

  it('gives every setting a description, a default, a scope and a place', () => {
    for (const [name, setting] of Object.entries(settings)) {
      expect(setting, name).toMatchObject({
        markdownDescription: expect.any(String),
        default: expect.anything(),
        scope: expect.any(String),
        order: expect.any(Number),
      });
    }
  });

  it('restricts only settings that exist', () => {
    const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations.filter((name: string) => !(name in settings))).toEqual([]);
    expect(restrictedConfigurations).toContain('mem8Upgrade.confirm');
  });

  it('ships every picture that it names', () => {
    const paths = [...packageText.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('gives every grammar the scope that its file has', () => {
    for (const { path, scopeName } of contributes.grammars as { path: string; scopeName: string }[]) {
      expect(JSON.parse(readFileSync(join(root, path), 'utf8')).scopeName, path).toBe(scopeName);
    }
  });

  it('uses the language id of the contract', () => {
    expect(contributes.languages.map(({ id }: { id: string }) => id)).toEqual([languageIds.manifest]);
    expect(manifest.activationEvents).toContain(`onLanguage:${languageIds.manifest}`);
  });

  it('uses only context keys that the extension sets', () => {
    const keys = sources.get('context-keys.ts') ?? '';
    const used = new Set(
      [...packageText.matchAll(/"(?:when|enablement)": "([^"]+)"/g)].flatMap(([, clause]) =>
        [...(clause ?? '').matchAll(/(?<!== )\bmem8Upgrade\.\w+/g)].map(([key]) => key),
      ),
    );
    expect(used.size).toBeGreaterThan(0);
    for (const key of used) expect(keys).toContain(`'${key}'`);
  });
});

function sourcesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) found.set(name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8'));
  }
  return found;
}
