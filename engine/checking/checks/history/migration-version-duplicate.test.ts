import { expect, it } from 'vitest';
import { check } from './migration-version-duplicate';
import { directoryWith } from '../testing/directory-fixture';

it('reports duplicates with the other place, and nothing else', () => {
  const range = { start: 0, end: 1 };
  const related = [{ file: '/project/migrations/0002_a.sql', range, message: 'The other one.' }];
  const duplicate = {
    kind: 'duplicate-version',
    file: '/project/migrations/0002_b.sql',
    range,
    message: 'Two have it. One never runs.',
    related,
  } as const;
  const other = { kind: 'orphan-down', file: '/x', range, message: 'm' } as const;
  expect([...check.project!(directoryWith(duplicate, other))]).toEqual([
    {
      file: duplicate.file,
      range,
      message: 'Two have it',
      details: 'One never runs.',
      advice: 'Give the newer migration another version.',
      related,
    },
  ]);
});
