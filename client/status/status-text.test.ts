import { describe, expect, it, vi } from 'vitest';
import { interruptedRun, liveRun, targetStatus } from '../testing/target-status';
import { statusText } from './status-text';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const status = targetStatus({ release: '2.0.0', migrations: [{ id: '0009', release: '3.0.0', state: 'pending' }] });
const goal = { direction: 'upgrade', manifest: '/w/upgrade.yaml', target: 'local' } as const;

describe('statusText', () => {
  it('names target, release and what is pending', () => {
    expect(statusText('mem8', 'local', { status, reading: false }, undefined)).toBe('$(database) mem8 local: 2.0.0 (1 pending)');
  });

  it('names no number when nothing is pending', () => {
    expect(statusText('mem8', 'local', { status: { ...status, migrations: [] }, reading: false }, undefined)).toBe(
      '$(database) mem8 local: 2.0.0',
    );
  });

  it('names only the target before its state was read', () => {
    expect(statusText('mem8', 'local', undefined, undefined)).toBe('$(database) mem8 local');
  });

  it('warns of an interrupted run', () => {
    expect(statusText('mem8', 'local', { status: { ...status, interrupted: interruptedRun }, reading: false }, undefined)).toBe(
      '$(warning) mem8 local: interrupted',
    );
  });

  it('shows that another process runs an upgrade', () => {
    expect(statusText('mem8', 'local', { status: { ...status, running: liveRun }, reading: false }, undefined)).toBe(
      '$(sync~spin) mem8 local: running',
    );
  });

  it('shows the step of a run that is under way', () => {
    expect(statusText('mem8', 'local', { status, reading: false }, { goal, step: { step: 2, steps: 5, title: '' } })).toBe(
      '$(sync~spin) mem8 local: step 2/5',
    );
  });
});
