import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestDocument } from './document';
import { parseManifest } from './parse';

const head = 'manifest: 1\nsystem: mem8\n';
const one = `${head}releases:\n  - version: 1.0.0\n`;

function parse(text: string): ManifestDocument {
  return parseManifest('/project/upgrade.yaml', text);
}

/** Problems as `code [text at the range] message`. */
function told(document: ManifestDocument): string[] {
  return document.problems.map(({ code, range, message }) => `${code} [${document.text.slice(range.start, range.end)}] ${message}`);
}

describe('parseManifest', () => {
  it('reads a complete manifest without problems and fills in defaults', () => {
    const document = parse(`${head}releases:
  - version: 1.0.0
    migrations: [0001_memories]
  - version: 1.1.0
    from: ">=1.0.0 <1.1.0"
    migrations:
      - 0002_add_arousal
      - { id: 0003_backfill, phase: migrate, transform: { table: memories, key: id, set: { arousal: "arousal_raw / 255.0" } } }
stops: [1.1.0]
`);
    expect(document.problems).toEqual([]);
    expect(document.manifest).toMatchObject({
      system: 'mem8',
      window: 1,
      migrations: { directory: 'migrations', minimum: '15' },
      stops: ['1.1.0'],
    });
    expect(document.manifest?.releases[1]?.migrations[1]).toMatchObject({ transform: { pause: 0 } });
    expect(document.releaseIndexes).toEqual([0, 1]);
  });

  it.each(['', '\n\n', '# only a comment\n', '---\n'])('reports %j as empty', (text) => {
    const document = parse(text);
    expect(document.problems.map((problem) => problem.code)).toEqual(['manifest-empty']);
    expect(document.manifest).toBeUndefined();
    const range = document.rangeOf(['releases', 0]);
    expect(range.end - range.start).toBe(0);
    expect(document.pathAt(0)).toEqual({ path: [], part: 'value' });
  });

  it('keeps the spelling of values that YAML takes for numbers or booleans where the manifest wants text', () => {
    const document = parse(`${head}migrations: { minimum: 15 }
releases:
  - version: 1.10
    from: 1.0
    requires: { node: 20.10 }
    apis: { rest: 1.0 }
    queries: true
    migrations: [0001, { id: 007, transform: { table: t, key: id, set: { a: 0.50, b: null } } }]
    checks: { after: [{ sql: select 1, expect: 1.0 }] }
stops: [2.0]
risks: [{ name: Slow, from: 1, to: 1.10, message: m, fixedIn: 1.20 }]
`);
    expect(told(document)).toEqual([]);
    const release = document.manifest?.releases[0];
    expect(release).toMatchObject({ version: '1.10', from: '1.0', requires: { node: '20.10' }, apis: { rest: '1.0' }, queries: 'true' });
    expect(release?.migrations).toMatchObject(['0001', { id: '007', transform: { set: { a: '0.50', b: 'null' } } }]);
    expect(release?.checks.after).toMatchObject([{ expect: 1 }]);
    expect(document.manifest).toMatchObject({
      migrations: { minimum: '15' },
      stops: ['2.0'],
      risks: [{ from: '1', to: '1.10', fixedIn: '1.20' }],
    });
  });

  it.each([
    ['an unknown key', `${one}    chekcs: {}\n`, ['manifest-invalid [chekcs] `chekcs` is not a key of release 1. Did you mean `checks`?']],
    ['a missing key of the root', head, ['manifest-invalid [manifest] `releases` is missing in the manifest.']],
    ['a missing key of a release', `${head}releases:\n  - notes: hi\n`, ['manifest-invalid [notes] `version` is missing in release 1.']],
    ['a missing key of a target', `targets: { c: { driver: pglite } }\n${one}`, ['manifest-invalid [c] `path` is missing in target `c`.']],
    ['a key without a value', `${head}releases:\n  - version:\n`, ['manifest-invalid [version] `version` has no value.']],
    [
      'a wrong word',
      `${one}    rollback: donw\n`,
      ['manifest-invalid [donw] `rollback` must be `down`, `restore` or a mapping with `none`, not `donw`. Did you mean `down`?'],
    ],
    ['a number out of bounds', `window: -1\n${one}`, ['manifest-invalid [-1] `window` must be at least 0, not `-1`.']],
    ['a value of the wrong kind', `window: many\n${one}`, ['manifest-invalid [many] `window` must be a whole number, not `many`.']],
    [
      'a bad name',
      `targets: { a b: { driver: pglite, path: x } }\n${one}`,
      ['manifest-invalid [a b] The name `a b` must start with a letter or digit and contain only letters, digits, ".", "_" and "-".'],
    ],
    [
      'an unknown driver',
      `targets: { a: { driver: pglte } }\n${one}`,
      ['manifest-invalid [pglte] `driver` must be `pglite` or `postgresql`, not `pglte`. Did you mean `pglite`?'],
    ],
    [
      'a check with a misspelt key',
      `${one}    checks: { after: [{ sql: select 1, expct: 1 }] }\n`,
      [
        'manifest-invalid [sql] `expect` is missing in check 1.',
        'manifest-invalid [expct] `expct` is not a key of check 1. Did you mean `expect`?',
      ],
    ],
    [
      'a check of no kind',
      `${one}    checks: { after: [{ name: y }] }\n`,
      [
        'manifest-invalid [{ name: y }] Check 1 must be a mapping with `sql` and `expect`, a mapping with `http` or a mapping with `command`, not a mapping with `name`.',
      ],
    ],
    [
      'a bad address',
      `${one}    checks: { after: [{ http: foo }] }\n`,
      ['manifest-invalid [foo] `http` must be an address such as https://example.com/page, not `foo`.'],
    ],
    ['an empty list of releases', `${head}releases: []\n`, ['manifest-invalid [releases] `releases` must have at least one entry.']],
    [
      'a list instead of a mapping',
      '- 1\n',
      ['manifest-invalid [- 1] The manifest must be a mapping with `manifest`, `system` and `releases`, not a list.'],
    ],
    [
      'a key given twice',
      `${one}    notes: a\n    notes: b\n`,
      ['manifest-syntax [notes] `notes` is given twice here; the first value is used.'],
    ],
    [
      'two documents',
      `${one}---\nmanifest: 1\n`,
      ['manifest-syntax [---\nmanifest: 1] The file contains more than one YAML document; only the first is read.'],
    ],
    ['an unknown tag', `${one}    notes: !secret x\n`, ['manifest-syntax [!secret] YAML: Unresolved tag: !secret.']],
    [
      'an alias without anchor',
      `${one}    notes: *base\n`,
      ['manifest-syntax [*base] `*base` refers to an anchor that is not defined above it.'],
    ],
    ['an alias of itself', `${head}releases: &a [*a]\n`, ['manifest-syntax [*a] `*a` contains itself.']],
  ])('reports %s at its place', (_, text, expected) => {
    expect(told(parse(text))).toEqual(expected);
  });

  it('gives the line and the file of a problem', () => {
    expect(parse(`${one}    nots: x\n`).problems[0]).toMatchObject({
      file: '/project/upgrade.yaml',
      line: 5,
      path: ['releases', 0, 'nots'],
      remedy: 'Write `notes`.',
    });
  });

  it('refuses a manifest of a later format', () => {
    const document = parse(one.replace('manifest: 1', 'manifest: 2'));
    expect(document.manifest).toBeUndefined();
    expect(told(document)).toEqual(['manifest-invalid [2] The manifest is written in format `2`; this version reads format 1.']);
  });

  it('drops a broken release and maps the others back to their places', () => {
    const document = parse(`${head}releases:
  - version: 1.0.0
  - from: 1.0.0
  - version: 2.0.0
    windw: 3
`);
    expect(document.manifest?.releases.map((release) => release.version)).toEqual(['1.0.0', '2.0.0']);
    expect(document.releaseIndexes).toEqual([0, 2]);
    expect(document.problems).toHaveLength(2);
  });

  it('drops only the broken target, risk, stop, migration, check or optional key', () => {
    const document = parse(`manifest: 1
system: mem8
targets: { good: { driver: pglite, path: x }, bad: { driver: x } }
releases:
  - version: 1.0.0
    rollback: never
    migrations: [a, { id: b, phase: later }, { id: c, transform: { table: t } }, [d]]
    checks: { before: [{ sql: select 1, expect: 1 }, { sql: select 2 }] }
stops: [1.0.0, {}]
risks: [{ name: Good, from: 1.x, to: 2.x, message: m }, { name: bad, from: 1.x, to: 2.x, message: m }]
`);
    const manifest = document.manifest;
    expect(Object.keys(manifest?.targets ?? {})).toEqual(['good']);
    expect(manifest?.releases[0]?.rollback).toBe('down');
    expect(manifest?.releases[0]?.migrations).toEqual(['a', { id: 'b' }]);
    expect(manifest?.releases[0]?.checks.before).toEqual([{ sql: 'select 1', expect: 1 }]);
    expect(manifest?.stops).toEqual(['1.0.0']);
    expect(manifest?.risks.map((risk) => risk.name)).toEqual(['Good']);
  });

  it.each([
    ['a half-typed key', `${one}    migrations: [a]\n    roll`],
    ['an open bracket', `${one}    migrations: [a]\n    features: {`],
    ['an open quote', `${one}    migrations: [a]\n    notes: "abc`],
    ['a half-typed release', `${one}    migrations: [a]\n  - ver`],
    ['a tab', `${one}    migrations: [a]\n\tnotes: x\n`],
    ['a key of the root being typed', `${one}    migrations: [a]\nris`],
  ])('keeps the rest of the manifest around %s', (_, text) => {
    const document = parse(text);
    expect(document.problems.length).toBeGreaterThan(0);
    expect(document.manifest?.releases[0]).toMatchObject({ version: '1.0.0', migrations: ['a'] });
  });

  it('follows aliases and merge keys, the entry itself winning', () => {
    const document = parse(`${head}releases:
  - &base
    version: 1.0.0
    features: &features { waves: stable }
    notes: first
  - <<: *base
    version: 1.1.0
    features: { <<: [*features], search: preview }
`);
    expect(told(document)).toEqual([]);
    expect(document.manifest?.releases[1]).toMatchObject({
      version: '1.1.0',
      notes: 'first',
      features: { waves: 'stable', search: 'preview' },
    });
    expect(document.text.slice(document.rangeOf(['releases', 1, 'notes']).start).startsWith('first')).toBe(true);
  });

  it('stops expanding aliases of aliases', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(10).fill(`*x${i}`).join()}]\n`);
    const started = performance.now();
    const document = parse(`${one}x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n${levels.join('')}`);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(document.problems.some((problem) => problem.message.includes('Aliases expand'))).toBe(true);
    expect(document.manifest?.releases).toHaveLength(1);
  });

  it.each(['[', '{a: ', '- ', '? '])('survives ten thousand times %j', (piece) => {
    expect(parse(piece.repeat(10_000)).problems[0]?.code).toBe('manifest-syntax');
  });

  it('never lets a key reach the prototype', () => {
    const document = parse(`${one}__proto__: { polluted: yes }\n`);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(document.problems).toHaveLength(1);
  });

  it('counts in UTF-16 with emoji, CRLF and a byte-order mark', () => {
    const text = `\ufeff${one}    notes: "🌊🌊"  # 🌊\n    nots: 1\n`.replaceAll('\n', '\r\n');
    const document = parse(text);
    expect(told(document)).toEqual(['manifest-invalid [nots] `nots` is not a key of release 1. Did you mean `notes`?']);
    expect(document.problems[0]?.line).toBe(6);
    const notes = document.rangeOf(['releases', 0, 'notes']);
    expect(text.slice(notes.start, notes.end)).toBe('"🌊🌊"');
  });

  it('survives every prefix of a manifest, and places every problem inside the text', () => {
    const text = `${head}targets: { local: { driver: pglite, path: "x" } }
releases:
  - version: 1.0.0   # first
    checks: { after: [{ sql: select 1, expect: 1 }] }
    migrations: [a, { id: b, phase: expand }]
  - { version: 2.0.0, from: ^1.0.0, rollback: { none: "🌊" } }
`;
    for (let length = 0; length <= text.length; length++) expectSane(parse(text.slice(0, length)));
  });

  it('survives arbitrary changes of a manifest', () => {
    const base = `${one}    migrations: [a, { id: b }]\nstops: [1.0.0]\n`;
    const piece = fc.oneof(
      fc.constantFrom('\t', '  ', '\n', ':', '- ', '[', ']', '{', '}', '"', "'", '&a ', '*a', '<<: ', '#', '!x ', '|', '---\n', '%'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(10), piece, (at, cut, inserted) => {
        expectSane(parse(base.slice(0, at) + inserted + base.slice(at + cut)));
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the number of releases', () => {
    const manifestOf = (count: number): string =>
      head +
      'releases:\n' +
      Array.from(
        { length: count },
        (_, i) => `  - version: 1.${i}.0\n    from: ^1.0.0\n    migrations: [m${i}, { id: n${i}, phase: expand }]\n`,
      ).join('');
    const timed = (count: number): number => {
      const text = manifestOf(count);
      const started = process.cpuUsage();
      expect(parse(text).manifest?.releases).toHaveLength(count);
      return process.cpuUsage(started).user;
    };
    timed(200);
    const small = Math.min(timed(500), timed(500));
    const large = timed(4000);
    expect(large / small).toBeLessThan(8 * 4);
  });
});

function expectSane(document: ManifestDocument): void {
  for (const { range, message, remedy, line } of document.problems) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThanOrEqual(document.text.length);
    expect(message).toMatch(/[.?]$/);
    expect(remedy).not.toBe('');
    expect(line).toBeGreaterThan(0);
  }
  expect(document.releaseIndexes).toHaveLength(document.manifest?.releases.length ?? 0);
  if (!document.manifest) expect(document.problems.length).toBeGreaterThan(0);
  document.pathAt(document.text.length);
}

