import { describe, expect, it } from 'vitest';
import { planArguments, runArguments, type Goal } from './command-line';

const upgrade: Goal = { direction: 'upgrade', manifest: '/w/upgrade.yaml', target: 'local', release: '2.0.0' };
const back: Goal = { direction: 'rollback', manifest: '/w/upgrade.yaml', target: 'local', migration: '0002_b' };

describe('the arguments of the command line', () => {
  it('plan an upgrade', () => {
    expect(planArguments(upgrade).join(' ')).toBe('plan /w/upgrade.yaml --target local --to 2.0.0 --format json');
  });

  it('plan a rollback without running it', () => {
    expect(planArguments(back).join(' ')).toBe('rollback /w/upgrade.yaml --target local --migration 0002_b --dry-run --format json');
  });

  it('run exactly the plan that was confirmed', () => {
    expect(runArguments(upgrade, 'sha256:1').join(' ')).toBe(
      'apply /w/upgrade.yaml --target local --to 2.0.0 --plan sha256:1 --yes --events --format json',
    );
    expect(runArguments(back, 'sha256:2')).toContain('sha256:2');
    expect(runArguments(back, 'sha256:2')).not.toContain('--dry-run');
  });

  it('pass on the risks that a person accepted, for upgrades', () => {
    expect(planArguments({ ...upgrade, accept: ['SlowIndex'] }).join(' ')).toContain('--accept SlowIndex');
    expect(planArguments({ ...back, accept: ['SlowIndex'] })).not.toContain('--accept');
    expect(planArguments({ ...back, accept: ['drift:column t.a'] }).join(' ')).toContain('--accept drift:column t.a');
  });
});
