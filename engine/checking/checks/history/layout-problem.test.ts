import { expect, it } from 'vitest';
import { check } from './layout-problem';
import { directoryWith } from '../testing/directory-fixture';

it.each([
  ['unreadable-script', 'error'],
  ['bad-directive', 'error'],
  ['orphan-down', 'warning'],
  ['opaque-script', 'info'],
  ['unknown-file', 'info'],
] as const)('passes on %s as %s', (kind, severity) => {
  const problem = { kind, file: '/project/migrations/x.sql', range: { start: 2, end: 5 }, message: 'a.sql never runs. Rename it.' };
  const [finding] = [...check.project!(directoryWith(problem))];
  expect(finding).toEqual({
    file: problem.file,
    range: problem.range,
    message: 'a.sql never runs',
    details: 'Rename it.',
    severity,
    related: [],
  });
});

it('leaves duplicates and order to their own checks', () => {
  const range = { start: 0, end: 1 };
  const problems = (['duplicate-version', 'order'] as const).map((kind) => ({ kind, file: '/x', range, message: 'm' }));
  expect([...check.project!(directoryWith(...problems))]).toEqual([]);
});
