import { expect, it, vi } from 'vitest';
import { TargetsView } from './targets-view';
import { UpgradesView } from './upgrades-view';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const listeners: (() => void)[] = [];
const listen = (listener: () => void) => {
  listeners.push(listener);
  return { dispose: () => void listeners.splice(listeners.indexOf(listener), 1) };
};
const manifest = { fsPath: '/w/upgrade.yaml', toString: () => 'file:///w/upgrade.yaml' };
const project = {
  manifest,
  system: 'mem8',
  releases: [{ version: '1.0.0', migrations: ['0001_a'] }],
  targets: [{ name: 'local', driver: 'pglite', protected: false }],
};
const parts = [
  { onDidChange: listen, list: async () => [project], directories: [] },
  { onDidChange: listen, get: () => undefined },
  { onDidChangeStep: listen, activity: { goal: { direction: 'upgrade', manifest: '/w/upgrade.yaml', target: 'local' } } },
] as unknown as ConstructorParameters<typeof TargetsView>;

it('draws targets, open from the start', async () => {
  const view = new TargetsView(...parts);
  const [target] = await view.getChildren();
  expect(target && view.getTreeItem({ ...target, children: [{ ...target, children: [] }] })).toMatchObject({
    id: 'file:///w/upgrade.yaml\nlocal',
    label: 'local',
    description: 'starting',
    collapsibleState: 2,
    iconPath: { id: 'sync~spin' },
    contextValue: 'target',
  });
  view.dispose();
});

it('draws manifests open, and releases closed', async () => {
  const view = new UpgradesView(...parts);
  const [root] = await view.getChildren();
  const [release] = await view.getChildren(root);
  expect(root && view.getTreeItem(root)).toMatchObject({
    label: 'mem8',
    tooltip: 'mem8: local, starting',
    collapsibleState: 2,
    command: { command: 'vscode.open', arguments: ['file:///w/upgrade.yaml'] },
  });
  const item = release && view.getTreeItem(release);
  expect(item).toMatchObject({ id: 'file:///w/upgrade.yaml\n1.0.0\n\nrelease', tooltip: '1.0.0', collapsibleState: 1 });
  expect(item?.command).toBeUndefined();
  view.dispose();
});

it('is drawn anew whenever projects, targets or runs change, until it is gone', () => {
  const view = new TargetsView(...parts);
  const drawn = vi.fn();
  view.onDidChangeTreeData(drawn);
  for (const listener of listeners) listener();
  expect(drawn).toHaveBeenCalledTimes(3);
  view.dispose();
  expect(listeners).toEqual([]);
});
