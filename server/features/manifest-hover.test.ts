import { expect, it } from 'vitest';
import { TestProject } from '../testing/test-project';
import { manifestHoverAt } from './manifest-hover';

const test = await TestProject.open({
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    features: { search: preview }
    migrations: [0001_memories]
  - version: 1.1.0
    from: "^1.0.0"
    features: { search: stable }
    migrations: [0002_kind]
  - version: 2.0.0
    from: ">=1.0.0 <2.0.0"
    features: { wave: preview }
stops: [1.1.0]
risks:
  - { name: Slow, from: 1.1.0, to: 2.0.0, message: It takes an hour. }
`,
  'migrations/0001_memories.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
  'migrations/0002_kind.sql': 'ALTER TABLE memories DROP kind;\n',
});
const analysis = await test.analysis();

const cases: [what: string, needle: string, told: string[]][] = [
  [
    'which releases run beside it',
    '1.1.0',
    ['1.0.0 may still run at the same time', 'From 1.0.0: 1.0.0 → 1.1.0', 'It cannot be rolled back'],
  ],
  ['why a way is blocked', '2.0.0\n    from', ['The upgrade path from 1.1.0 to 2.0.0 is blocked', 'need a major version bump']],
  ['what a stop means', '1.1.0]', ['a required stop', 'Every upgrade path from 1.0.0 to 2.0.0 stops here']],
  ['what a range covers', '^1.0.0"', ['Covers 1.0.0 and 1.1.0']],
  ['what of a range a stop cuts off', '>=1.0', ['Covers 1.0.0 and 1.1.0', 'There is no upgrade path from 1.0.0']],
  ['the row of a feature', 'search: stable', ['| release | 1.0.0 | 1.1.0 | 2.0.0 |', '| search | preview | stable | – |']],
  ['the phase of a migration', '0002_kind', ['Phase: contract, inferred from its script', 'Has no down script']],
  ['which ways a risk blocks', 'Slow', ['**Slow** blocks these upgrade paths', '1.1.0 → 2.0.0']],
];

it.each(cases)('tells %s', async (_, needle, told) => {
  const hover = await manifestHoverAt(test.project, analysis, test.offset('upgrade.yaml', needle, 1));
  for (const each of told) expect(hover?.markdown).toContain(each);
});

it('tells nothing of what names nothing', async () => {
  expect(await manifestHoverAt(test.project, analysis, test.offset('upgrade.yaml', 'releases'))).toBeUndefined();
});

it('does not judge by an analysis of an earlier text', async () => {
  const earlier = await (await TestProject.open({ 'upgrade.yaml': 'manifest: 1\nsystem: mem8\n' })).analysis();
  const hover = await manifestHoverAt(test.project, earlier, test.offset('upgrade.yaml', '1.1.0', 1));
  expect(hover?.markdown).not.toContain('It cannot be rolled back');
});
