import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { main } from './main';
import { afterRun, formatMarks, parseMarks, summary, withMark } from './marks';
import { fingerprints, type Reported } from './reported';
import { sample } from './sample';
import { excerptOf } from './show';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

const drawn = (check: string, number: number, severity = 'warning') => Array.from({ length: number }, (_, n) => ({ check, severity, n }));
const countsOf = (some: readonly { check: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { check } of some) counts[check] = (counts[check] ?? 0) + 1;
  return counts;
};

it('draws the same sample for the same seed, and another one for another', () => {
  const all = drawn('a', 200);
  expect(sample(all, 10, 7)).toEqual(sample(all, 10, 7));
  expect(sample(all, 10, 8)).not.toEqual(sample(all, 10, 7));
});

it('draws one of each check and shares the rest in proportion', () => {
  const all = [...drawn('chatty', 300), ...drawn('middle', 100), ...drawn('rare', 1), ...drawn('seldom', 1, 'error')];
  expect(countsOf(sample(all, 44, 1))).toEqual({ chatty: 31, middle: 11, rare: 1, seldom: 1 });
  expect(sample(all, 3, 1)).toHaveLength(3);
  expect(sample(all, 1000, 1)).toEqual(all);
});

it('knows a finding again by check, path and statement', () => {
  const one = { check: 'a', file: 'x.sql', statement: 'DROP TABLE item' };
  const [first, again, spaced, other] = fingerprints([one, one, { ...one, file: 'y.sql' }, { ...one, statement: 'DROP  TABLE\n item ' }]);
  expect(first).toMatch(/^[0-9a-f]{12}$/);
  expect(again).toBe(`${first ?? ''}-2`);
  expect(spaced).not.toBe(first);
  expect(other).toBe(`${first ?? ''}-3`);
});

const reported: Reported = {
  ...{ fingerprint: 'f1', check: 'drop-table', severity: 'warning', migration: '0001', file: '1.sql', line: 1, message: 'It goes.' },
  ...{ verified: true, excerpt: 'DROP TABLE item;', related: [], fixes: [] },
};

it('keeps marks without the text of scripts, one for each finding, and tells which are gone', () => {
  const marks = withMark(withMark([], 'o/n', reported, 'wrong', 'empty'), 'o/n', reported, 'right', undefined);
  expect(parseMarks(formatMarks(marks))).toEqual([
    { project: 'o/n', check: 'drop-table', severity: 'warning', migration: '0001', fingerprint: 'f1', verdict: 'right' },
  ]);
  const rerun = (findings: Reported[], project = 'o/n') => afterRun(marks, { project, migrations: 1, findings })[0]?.gone;
  expect(rerun([reported])).toBeUndefined();
  expect(rerun([])).toBe(true);
  expect(rerun([{ ...reported, severity: 'hint' }])).toBe(true);
  expect(rerun([], 'other/project')).toBeUndefined();
});

it('sums up shares per severity and check, with and without what is gone', () => {
  const mark = { project: 'o/n', check: 'a', severity: 'warning', migration: 'm', verdict: 'right' } as const;
  const text = summary([
    { ...mark, fingerprint: '1' },
    { ...mark, fingerprint: '2', verdict: 'wrong', gone: true },
    { ...mark, fingerprint: '3', verdict: 'unsure' },
  ]);
  expect(text).toMatch(/^warning +1 +1 +1 +50% +100%$/m);
  expect(text).toMatch(/^ {2}a +1 +1 +1 +50% +100%$/m);
});

it('shows the lines around a finding with carets under its first', () => {
  const text = 'SELECT 1;\n\tDROP TABLE item;\nSELECT 2;\n';
  expect(excerptOf(text, { start: 11, end: 26 }).split('\n')).toEqual([
    '    1 | SELECT 1;',
    '    2 |  DROP TABLE item;',
    '      |  ^^^^^^^^^^^^^^^',
    '    3 | SELECT 2;',
    '    4 | ',
  ]);
});

it('shows, marks and counts the findings of a checkout', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'judge-'));
  folders.push(folder);
  const checkout = join(folder, 'owner+shop');
  await mkdir(join(checkout, 'migrations'), { recursive: true });
  const write = (name: string, text: string) => writeFile(join(checkout, 'migrations', name), text);
  await write('0001_item.up.sql', 'CREATE TABLE item (id bigint PRIMARY KEY, note text);\n');
  await write('0001_item.down.sql', 'DROP TABLE item;\n');
  await write('0002_note.up.sql', 'ALTER TABLE item DROP COLUMN nothing;\n');
  await write('0002_note.down.sql', 'SELECT 1;\n');
  const marks = join(folder, 'marks.json');
  const call = async (...words: string[]) => {
    let output = '';
    const write = (text: string) => (output += text);
    const code = await main({
      ...{ arguments: words, cwd: folder, marks, kept: join(folder, 'kept'), write, writeError: write },
      ...{ worker: here('../../dist/shadow-worker.js'), assets: here('../../dist/pglite'), ask: () => Promise.resolve(undefined) },
    });
    return { code, output };
  };
  const { output } = await call('owner+shop', '--severity', 'error');
  const fingerprint = /── (\S+) error unknown-object/.exec(output)?.[1] ?? '';
  expect(output).toContain('0002_note.up.sql:1');
  expect((await call('owner+shop', '--mark', `${fingerprint}=right`, '--why', 'It is not there.')).code).toBe(0);
  expect(await readFile(marks, 'utf8')).toContain('"project": "owner/shop"');
  expect((await call('owner+shop', '--mark', 'nothing=right')).code).toBe(2);
  expect((await call('owner+shop', '--severity', 'error')).output).toContain('unknown-object (marked right)');
  expect((await call('owner+shop', '--count', '--severity', 'error')).output).toMatch(/^ +50\.0 +1 {2}error unknown-object$/m);
  await write('0002_note.up.sql', 'ALTER TABLE item DROP COLUMN note;\n');
  expect((await call('owner+shop')).output).toContain('gone  was error, marked right: unknown-object in 0002_note');
  expect((await call('--summary')).output).toMatch(/^error +1 +0 +0 +100% +-$/m);
});
