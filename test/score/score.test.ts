import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Check } from '#engine/checking/checks/check';
import { main } from './main';
import { readCases } from './read-cases';
import { jsonReport, textReport } from './report';
import { isPerfect, score, type Score } from './score';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const built = { worker: here('../../dist/shadow-worker.js'), assets: here('../../dist/pglite') };

async function scored(file: string, checks?: readonly Check[]): Promise<Score> {
  const { cases, problems } = await readCases(here(file));
  expect(problems).toEqual([]);
  return score(cases, { ...built, checks });
}

function named(result: Score, name: string) {
  const found = result.results.find((each) => each.case.name === name);
  if (!found) throw new Error(`There is no case ${name}.`);
  return found;
}

it('finds nothing wrong with cases that the checks keep', async () => {
  const result = await scored('fixture/kept.yaml');
  expect(textReport(result)).toMatch(/^hazard/);
  expect(isPerfect(result)).toBe(true);
  expect(result.recall).toEqual({ part: 2, whole: 2 });
  expect(result.ranges).toEqual({ part: 1, whole: 1 });
  expect(result.hazards.map(({ hazard, positives, found, negatives }) => [hazard, positives, found, negatives])).toEqual([
    ['P1', 2, 2, 1],
    ['P61', 0, 0, 2],
  ]);
  const perCase = JSON.parse(jsonReport(result)) as { cases: { name: string; expected: { found: boolean }[] }[] };
  expect(perCase.cases.map(({ name, expected }) => [name, ...expected.map(({ found }) => found)])).toEqual([
    ['index on a table in use', true],
    ['a folder beside the file', true],
    ['nothing wrong'],
  ]);
});

it('reports each way in which a case can go wrong', async () => {
  const result = await scored('fixture/broken.yaml');
  expect(isPerfect(result)).toBe(false);
  expect(named(result, 'missed').expected[0]?.found).toBe(false);
  expect(named(result, 'false alarm by name').falseAlarms.map(({ hazards }) => hazards)).toEqual([['P61']]);
  expect(named(result, 'false alarm by star').falseAlarms).toHaveLength(1);
  expect(named(result, 'range').expected[0]).toMatchObject({ found: true, exact: false, marked: 'note' });
  expect(named(result, 'fails').broken).toContain('line 1 of 0001_case.sql fails');
  expect(named(result, 'before fails').broken).toContain('`before` fails');
  const report = textReport(result);
  for (const word of ['missed       P1 on line 2', 'false alarm', 'range        P61', 'broken']) expect(report).toContain(word);
});

it('finds out fixes that do not mend', async () => {
  const fixes = (newText: string) => [
    { title: newText, edits: [{ file: '/case/scripts/0001_case.sql', range: { start: 0, end: 6 }, newText }] },
  ];
  const wrong: Check = {
    id: 'starts-with-create',
    hazards: ['P1'],
    group: 'locks',
    severity: 'warning',
    summary: 'A script starts with CREATE.',
    *script({ script }) {
      const range = { start: 0, end: 6 };
      const all = ['CREATE  ', 'CRATE', 'SELECT 1; CREATE', 'SELECT 2; CREATE'].flatMap(fixes);
      if (script.file.endsWith('case.sql') && script.text.startsWith('CREATE')) yield { range, message: 'It does.', fixes: all };
      if (script.text.startsWith('SELECT 2')) yield { range, message: 'It is new.', hazards: ['P9'] };
    },
  };
  const { cases } = await readCases(here('fixture/broken.yaml'));
  const result = await score(
    cases.filter(({ name }) => name === 'missed'),
    { ...built, checks: [wrong] },
  );
  expect(result.fixes).toEqual({ part: 1, whole: 4 });
  expect(result.results[0]?.fixes.map(({ problem }) => problem)).toEqual([
    'the finding is still there',
    expect.stringContaining('does not parse'),
    undefined,
    'it brings new findings: starts-with-create P9',
  ]);
});

it('says with file and line what is wrong with a case file, and runs nothing', async () => {
  let errors = '';
  const path = here('fixture/unreadable.yaml');
  const code = await main({ arguments: [path], defaultCases: '', ...built, write: () => {}, writeError: (text) => (errors += text) });
  expect(code).toBe(2);
  const lines = errors.trim().split('\n');
  expect(lines.map((line) => /unreadable\.yaml:\d+ /.exec(line)?.[0].trim())).toEqual(
    [1, 7, 13, 16, 17, 21, 22].map((line) => `unreadable.yaml:${line}`),
  );
  expect(lines[0]).toContain('exactly one of');
  expect(lines[1]).toContain('such as P1');
  expect(lines[2]).toContain('Line 7 is expected');
  expect(lines[5]).toContain('forbit');
});

it('refuses arguments that it does not know, and folders without cases', async () => {
  let errors = '';
  const settings = { defaultCases: here('fixture/orders'), ...built, write: () => {}, writeError: (text: string) => (errors += text) };
  expect(await main({ ...settings, arguments: ['--fast'] })).toBe(2);
  expect(errors).toContain('Usage: npm run score');
  expect(await main({ ...settings, arguments: [] })).toBe(2);
  expect(errors).toContain('A case file (.yaml or .json) is expected');
});

it('chooses cases by hazard', async () => {
  let output = '';
  const settings = { defaultCases: here('fixture/kept.yaml'), ...built, writeError: () => {}, write: (text: string) => (output += text) };
  expect(await main({ ...settings, arguments: ['--only', 'p61', '--json'] })).toBe(0);
  expect((JSON.parse(output) as { cases: unknown[] }).cases).toHaveLength(1);
});

it(
  'misses nothing in the cases of the project, raises no false alarm and offers no fix that does not mend',
  { timeout: 900_000 },
  async () => {
    const result = await scored('cases');
    const wrong = textReport({ ...result, hazards: [] });
    expect(isPerfect(result), wrong).toBe(true);
  },
);
