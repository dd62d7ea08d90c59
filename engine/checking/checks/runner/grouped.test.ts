import { expect, it } from 'vitest';
import type { Finding, Severity } from '../../../core/finding';
import { ungrouped } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { analyse } from '../../analysis/analysis';
import { openProject } from '../../project/open-project';
import { type Found, grouped } from './run-checks';
import { check as indexNotConcurrent } from '../postgresql/locks/index-not-concurrent';
import { check as setNotNullScans } from '../postgresql/locks/set-not-null-scans';

function found(start: number, more: Partial<Finding> & Pick<Found, 'cause' | 'unsized'> = {}): Found {
  const { cause, unsized, ...finding } = more;
  const whole: Finding = {
    ...{ id: 'a', hazards: ['P1'], group: 'locks', severity: 'warning', file: '/1.sql', range: { start, end: start + 1 } },
    ...{ message: `Number ${start} waits`, verified: true, related: [], fixes: [], ...finding },
  };
  return { finding: whole, cause, unsized };
}

const severities = (findings: readonly Finding[]): Severity[] => findings.map(({ severity }) => severity);

it('reports a cause once per file, with the other places', () => {
  const [first, ...others] = grouped([found(1, { cause: 'x' }), found(2, { cause: 'x' }), found(3, { cause: 'x' })]);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ message: 'Number 1 waits', details: 'Also at 2 more places in this file.' });
  expect(first?.related).toEqual([
    { file: '/1.sql', range: { start: 2, end: 3 }, message: 'Number 2 waits' },
    { file: '/1.sql', range: { start: 3, end: 4 }, message: 'Number 3 waits' },
  ]);
  expect(ungrouped(first ? [first] : []).map(({ message }) => message)).toEqual([1, 2, 3].map((n) => `Number ${n} waits`));
});

it('folds the hints of one check in a file, whatever their causes', () => {
  const hints = [found(1, { severity: 'hint' }), found(2, { severity: 'hint', cause: 'x' }), found(3, { severity: 'hint', id: 'b' })];
  expect(grouped(hints).map(({ id, parts }) => `${id} ${parts?.length ?? 1}`)).toEqual(['a 2', 'b 1']);
});

it('keeps apart other causes, checks, severities and files, and what has no cause', () => {
  const all = [
    found(1, { cause: 'x' }),
    found(2, { cause: 'y' }),
    found(3, { cause: 'x', id: 'b' }),
    found(4, { cause: 'x', severity: 'error' }),
    found(5, { cause: 'x', file: '/2.sql' }),
    found(6),
    found(7),
  ];
  expect(grouped(all)).toEqual(all.map(({ finding }) => finding));
});

it('leaves the gravest warning on each table of unknown size, and makes infos of the others', () => {
  const on = (weight: number, ...tables: string[]) => ({ unsized: { tables, weight } });
  expect(severities(grouped([found(1, on(2, 't')), found(2, on(4, 't')), found(3, on(2, 'u'))]))).toEqual(['info', 'warning', 'warning']);
  expect(severities(grouped([found(1, on(4, 't')), found(2, on(2, 't', 'u'))]))).toEqual(['warning', 'warning']);
  expect(severities(grouped([found(1, on(4, 't')), found(2, { ...on(2, 't'), file: '/2.sql' })]))).toEqual(['warning', 'warning']);
  expect(severities(grouped([found(1, on(4, 't')), found(2)]))).toEqual(['warning', 'warning']);
  expect(severities(grouped([found(1, on(4, 't')), found(2, { ...on(2, 't'), severity: 'error' })]))).toEqual(['warning', 'error']);
});

const create = 'CREATE TABLE item (id int PRIMARY KEY, a int, b int);\n';
const script = (...lines: string[]) => `${lines.join('\n')}\n`;
const index = (column: string) => `CREATE INDEX item_${column} ON item (${column});`;

async function findingsOf(text: string, settings = '') {
  const files = memoryFiles({
    '/project/migrations/0001_item.up.sql': create,
    '/project/migrations/0002_more.up.sql': text,
    '/project/migrations/.mem8-upgrade.yaml': settings,
  });
  const opened = await openProject({ files, paths: ['/project/migrations'] });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { findings } = await analyse(opened.value, { checks: [indexNotConcurrent, setNotNullScans] });
  return findings.map(
    ({ id, severity, range, parts }) => `${severity} ${id} ${text.slice(0, range.start).split('\n').length} ${parts?.length ?? 1}`,
  );
}

it('honours ignore comments at each place', async () => {
  const ignore = '-- mem8-upgrade: ignore index-not-concurrent small';
  expect(await findingsOf(script(index('a'), index('b'), index('id')))).toEqual(['warning index-not-concurrent 1 3']);
  expect(await findingsOf(script(ignore, index('a'), index('b'), index('id')))).toEqual(['warning index-not-concurrent 3 2']);
  expect(await findingsOf(script(index('a'), ignore, index('b'), ignore, index('id')))).toEqual(['warning index-not-concurrent 1 1']);
});

it('warns once about a table of unknown size, and leaves configured severities alone', async () => {
  const text = script(index('a'), 'ALTER TABLE item ALTER COLUMN b SET NOT NULL;');
  expect(await findingsOf(text)).toEqual(['info index-not-concurrent 1 1', 'warning set-not-null-scans 2 1']);
  expect(await findingsOf(text, 'checks:\n  index-not-concurrent: warning\n')).toEqual([
    'warning index-not-concurrent 1 1',
    'warning set-not-null-scans 2 1',
  ]);
});