describe('rangeOf', () => {
  const text = `${head}releases:
  - version: 1.0.0
    migrations:
      - a
      - id: b
  # a comment
stops: [1.0.0]
`;
  const document = parse(text);
  const at = (...args: Parameters<ManifestDocument['rangeOf']>): string => {
    const range = document.rangeOf(...args);
    return text.slice(range.start, range.end);
  };

  it('finds values and keys', () => {
    expect(at(['system'])).toBe('mem8');
    expect(at(['system'], 'key')).toBe('system');
    expect(at(['releases', 0, 'migrations', 0])).toBe('a');
    expect(at(['releases', 0, 'migrations', 1, 'id'])).toBe('b');
    expect(at(['releases', 0, 'migrations', 1])).toBe('id: b');
    expect(at(['stops', 0])).toBe('1.0.0');
  });

  it('falls back to the heading of the nearest ancestor', () => {
    expect(at(['releases', 0, 'from'])).toBe('version');
    expect(at(['releases', 7])).toBe('releases');
    expect(at(['risks', 0, 'name'])).toBe('manifest');
    expect(at(['releases', 0, 'migrations', 1, 'phase'])).toBe('id');
  });
});

describe('pathAt', () => {
  function pathAtCursor(marked: string): { path: readonly (string | number)[]; part: string } {
    const offset = marked.indexOf('|');
    return parse(marked.replace('|', '')).pathAt(offset);
  }

  it.each([
    ['sys|tem: mem8\n', ['system'], 'key'],
    ['system: me|m8\n', ['system'], 'value'],
    ['system: |\nmanifest: 1\n', ['system'], 'value'],
    ['system:|\n', ['system'], 'value'],
    ['releases:\n  - version: 1.0|.0\n', ['releases', 0, 'version'], 'value'],
    ['releases:\n  - version: 1.0.0\n    |\n', ['releases', 0], 'value'],
    ['releases:\n  - version: 1.0.0\n    |\n  - version: 2.0.0\n', ['releases', 0], 'value'],
    ['releases:\n  - version: 1.0.0\n  |\n', ['releases'], 'value'],
    ['releases:\n  - version: 1.0.0\n|\n', [], 'value'],
    ['releases:\n  - version: 1.0.0\n    rollback: |\n    notes: x\n', ['releases', 0, 'rollback'], 'value'],
    ['releases:\n  - version: 1.0.0\n    migrations:\n      - |\n', ['releases', 0, 'migrations', 0], 'value'],
    ['releases:\n  - version: 1.0.0\n    migrations:\n      - a\n      - b|c\n', ['releases', 0, 'migrations', 1], 'value'],
    ['releases:\n  - version: 1.0.0\n    checks:\n      |\n', ['releases', 0, 'checks'], 'value'],
    ['releases:\n  - { version: 1.0.0, rollback: do|wn }\n', ['releases', 0, 'rollback'], 'value'],
    ['releases:\n  - { version: 1.0.0, | }\n', ['releases', 0], 'value'],
    ['releases:\n  - version: 1.0.0\n    ro|\n', ['releases', 0, 'ro'], 'key'],
    ['|', [], 'value'],
  ])('in %j is %j (%s)', (marked, path, part) => {
    expect(pathAtCursor(marked)).toEqual({ path, part });
  });
});
