import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './budget-exceeded';
import { manifestText } from './testing/manifest-fixture';
import { findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

/** Rows of 100 bytes each: 10 GB. */
const sizes = { 'public.memories': 100_000_000 };

async function messages(budget: string, change: string, known: Record<string, number> | undefined = sizes): Promise<string[]> {
  const fixture = {
    'upgrade.yaml': manifestText(`budget: ${budget}
releases:
  - { version: 1.0.0, migrations: [0001_base] }
  - { version: 1.1.0, migrations: [0002_change] }
`),
    '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);\nCREATE TABLE small (id bigint);',
    '0002_change.up.sql': change,
  };
  const findings = await findingsIn(fixture, [check], { shadow, ...(known && { sizes: known }) });
  return findings.map(({ message, range }) => `${change.slice(range.start, range.end)}: ${message}`);
}

const notNull = 'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;';

it('estimates for how long a statement keeps others waiting', async () => {
  expect(await messages('{ lock: 5 }', notNull)).toEqual([
    'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL: Reads and writes of memories wait for about 100 seconds, and `budget.lock` allows 5 seconds. This is an estimate from memories with 10 GB at 100 MB a second read. Up to 500 MB would be within it.',
  ]);
  const [index] = await messages('{ lock: 5 }', 'CREATE INDEX memories_kind ON memories (kind);');
  expect(index).toContain('Writes of memories wait for about 5.6 minutes');
  expect(index).toContain('30 MB a second written. Up to 150 MB');
  const [rewrite] = await messages('{ lock: 5 }', 'ALTER TABLE memories ALTER COLUMN id TYPE numeric;');
  expect(rewrite).toContain('about 5.6 minutes');
});

it('is silent within the budget, without sizes, and where nobody waits', async () => {
  expect(await messages('{ lock: 500 }', notNull)).toEqual([]);
  expect(await messages('{ lock: 0 }', notNull, { 'public.small': 1 })).toEqual([]);
  expect(await messages('{ lock: 0 }', 'ALTER TABLE memories ADD COLUMN note text;')).toEqual([]);
  expect(await messages('{ lock: 0 }', '-- no-transaction\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);')).toEqual([]);
});

it('adds up what a migration takes, with and without locks', async () => {
  const [finding, ...more] = await messages('{ migration: 60 }', `${notNull}\nUPDATE memories SET kind = 'x';`);
  expect(more).toEqual([]);
  expect(finding).toMatch(
    /^UPDATE memories.*: 0002_change takes about 7\.2 minutes, and `budget\.migration` allows 60 seconds\. This statement/,
  );
  const [concurrent] = await messages(
    '{ migration: 60 }',
    '-- no-transaction\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);',
  );
  expect(concurrent).toContain('takes about 5.6 minutes');
  expect(await messages('{ migration: 600 }', notNull)).toEqual([]);
});
