import { expect, it } from 'vitest';
import type { LayoutProblem } from '../layouts/migration';
import type { ProjectContext } from './check';
import { check } from './layout-problem';

function contextWith(...problems: LayoutProblem[]): ProjectContext {
  return {
    manifest: undefined,
    directory: {
      path: '/project/migrations',
      layout: 'plain',
      runner: { transaction: 'none', sends: 'whole', hasDowns: true },
      migrations: [],
      problems,
      reason: '',
    },
    chain: [],
    minimum: 15,
    completeHistory: true,
    statistics: undefined,
  };
}

it.each([
  ['unreadable-script', 'error'],
  ['bad-directive', 'error'],
  ['orphan-down', 'warning'],
  ['opaque-script', 'info'],
  ['unknown-file', 'info'],
] as const)('passes on %s as %s', (kind, severity) => {
  const problem = { kind, file: '/project/migrations/x.sql', range: { start: 2, end: 5 }, message: 'It is skipped.' };
  const [finding] = [...check.project!(contextWith(problem))];
  expect(finding).toEqual({ file: problem.file, range: problem.range, message: problem.message, severity, related: [] });
});

it('leaves duplicates and order to their own checks', () => {
  const range = { start: 0, end: 1 };
  const problems = (['duplicate-version', 'order'] as const).map((kind) => ({ kind, file: '/x', range, message: 'm' }));
  expect([...check.project!(contextWith(...problems))]).toEqual([]);
});
