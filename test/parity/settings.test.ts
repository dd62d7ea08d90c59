import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '#cli';
import { systemClock } from '#engine/host/node-host';
import { TestEditor } from '../../server/testing/test-editor';

let editor: TestEditor;
afterEach(() => editor.stop());

const scripts = {
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, note text);\n',
  'migrations/0001_memories.down.sql': 'DROP TABLE memories;\n',
  'migrations/0002_kind.up.sql': `-- 😀 a build that blocks
CREATE INDEX memories_kind ON memories (kind);
-- mem8-upgrade: ignore P1 nobody reads it yet
CREATE INDEX memories_note ON memories (note);
-- mem8-upgrade: ignore P61 nothing is dropped
CREATE INDEX memories_both ON memories (kind, note);
`,
  'migrations/0002_kind.down.sql': 'DROP INDEX memories_kind;\r\nDROP INDEX memories_note;\r\nDROP INDEX memories_both;\r\n',
  'migrations/0003_drop.up.sql': `-- squawk-ignore ban-drop-column
ALTER TABLE memories DROP COLUMN note;
ALTER TABLE memories DROP COLUMN kind;
ALTER TABEL memories;
`,
};

const manifest = (checks: string) => `manifest: 1
system: mem8
checks: ${checks}
releases:
  - version: 1.0.0
    migrations: [0001_memories]
  - version: 1.1.0
    migrations: [0002_kind]
  - version: 1.1.0
    migrations: [0003_drop]
`;

/** One line a finding: file, place (from 1, end exclusive), severity and id. */
type Line = string;

async function linesOfEditor(files: Readonly<Record<string, string>>): Promise<Line[]> {
  editor = await TestEditor.start(files);
  const names = ['error', 'warning', 'info', 'hint'];
  const lines: Line[] = [];
  for (const path of Object.keys(files).filter((name) => !name.startsWith('.'))) {
    await editor.open(path);
    for (const { range, severity, code } of await editor.diagnostics(path)) {
      const place = [range.start.line, range.start.character, range.end.line, range.end.character].map((part) => part + 1);
      lines.push(`${path}:${place.join(':')} ${names[(severity ?? 0) - 1]} ${String(code)}`);
    }
  }
  return lines.sort();
}

interface JsonFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly id: string;
}

async function linesOfCommand(path: string): Promise<Line[]> {
  let output = '';
  await runCommandLine(['check', path, '--format', 'json'], {
    out: (text) => void (output += text),
    err: () => {},
    cwd: '/project',
    environment: {},
    isInteractive: false,
    colors: false,
    columns: 80,
    files: editor.files,
    clock: systemClock,
    distribution: fileURLToPath(new URL('../../dist', import.meta.url)),
    nodeVersion: process.version,
    signal: new AbortController().signal,
    ask: () => Promise.resolve(undefined),
  });
  const { findings } = JSON.parse(output) as { findings: JsonFinding[] };
  return findings
    .map(
      ({ file, line, column, endLine, endColumn, severity, id }) => `${file}:${line}:${column}:${endLine}:${endColumn} ${severity} ${id}`,
    )
    .sort();
}

function severitiesOf(lines: readonly Line[], id: string): string[] {
  return [...new Set(lines.filter((line) => line.endsWith(` ${id}`)).map((line) => line.split(' ').at(-2) ?? ''))];
}

/** A repository, the path to check, and for some checks the severities that their findings must have. */
interface Repository {
  readonly files: Record<string, string>;
  readonly path: string;
  readonly expected: Record<string, string[]>;
}

const repositories: Record<string, Repository> = {
  'a manifest': {
    files: { 'upgrade.yaml': manifest('{}'), ...scripts },
    path: 'upgrade.yaml',
    expected: {
      'missing-down': ['warning'],
      'unused-ignore': ['hint'],
      'foreign-ignore-comment': ['hint'],
      'statement-timeout-missing': [],
    },
  },
  'a manifest with severities by id and by group': {
    files: {
      'upgrade.yaml': manifest(
        '{ locks: info, rollback: error, missing-down: hint, unused-ignore: warning, foreign-ignore-comment: off, advice: info }',
      ),
      ...scripts,
    },
    path: 'upgrade.yaml',
    expected: {
      'missing-down': ['hint'],
      'unused-ignore': ['warning'],
      'foreign-ignore-comment': [],
      'index-not-concurrent': ['info'],
      'statement-timeout-missing': ['info'],
    },
  },
  'a directory with a file of settings': {
    files: { '.mem8-upgrade.yaml': "checks: { locks: error, unused-ignore: off, 'missing-down': info, advice: warning }\n", ...scripts },
    path: 'migrations',
    expected: { 'missing-down': ['info'], 'unused-ignore': [], 'index-not-concurrent': ['error'], 'foreign-ignore-comment': ['warning'] },
  },
  'a manifest over a file of settings': {
    files: {
      '.mem8-upgrade.yaml': 'checks: { locks: error, missing-down: error, syntax: info }\n',
      'upgrade.yaml': manifest('{ missing-down: off }'),
      ...scripts,
    },
    path: 'upgrade.yaml',
    expected: { 'missing-down': [], 'unused-ignore': ['info'], 'syntax-error': ['info'], 'index-not-concurrent': ['error'] },
  },
};

describe('editor and command line agree', { timeout: 180_000 }, () => {
  it.each(Object.entries(repositories))('on %s', async (_, { files, path, expected }) => {
    const inEditor = await linesOfEditor(files);
    expect(Object.fromEntries(Object.keys(expected).map((id) => [id, severitiesOf(inEditor, id)]))).toEqual(expected);
    const blocked = inEditor.filter((line) => line.startsWith('migrations/0002_kind.up.sql') && line.endsWith('index-not-concurrent'));
    expect(blocked.map((line) => Number(line.split(':')[1]))).toEqual([2]);
    expect(await linesOfCommand(path)).toEqual(inEditor);
  });
});
