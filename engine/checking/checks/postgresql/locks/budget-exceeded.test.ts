import { expect, it } from 'vitest';
import { check } from './budget-exceeded';
import { sqlCheck } from '../../testing/sql-check';
import { manifestText } from '../../testing/manifest-check';

const { findingsIn } = sqlCheck(check);

/** Rows of 100 bytes each: 10 GB. */
const sizes = { 'public.memories': 100_000_000 };

async function found(budget: string, change: string, known: Record<string, number> | undefined = sizes) {
  const fixture = {
    'upgrade.yaml': manifestText(`budget: ${budget}
releases:
  - { version: 1.0.0, migrations: [0001_base] }
  - { version: 1.1.0, migrations: [0002_change] }
`),
    '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);\nCREATE TABLE small (id bigint);',
    '0002_change.up.sql': change,
  };
  const findings = await findingsIn(fixture, { sizes: known });
  return findings.map((finding) => ({ ...finding, statement: change.slice(finding.range.start, finding.range.end) }));
}

const notNull = 'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;';

it('estimates for how long a statement blocks a table', async () => {
  expect(await found('{ lock: 5 }', notNull)).toMatchObject([
    {
      statement: 'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL',
      message: 'Blocks memories for about 100 seconds, but budget.lock allows 5 seconds',
      details:
        'Reads and writes wait meanwhile. Estimated from the size of memories (10 GB) at 100 MB read per second. The budget is enough for 500 MB.',
      advice: 'Do the work without the lock, as the other finding at this statement says, or raise `budget.lock`.',
      related: [{ message: 'Sets the budget.' }],
    },
  ]);
  const [index] = await found('{ lock: 5 }', 'CREATE INDEX memories_kind ON memories (kind);');
  expect(index?.message).toBe('Blocks memories for about 5.6 minutes, but budget.lock allows 5 seconds');
  expect(index?.details).toMatch(/^Writes wait meanwhile\. .* at 30 MB written per second\. The budget is enough for 150 MB\.$/);
  const [rewrite] = await found('{ lock: 5 }', 'ALTER TABLE memories ALTER COLUMN id TYPE numeric;');
  expect(rewrite?.message).toContain('about 5.6 minutes');
});

it('is silent within the budget, without sizes, and where nothing is blocked', async () => {
  expect(await found('{ lock: 500 }', notNull)).toEqual([]);
  expect(await found('{ lock: 0 }', notNull, { 'public.small': 1 })).toEqual([]);
  expect(await found('{ lock: 0 }', 'ALTER TABLE memories ADD COLUMN note text;')).toEqual([]);
  expect(await found('{ lock: 0 }', '-- no-transaction\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);')).toEqual([]);
});

it('adds up what a migration takes, with and without locks', async () => {
  const [finding, ...more] = await found('{ migration: 60 }', `${notNull}\nUPDATE memories SET kind = 'x';`);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    statement: "UPDATE memories SET kind = 'x'",
    message: '0002_change takes about 7.2 minutes, but budget.migration allows 60 seconds',
    details:
      'This statement takes most of the time. Estimated from the size of memories (10 GB) at 100 MB read and 30 MB written per second.',
    advice: 'Split the migration, or raise `budget.migration`.',
  });
  const [concurrent] = await found('{ migration: 60 }', '-- no-transaction\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);');
  expect(concurrent?.message).toContain('takes about 5.6 minutes');
  expect(await found('{ migration: 600 }', notNull)).toEqual([]);
});
