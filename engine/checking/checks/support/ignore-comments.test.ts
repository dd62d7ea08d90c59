import { describe, expect, it } from 'vitest';
import { checkGroups } from '../../../core/finding';
import type { Check } from '../check';
import { headOf } from '../postgresql/support/evidence';
import { fileCheck } from '../testing/sql-check';
import { findingsIn } from '../testing/sql-fixture';

const hazards: readonly (readonly [RegExp, string])[] = [
  [/^CREATE INDEX/, 'P1'],
  [/DROP COLUMN/, 'P61'],
  [/^DROP TABLE/, 'P62'],
];

/** Tells each statement by its hazard, so that what is silenced shows as what is missing. */
const teller: Check = {
  id: 'statement-teller',
  hazards: [],
  group: 'locks',
  severity: 'warning',
  summary: 'Tells statements.',
  *statement({ statement }) {
    const hazard = hazards.find(([pattern]) => pattern.test(statement.text))?.[1];
    if (hazard) yield { range: headOf(statement), message: statement.text, hazards: [hazard] };
  },
};

const index = 'CREATE INDEX a ON t (a);';
const column = 'ALTER TABLE t DROP COLUMN a;';
const table = 'DROP TABLE t;';

/** The hazards that are still told, and the messages of other findings. */
async function told(text: string): Promise<string[]> {
  const findings = await fileCheck(teller).findingsIn({ '0001_a.sql': text });
  return findings.map(({ id, hazards: own, message }) => (id === teller.id ? (own[0] ?? '') : `${id}: ${message}`));
}

describe('comments of our own', () => {
  it('silence by id, by hazard and by group', async () => {
    for (const name of ['statement-teller', 'P1', 'p1', 'locks']) {
      expect(await told(`-- mem8-upgrade: ignore ${name} small table\n${index}\n${table}`), name).toEqual(['P62']);
    }
  });

  it('take several names, separated by commas', async () => {
    expect(await told(`-- mem8-upgrade: ignore P61, P1 small table\n${index}\n${table}`)).toEqual(['P62']);
    expect(await told(`-- mem8-upgrade: ignore-file P61,P1\n${index}\n${table}\n${column}`)).toEqual(['P62']);
  });

  it('need no reason', async () => {
    expect(await told(`-- mem8-upgrade: ignore P1\n${index}`)).toEqual([]);
  });

  it('may stand in a block comment, and inside the statement', async () => {
    expect(await told(`/* mem8-upgrade: ignore P1 small */\n${index}`)).toEqual([]);
    expect(await told('ALTER TABLE t\n  -- mem8-upgrade: ignore P61 gone\n  DROP COLUMN a;')).toEqual([]);
  });

  it('are told where an id silences nothing beside one that does', async () => {
    const [finding] = await told(`-- mem8-upgrade: ignore statement-teller, missing-down\n${index}`);
    expect(finding).toContain('unused-ignore: missing-down reports nothing on the next statement');
    expect(await told(`-- mem8-upgrade: ignore P1, P4\n${index}`)).toEqual([]);
  });

  it('are told where they name nothing at all', async () => {
    expect((await told(`-- mem8-upgrade: ignore\n${table}`))[0]).toContain('it names no check');
  });
});

/** Tells the same of every statement, in each group. */
const tellers = checkGroups.map((group): Check => ({
  ...teller,
  id: group,
  group,
  severity: 'error',
  *statement({ statement }) {
    yield { range: headOf(statement), message: group };
    if (group === 'execution') yield { range: headOf(statement), message: 'execution warning', severity: 'warning' };
  },
}));

