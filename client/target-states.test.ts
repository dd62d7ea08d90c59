import { describe, expect, it, vi } from 'vitest';
import { pendingCount, TargetStates } from './target-states';
import { targetStatus } from './testing/target-status';

vi.mock('vscode', async () => (await import('./test-vscode')).vscodeForTests);

const status = targetStatus({
  migrations: [
    { id: '0001', release: '1.0.0', state: 'applied' },
    { id: '0002', release: '2.0.0', state: 'partial' },
    { id: '0003', release: '2.0.0', state: 'pending' },
  ],
});

describe('TargetStates', () => {
  it('reads nothing before it is asked to', () => {
    const read = vi.fn();
    expect(new TargetStates(read).get('/m', 'local')).toBeUndefined();
    expect(read).not.toHaveBeenCalled();
  });

  it('reads once for two calls at the same time', async () => {
    const read = vi.fn(async () => ({ ok: true as const, value: status }));
    const states = new TargetStates(read);
    const [first, second] = await Promise.all([states.refresh('/m', 'local'), states.refresh('/m', 'local')]);
    expect(read).toHaveBeenCalledTimes(1);
    expect(first).toBe(second);
    await states.refresh('/m', 'local');
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('keeps the last state visible while it reads again', async () => {
    let finish: (() => void) | undefined;
    const states = new TargetStates(async () => {
      if (finish) await new Promise<void>((resolve) => (finish = resolve));
      finish = () => undefined;
      return { ok: true, value: status };
    });
    await states.refresh('/m', 'local');
    const again = states.refresh('/m', 'local');
    expect(states.get('/m', 'local')).toEqual({ status, reading: true });
    finish?.();
    await again;
    expect(states.get('/m', 'local')).toEqual({ status, reading: false });
  });

  it('takes what a run has read, and drops what was read meanwhile', async () => {
    let finish = () => undefined as void;
    const states = new TargetStates(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return { ok: true, value: status };
    });
    const reading = states.refresh('/m', 'local');
    const taken = targetStatus({ release: '2.0.0' });
    states.take('/m', 'local', taken);
    finish();
    expect(await reading).toEqual({ status: taken, reading: false });
    expect(states.get('/m', 'local')).toEqual({ status: taken, reading: false });
  });

  it('keeps the problem when a target cannot be read', async () => {
    const problem = { code: 'target-unreachable', message: 'No.', remedy: 'Start it.' } as const;
    const states = new TargetStates(async () => ({ ok: false, problem }));
    expect(await states.refresh('/m', 'local')).toEqual({ problem, reading: false });
  });
});

describe('pendingCount', () => {
  it('counts what is not fully applied', () => {
    expect(pendingCount(status)).toBe(2);
  });
});
