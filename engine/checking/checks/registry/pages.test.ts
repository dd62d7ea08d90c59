import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checks } from './index';

const folder = fileURLToPath(new URL('..', import.meta.url));
const pages = fileURLToPath(new URL('../../../../docs/checks/', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `/${path}`);
const longestSummary = 120;
const headings = ['## Problem', '## Evidence', '## Fix', '## When not to use it'];

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('has a test beside it and a page of its name', () => {
    expect(sources.filter((path) => path.endsWith(`/${id}.test.ts`))).toHaveLength(1);
    expect(existsSync(`${pages}${id}.md`)).toBe(true);
  });

  it('has a page with its summary, the fixed headings and its hazards', () => {
    const page = readFileSync(`${pages}${id}.md`, 'utf8');
    expect(page.startsWith(`# ${id}\n\n${check.summary}\n`)).toBe(true);
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual(headings);
  });
});

it('summarises each check by a verb in the third person, in one line', () => {
  const isVerbFirst = (summary: string) => /^[A-Z][a-z]*s\b.*\.$/.test(summary) && summary.length <= longestSummary;
  expect(checks.filter(({ summary }) => !isVerbFirst(summary)).map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
});

it('knows every page', () => {
  const ids = readdirSync(pages)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -3));
  expect(ids.sort()).toEqual(checks.map(({ id }) => id).sort());
});

it('lists every check on the index page (update it with --update)', async () => {
  const groups = [...new Set(checks.map(({ group }) => group))].sort();
  const sections = groups.map((group) => {
    const rows = checks
      .filter((check) => check.group === group)
      .map(({ id, severity, optIn, summary }) => `| [${id}](${id}.md) | ${optIn ? `off (${severity} when on)` : severity} | ${summary} |`);
    return `## ${group}\n\n| check | severity | reports |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const intro =
    'Severities are defaults; see [configuration](../configuration.md) for changing them by check or by group. A check that is off reports\n' +
    'only where its id or its group is given a severity. Of findings that have one cause in one file, the first names the places of the others;\n' +
    'of several in one script that matter only where a table is large, the gravest on each table is a warning and the others are infos.';
  await expect(`# Checks\n\n${intro}\n\n${sections.join('\n')}`).toMatchFileSnapshot(`${pages}README.md`);
});
