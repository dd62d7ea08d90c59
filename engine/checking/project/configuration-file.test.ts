import { expect, test } from 'vitest';
import { ProblemError, type Problem } from '../../core/problem';
import { memoryFiles } from '../../host/memory-files';
import { type ConfigurationFile, configurationSchema, readConfiguration } from './configuration-file';
import { openProject } from './open-project';

function read(text: string): Promise<ConfigurationFile> {
  return readConfiguration(memoryFiles({ '/w/.mem8-upgrade.yaml': text }), '/w');
}

async function problemOf(text: string): Promise<Problem | undefined> {
  try {
    await read(text);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

test('takes numbers where they have a meaning, and keys without value for none', async () => {
  expect(await read('minimum: 15\nsince: 5\nchecks:\n')).toMatchObject({ minimum: 15, since: '5', checks: {} });
  expect(await read('searchPath: [app, 5]\n')).toMatchObject({ runner: { searchPath: ['app', '5'] } });
  expect(await read('')).toMatchObject({ layout: 'auto', runner: {} });
});

test.each([
  ['layout: auto\nminimum: 99', 2, '`minimum` must be a major version of PostgreSQL such as "15", but is `99`.'],
  [
    'checks:\n  locks: error\n  missing-dwn: off',
    3,
    '`missing-dwn` is neither a check nor a group of checks. Did you mean `missing-down`?',
  ],
  ['checks: { P1: off }', 1, '`P1` is neither a check nor a group of checks.'],
  ['checks: { locks: eror }', 1, '`locks` must be `error`, `warning`, `info`, `hint` or `off`, not `eror`. Did you mean `error`?'],
  ['serchPath: app', 1, '`serchPath` is not a key of the file. Did you mean `searchPath`?'],
  ['- layout', 1, 'The file must be a mapping, not a list.'],
  ['searchPath: {}', 1, '`searchPath` must be text or a list, not an empty mapping.'],
])('%j is refused in words', async (text, line, message) => {
  expect(await problemOf(text)).toMatchObject({ code: 'configuration-invalid', file: '/w/.mem8-upgrade.yaml', line, message });
});

const wrong = [
  '99',
  '9.6',
  'true',
  '""',
  'null',
  '[]',
  '[a, 1]',
  '{}',
  '{ a: b }',
  '!!binary aGk=',
  '2024-01-01',
  '*a',
  '"',
  '[',
  'nonsense',
];

test('whatever stands under a key, it is taken or refused in the words of the project', async () => {
  for (const key of [...Object.keys(configurationSchema.shape), 'Layout', 'checks.locks']) {
    for (const value of wrong) {
      const problem = await problemOf(key === 'checks.locks' ? `checks: { locks: ${value} }` : `${key}: ${value}`);
      if (!problem) continue;
      expect(problem, `${key}: ${value}`).toMatchObject({ code: 'configuration-invalid', line: expect.any(Number) as number });
      expect(problem.message, `${key}: ${value}`).not.toMatch(/Invalid|Unrecognized|received|Too (?:small|big)|expected \w+,/);
      expect(problem.remedy.length).toBeGreaterThan(20);
    }
  }
});

test('a manifest says of a check that there is none of that name', async () => {
  const manifest = 'manifest: 1\nsystem: shop\nchecks: { missing-dwn: off, locks: error }\nreleases: [{ version: 1.0.0 }]\n';
  const opened = await openProject({ files: memoryFiles({ '/w/upgrade.yaml': manifest }), paths: ['/w/upgrade.yaml'] });
  expect(opened.ok && opened.value.manifest?.problems).toMatchObject([
    { code: 'manifest-invalid', line: 3, path: ['checks', 'missing-dwn'], replacement: 'missing-down' },
  ]);
});
