import { describe, expect, it, vi } from 'vitest';
import { interruptedRun, liveRun, targetStatus } from '../testing/target-status';
import { size, targetNodes, type TargetFacts } from './target-nodes';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const target: TargetFacts = {
  manifest: 'file:///w/upgrade.yaml',
  system: 'mem8',
  name: 'production',
  driver: 'postgresql',
  protected: true,
  state: undefined,
};

const status = targetStatus({
  target: 'production',
  targetDescription: 'PostgreSQL db/mem8',
  protected: true,
  serverVersion: '16.3',
  backups: [
    {
      id: 'b1',
      target: 'production',
      targetDescription: 'PostgreSQL db/mem8',
      origin: 'this',
      createdAt: '2026-01-02T03:04:05.678Z',
      release: null,
      location: '/b/b1',
      bytes: 4_200_000,
      fingerprint: '',
      proven: true,
    },
  ],
});

describe('targetNodes', () => {
  it('says that a target was not read', () => {
    expect(targetNodes([target])[0]).toMatchObject({
      label: 'production',
      description: 'protected, not read yet',
      tooltip: 'production: postgresql, protected, not read yet',
      children: [],
    });
  });

  it('warns of what was changed outside of runs', () => {
    const drift = [{ kind: 'left-over' as const, object: 'column public.t.a', name: 'column t.a', found: {} }];
    const [node] = targetNodes([{ ...target, state: { status: { ...status, drift, journalLacks: ['migration 2_b'] }, reading: false } }]);
    expect(node).toMatchObject({ icon: 'warning' });
    expect(node?.children.slice(0, 2).map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'Changed outside the journal: column t.a was added',
      'Rows of the journal are missing: migration 2_b',
    ]);
  });

  it('shows release, server and backups', () => {
    const [node] = targetNodes([{ ...target, state: { status, reading: false } }]);
    expect(node?.description).toBe('1.0.0, protected');
    expect(node?.children.map(({ label, description }) => `${label} ${description}`)).toEqual([
      'Release 1.0.0, 0 pending',
      'Server 16.3',
      'Backups 1',
    ]);
    expect(node?.children[2]?.children[0]).toMatchObject({
      label: '2026-01-02 03:04:05Z',
      description: 'empty, 4.2 MB, restored and compared',
    });
  });

  it('shows why a target cannot be read', () => {
    const problem = { code: 'target-unreachable', message: 'No answer.', remedy: 'Start it.' } as const;
    const [node] = targetNodes([{ ...target, state: { problem, reading: false } }]);
    expect(node?.description).toBe('protected, not reachable');
    expect(node?.children[0]).toMatchObject({ label: 'No answer.', tooltip: 'No answer.\nStart it.' });
  });

  it('shows the step of a run that is in progress', () => {
    const activity = {
      goal: { direction: 'upgrade', manifest: '/w/upgrade.yaml', target: 'production' },
      step: { step: 2, steps: 9, title: 'Transform 0007' },
    } as const;
    const [node] = targetNodes([{ ...target, state: { status, reading: false }, activity }]);
    expect(node).toMatchObject({ description: 'running step 2 of 9: transform 0007', icon: 'sync~spin' });
  });

  it('puts an interrupted run first', () => {
    const [node] = targetNodes([{ ...target, state: { status: { ...status, interrupted: interruptedRun }, reading: false } }]);
    expect(node?.icon).toBe('warning');
    expect(node?.children[0]).toMatchObject({ label: 'Interrupted run', description: '2.0.0/up/0002' });
  });

  it('names the step of a run of another process, and who runs it', () => {
    const [node] = targetNodes([{ ...target, state: { status: { ...status, running: liveRun }, reading: false } }]);
    expect(node?.icon).toBe('sync~spin');
    expect(node?.children[0]).toMatchObject({
      label: 'Running',
      description: 'Apply 0002',
      tooltip: 'Step 2 of 4, since 2026-11-30T22:04:05.000Z, by mem8-upgrade on build-7',
    });
  });

  it('names the system only when there are several', () => {
    const other = { ...target, manifest: 'file:///w/b.upgrade.yaml', system: 'other' };
    expect(targetNodes([target, other]).map(({ label }) => label)).toEqual(['mem8 production', 'other production']);
  });
});

describe('size', () => {
  it.each([
    [512, '512 bytes'],
    [1000, '1.0 KB'],
    [4_200_000, '4.2 MB'],
  ])('writes %i as %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });
});
