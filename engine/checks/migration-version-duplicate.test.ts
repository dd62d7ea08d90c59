import { expect, it } from 'vitest';
import type { LayoutProblem } from '../layouts/migration';
import type { ProjectContext } from './check';
import { check } from './migration-version-duplicate';

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

it('passes on duplicates with the other place, and nothing else', () => {
  const range = { start: 0, end: 1 };
  const related = [{ file: '/project/migrations/0002_a.sql', range, message: 'The other one.' }];
  const duplicate = { kind: 'duplicate-version', file: '/project/migrations/0002_b.sql', range, message: 'Taken.', related } as const;
  const other = { kind: 'orphan-down', file: '/x', range, message: 'm' } as const;
  expect([...check.project!(contextWith(duplicate, other))]).toEqual([{ file: duplicate.file, range, message: 'Taken.', related }]);
});