describe('comments of other tools', () => {
  it('silence only what linters tell where they name no rule', async () => {
    const left = async (text: string) => (await findingsIn({ '0001_a.sql': text }, tellers)).map(({ message }) => message).sort();
    expect(await left(`-- squawk-ignore\n${index}`)).toEqual(['execution', 'history', 'manifest', 'syntax']);
    expect(await left(`-- mem8-upgrade: ignore ${checkGroups.join(', ')}\n${index}`)).toEqual([]);
  });

  it.each([
    ['squawk', '-- squawk-ignore require-concurrent-index-creation'],
    ['squawk, several rules and a reason', '-- squawk-ignore ban-drop-column, require-concurrent-index-creation -- the table is small'],
    ['squawk with a colon', '-- squawk-ignore: require-concurrent-index-creation'],
    ['squawk, bare', '-- squawk-ignore'],
    ['Atlas, by code', '-- atlas:nolint PG101 DS103'],
    ['Atlas, by analyzer', '--atlas:nolint concurrent_index'],
    ['Atlas, block', '/*atlas:nolint PG101*/'],
    ['eugene', '-- eugene: ignore E9, E6'],
    ['eugene without colon', '-- eugene ignore E6'],
    ['Postgres Language Server', '-- pgt-ignore lint/safety/requireConcurrentIndexCreation: it is small'],
    ['Postgres Language Server, by group', '-- pgls-ignore lint/safety: it is small'],
    ['MigrationPilot', '-- migrationpilot-disable MP001'],
    ['MigrationPilot, next line', '-- migrationpilot-disable-next-line MP001'],
    ['pgfence', '-- pgfence-ignore: create-index-not-concurrent, drop-table'],
    ['pgfence, bare', '-- pgfence-ignore'],
    ['pgfence, old', '-- pgfence: ignore create-index-not-concurrent'],
    ['strong_migrations', '-- strong_migrations:safety_assured'],
    ['safety-assured with a reason', '-- safety-assured: ran at night'],
  ])('silence the next statement, and no other: %s', async (_, comment) => {
    expect(await told(`SELECT 1;\n${comment}\n${index}\n${index}`)).toEqual(['P1']);
  });

  it.each([
    ['another rule', '-- squawk-ignore ban-drop-column'],
    ['an unknown rule', '-- squawk-ignore no-such-rule'],
    ['an unknown category', '-- pgt-ignore nonsense'],
    ['a longer word', '-- squawk-ignored rule'],
    ['a rule of another tool', '-- eugene: ignore W12'],
    ['noqa', '-- noqa'],
  ])('silence nothing else: %s', async (_, comment) => {
    expect(await told(`${comment}\n${index}`)).toEqual(['P1']);
  });

  it.each([
    ['squawk', '-- squawk-ignore-file require-concurrent-index-creation\nSELECT 1;'],
    ['Postgres Language Server', '-- pgls-ignore-all lint/safety/requireConcurrentIndexCreation: new\nSELECT 1;'],
    ['MigrationPilot', '-- migrationpilot-disable-file MP001\nSELECT 1;'],
    ['Atlas, as a header', '-- Tables of the new plan.\n-- atlas:nolint PG101\n\nSELECT 1;'],
  ])('silence a file: %s', async (_, header) => {
    expect(await told(`${header}\n${index}\n${table}\n${index}`)).toEqual(['P62']);
  });

  it('takes an Atlas comment right above the first statement for that one alone', async () => {
    expect(await told(`-- atlas:nolint\n${index}\n${index}`)).toEqual(['P1']);
  });

  it.each([
    ['Postgres Language Server', '-- pgt-ignore-start lint/safety/banDropTable: reset', '-- pgt-ignore-end lint/safety/banDropTable'],
    ['diesel-guard', '-- safety-assured:start', '-- safety-assured:end'],
  ])('silence what they enclose: %s', async (_, start, end) => {
    expect(await told(`${table}\n${start}\n${table}\n${table}\n${end}\n${table}`)).toEqual(['P62', 'P62']);
  });

  it('are not told where they silence nothing', async () => {
    expect(await told('-- squawk-ignore ban-drop-column\nSELECT 1;')).toEqual([]);
  });
});
