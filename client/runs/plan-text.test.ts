import { describe, expect, it, vi } from 'vitest';
import type { Plan, PlanStep } from '#engine/running/plan';
import { isDestructive, planMarkdown, planQuestion, planSummary, reportMarkdown } from './plan-text';
import { needsConfirmation } from './confirm';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

function step(title: string, more: Partial<PlanStep> = {}): PlanStep {
  return { id: title, kind: 'migration', direction: 'up', title, release: '2.0.0', transactional: true, ...more };
}

function plan(more: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    id: 'sha256:abc',
    direction: 'upgrade',
    system: 'mem8',
    target: 'local',
    targetDescription: 'PGlite .mem8/local',
    protected: false,
    from: null,
    to: '2.0.0',
    releases: ['2.0.0'],
    steps: [step('Apply 0001')],
    losses: [],
    warnings: [],
    basis: { manifest: '', migrations: '', journal: '' },
    ...more,
  };
}

const lossy = step('Apply 0002_drop', { irreversible: 'drops the column old' });

describe('planQuestion', () => {
  it('names system, target and both releases', () => {
    expect(planQuestion(plan())).toBe('Upgrade mem8 on local from empty to 2.0.0?');
    expect(planQuestion(plan({ direction: 'rollback', from: '2.0.0', to: '1.0.0' }))).toBe('Roll mem8 on local back from 2.0.0 to 1.0.0?');
  });
});

describe('planQuestion of a plan within one release', () => {
  const undone = { direction: 'rollback', from: '1.0.0', to: '1.0.0' } as const;
  const down = (id: string) => step(`Undo ${id}`, { direction: 'down', migration: id, release: '1.1.0' });

  it('counts the migrations', () => {
    expect(planQuestion(plan({ ...undone, steps: [down('0002'), down('0003')] }))).toBe('Undo 2 applied migrations of 1.1.0 on local?');
    expect(planQuestion(plan({ from: '1.0.0', to: '1.0.0', steps: [step('Apply 0002', { migration: '0002' })] }))).toBe(
      'Apply 1 migration of 2.0.0 on local?',
    );
  });
});

describe('planSummary', () => {
  it('puts what is lost before everything else', () => {
    const text = planSummary(plan({ losses: ['column orders.note (0002_note)'], steps: [lossy] }));
    expect(text).toMatch(/^Target: .*\n\nLost:\n- column orders\.note \(0002_note\)\n\nCannot be undone:/);
    expect(isDestructive(plan({ losses: ['table t (0002)'] }))).toBe(true);
  });

  it('puts what cannot be undone before the steps', () => {
    const text = planSummary(plan({ steps: [step('Apply 0001'), lossy], warnings: ['Slow on big tables.'] }));
    expect(text).toBe(
      [
        'Target: PGlite .mem8/local',
        '',
        'Cannot be undone:',
        '- Apply 0002_drop: drops the column old',
        '',
        'Notes:',
        '- Slow on big tables.',
        '',
        'Steps:',
        '1. Apply 0001',
        '2. Apply 0002_drop',
      ].join('\n'),
    );
  });

  it('keeps the dialog small when there are many steps', () => {
    const text = planSummary(plan({ steps: Array.from({ length: 20 }, (_, index) => step(`Apply ${index}`)) }));
    expect(text).toContain('12. Apply 11');
    expect(text).not.toContain('Apply 12');
    expect(text).toContain('... and 8 more');
  });

  it('lists every step that cannot be undone, also beyond the ones shown', () => {
    const steps = [...Array.from({ length: 20 }, (_, index) => step(`Apply ${index}`)), lossy];
    expect(planSummary(plan({ steps }))).toContain('- Apply 0002_drop: drops the column old');
  });

  it('says that a target is protected', () => {
    expect(planSummary(plan({ protected: true }))).toContain('(protected)');
  });
});

describe('needsConfirmation', () => {
  it('asks before every run by default', () => {
    expect(needsConfirmation(plan(), 'always')).toBe(true);
  });

  it('runs on an unprotected target without a question when set so', () => {
    expect(needsConfirmation(plan(), 'protected')).toBe(false);
  });

  it.each<[string, Partial<Plan>]>([
    ['a protected target', { protected: true }],
    ['a step that cannot be undone', { steps: [lossy] }],
    ['a rollback that restores a backup', { direction: 'rollback', steps: [step('Restore', { kind: 'restore' })] }],
    ['a rollback with a warning', { direction: 'rollback', warnings: ['Rows written since are lost.'] }],
  ])('asks about %s whatever the setting is', (_, more) => {
    expect(needsConfirmation(plan(more), 'protected')).toBe(true);
  });

  it('does not ask about a rollback that loses nothing when set so', () => {
    expect(isDestructive(plan({ direction: 'rollback' }))).toBe(false);
  });
});

describe('planMarkdown', () => {
  it('shows the SQL of a step and what is special about it', () => {
    const text = planMarkdown(
      plan({ steps: [step('Build index', { transactional: false, sql: 'CREATE INDEX CONCURRENTLY i ON t (a);\n' })] }),
    );
    expect(text).toContain('### 1. Build index');
    expect(text).toContain('outside a transaction');
    expect(text).toContain('```sql\nCREATE INDEX CONCURRENTLY i ON t (a);\n```');
  });

  it('keeps SQL that contains a fence inside its own', () => {
    expect(planMarkdown(plan({ steps: [step('Apply', { sql: "SELECT '```';" })] }))).toContain("~~~~sql\nSELECT '```';\n~~~~");
  });

  it('says so when there is nothing to do', () => {
    expect(planMarkdown(plan({ steps: [] }))).toContain('Nothing to do.');
  });
});

describe('reportMarkdown', () => {
  it('tells the state of every step', () => {
    const text = reportMarkdown({
      run: 'r1',
      plan: 'sha256:abc',
      direction: 'upgrade',
      from: null,
      to: '2.0.0',
      release: null,
      steps: [{ id: 'a', title: 'Apply 0001', state: 'failed', ms: 5, message: 'no\nway' }],
      verified: false,
      ms: 5,
    });
    expect(text).toContain('1. Apply 0001: failed, 5 ms\n   no\n   way');
  });
});
