import { describe, expect, it, vi } from 'vitest';
import type { MigrationState, TargetStatus } from '#engine/running/plan';
import { interruptedRun, targetStatus } from '../testing/target-status';
import { directoryNodes, upgradeNodes, type ProjectFacts, type UpgradeNode } from './upgrade-nodes';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

function status(release: string | null, states: Readonly<Record<string, MigrationState['state']>>): TargetStatus {
  return targetStatus({ release, migrations: Object.entries(states).map(([id, state]) => ({ id, release: '', state })) });
}

function facts(more: Partial<ProjectFacts> = {}): ProjectFacts {
  return {
    manifest: 'file:///w/upgrade.yaml',
    system: 'mem8',
    path: 'upgrade.yaml',
    target: 'local',
    releases: [
      { version: '1.0.0', migrations: ['0001'] },
      { version: '2.0.0', migrations: ['0002', '0003'] },
      { version: '3.0.0', migrations: [] },
    ],
    status: undefined,
    problem: undefined,
    ...more,
  };
}

function only(nodes: readonly UpgradeNode[]): UpgradeNode {
  expect(nodes).toHaveLength(1);
  return nodes[0] as UpgradeNode;
}

describe('upgradeNodes', () => {
  it('marks releases before, at and after the current one', () => {
    const { children, description } = only(upgradeNodes([facts({ status: status('2.0.0', {}) })]));
    expect(description).toBe('local: 2.0.0');
    expect(children.map(({ context }) => context)).toEqual(['release.applied', 'release.current', 'release.pending']);
  });

  it('takes every release for pending when the target is empty', () => {
    const { children, description } = only(upgradeNodes([facts({ status: status(null, {}) })]));
    expect(description).toBe('local: empty');
    expect(new Set(children.map(({ context }) => context))).toEqual(new Set(['release.pending']));
  });

  it('claims nothing about a target that was not read', () => {
    const { children, description } = only(upgradeNodes([facts()]));
    expect(description).toBe('local: not read yet');
    expect(children.map(({ context }) => context)).toEqual(['release.unknown', 'release.unknown', 'release.unknown']);
    expect(children[0]?.children[0]).toMatchObject({ context: 'migration.unknown', description: '' });
  });

  it('claims nothing when the release of the target is not in the manifest', () => {
    const { children } = only(upgradeNodes([facts({ status: status('9.0.0', {}) })]));
    expect(children[0]?.context).toBe('release.unknown');
  });

  it('gives every migration the state that the target has for it', () => {
    const { children } = only(
      upgradeNodes([facts({ status: status('1.0.0', { '0001': 'edited', '0002': 'partial', '0003': 'pending' }) })]),
    );
    const migrations = children.flatMap((release) => release.children);
    expect(migrations.map(({ context }) => context)).toEqual(['migration.edited', 'migration.partial', 'migration.pending']);
  });

  it('shows an interrupted run first', () => {
    const interrupted = {
      ...status('1.0.0', {}),
      interrupted: interruptedRun,
    };
    expect(only(upgradeNodes([facts({ status: interrupted })]))).toMatchObject({ description: 'local: interrupted', icon: 'warning' });
  });

  it('shows the step of a run that is in progress', () => {
    const goal = { direction: 'upgrade', manifest: '/w/upgrade.yaml', target: 'local' } as const;
    const running = (activity: ProjectFacts['activity'] & object): UpgradeNode => only(upgradeNodes([facts({ activity })]));
    expect(running({ goal })).toMatchObject({ description: 'local, starting', icon: 'sync~spin' });
    expect(running({ goal, step: { step: 2, steps: 9, title: 'Transform 0007' } }).description).toBe(
      'local, running step 2 of 9: transform 0007',
    );
  });

  it('gives commands what they need to ask nothing', () => {
    const { children } = only(upgradeNodes([facts()]));
    expect(children[1]?.children[0]).toMatchObject({
      manifest: 'file:///w/upgrade.yaml',
      target: 'local',
      release: '2.0.0',
      migration: '0002',
    });
  });
});

describe('directoryNodes', () => {
  it('names what is checked without a manifest, and offers one', () => {
    const facts = {
      directory: 'file:///w/db/migrations',
      path: 'db/migrations',
      layout: 'golang-migrate',
      migrations: 12,
      newest: { id: '0012_note', script: 'file:///w/db/migrations/0012_note.up.sql' },
    };
    const [node] = directoryNodes([facts]);
    expect([node?.label, node?.description]).toEqual(['db/migrations', 'golang-migrate, 12 migrations']);
    expect(node?.children.map(({ label, context, subject }) => [context, label, subject])).toEqual([
      ['newest', '0012_note', 'file:///w/db/migrations/0012_note.up.sql'],
      ['create', 'Create Upgrade Manifest', 'file:///w/db/migrations'],
    ]);
  });

  it('has no newest migration in an empty directory', () => {
    const [node] = directoryNodes([{ directory: 'file:///w/m', path: 'm', layout: 'plain', migrations: 0, newest: undefined }]);
    expect(node?.children.map(({ kind }) => kind)).toEqual(['create']);
  });
});
