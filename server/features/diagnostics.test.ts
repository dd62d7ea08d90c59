import { expect, it } from 'vitest';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { TestProject } from '../testing/test-project';
import { diagnosticsOf, problemDiagnostic } from './diagnostics';

const settled = '/project/migrations/0001_a.up.sql';
const recent = '/project/migrations/0002_b.up.sql';
const test = await TestProject.open({
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - { version: 1.0.0, published: true, migrations: [0001_a] }
  - { version: 1.1.0, migrations: [0002_b] }
`,
  'migrations/0001_a.up.sql': '-- 😀\nCREATE TABEL a (id bigint PRIMARY KEY);\n',
  'migrations/0001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/0002_b.up.sql':
    '-- mem8-upgrade: ignore drop-column nothing is dropped\nCREATE TABLE a (id bigint PRIMARY KEY);\nALTER TABEL a;\n',
  'migrations/0002_b.down.sql': 'SELECT 1;\n',
});
const { findings } = await test.analysis();
const options = { documentation: '/docs', showsSettled: false };
const convert = (more: Partial<Parameters<typeof diagnosticsOf>[3]> = {}) =>
  diagnosticsOf(test.project, findings, test.files, { ...options, ...more });

it('has an entry for every file of a project', async () => {
  expect(new Set((await convert()).keys())).toEqual(test.project.ownedFiles);
  expect([...(await convert({ only: recent })).keys()]).toEqual([recent]);
});

it('marks the text of a finding, with its documentation', async () => {
  const found = (await convert()).get(recent)?.find(({ code }) => code === 'syntax-error');
  expect(found).toMatchObject({
    severity: DiagnosticSeverity.Error,
    source: 'mem8-upgrade',
    codeDescription: { href: 'file:///docs/syntax-error.md' },
  });
  expect(found && test.textAt({ uri: `file://${recent}`, range: found.range })).toBe('TABEL');
  const [without] = (await convert({ documentation: undefined })).get(recent) ?? [];
  expect(without).toMatchObject({ codeDescription: undefined });
});

it('greys out what has no effect', async () => {
  const found = (await convert()).get(recent)?.find(({ code }) => code === 'unused-ignore');
  expect(found?.tags).toEqual([DiagnosticTag.Unnecessary]);
});

it('leaves out findings in settled migrations, unless they are shown or their file is looked at', async () => {
  expect((await convert()).get(settled)).toEqual([]);
  const shown = (await convert({ showsSettled: true })).get(settled) ?? [];
  expect(shown.map(({ code, severity }) => [code, severity])).toEqual([['syntax-error', DiagnosticSeverity.Error]]);
  const hints = (await convert({ only: settled })).get(settled) ?? [];
  expect(hints.map(({ code, severity }) => [code, severity])).toEqual([['syntax-error', DiagnosticSeverity.Hint]]);
});

it('names the places that a finding is related to', async () => {
  const finding = findings.find(({ file }) => file === recent);
  if (!finding) throw new Error('there is no finding');
  const related = [{ file: settled, range: { start: 6, end: 12 }, message: 'It was made here.' }];
  const [found] = (await diagnosticsOf(test.project, [{ ...finding, related }], test.files, options)).get(recent) ?? [];
  expect(found?.relatedInformation).toEqual([
    {
      location: { uri: `file://${settled}`, range: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } } },
      message: 'It was made here.',
    },
  ]);
});

it('says at the top of a file why its project cannot be read', () => {
  const problem = { code: 'file-not-text', message: 'It is no text.', remedy: 'Save it as UTF-8.' } as const;
  expect(problemDiagnostic(problem)).toMatchObject({
    range: { start: { line: 0, character: 0 } },
    severity: DiagnosticSeverity.Error,
    code: 'file-not-text',
    message: 'It is no text. Save it as UTF-8.',
  });
});
