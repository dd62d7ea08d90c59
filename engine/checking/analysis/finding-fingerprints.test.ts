import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingFingerprints } from './finding-fingerprints';

/** The fingerprints of findings of one check, each at the place of one of the marks in a file's text. */
function fingerprintsAt(
  text: string,
  marks: readonly string[],
  { path = 'migrations/1_a.sql', id = 'some-check', root = '/repository' } = {},
) {
  const file = `${root}/${path}`;
  const findings = marks.map((mark) => {
    const start = text.indexOf(mark);
    expect(start).toBeGreaterThanOrEqual(0);
    return { finding: { id, file, range: { start, end: start + mark.length } }, path };
  });
  return findingFingerprints(findings, () => text);
}

const gaps = fc
  .array(fc.constantFrom('\n', '\r\n', '  ', '\t', '-- a note; with a semicolon\n', '/* a note /* inside; */ another */'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const statements = ['CREATE TABLE t (a int)', 'ALTER TABLE t DROP COLUMN a', "INSERT INTO t VALUES ('x;y')", 'DROP TABLE t'];

describe('a fingerprint in a script', () => {
  it('is the same whatever white space and comments stand around and inside statements', () => {
    const plain = fingerprintsAt(`${statements.join(';\n')};\n`, ['DROP COLUMN', 'DROP TABLE']);
    fc.assert(
      fc.property(fc.array(gaps, { minLength: 5, maxLength: 5 }), gaps, (around, inside) => {
        const moved = statements.map((sql, index) => `${around[index]}${sql.replace('DROP', `${inside} DROP`)}`).join(';');
        expect(fingerprintsAt(`${moved};${around[4]}`, ['DROP COLUMN', 'DROP TABLE'])).toEqual(plain);
      }),
    );
  });

  it('is the same whatever becomes of other statements, and another where its own changes', () => {
    const written = (parts: readonly string[]) => `${parts.join(';\n')};\n`;
    const [before] = fingerprintsAt(written(statements), ['DROP COLUMN']);
    const others = fc.array(fc.constantFrom('SELECT 1', 'CREATE INDEX ON t (a)', 'COMMENT ON TABLE t IS $$;$$'), { maxLength: 4 });
    fc.assert(
      fc.property(others, others, (above, below) => {
        expect(fingerprintsAt(written([...above, 'ALTER TABLE t DROP COLUMN a', ...below]), ['DROP COLUMN'])).toEqual([before]);
        expect(fingerprintsAt(written([...above, 'ALTER TABLE t DROP COLUMN b', ...below]), ['DROP COLUMN'])).not.toEqual([before]);
      }),
    );
  });

  it('tells check, path and repeated findings apart, and not the place of the repository', () => {
    const text = 'DROP TABLE t;\nDROP TABLE u;\nDROP TABLE t;\n';
    const [plain] = fingerprintsAt(text, ['DROP TABLE t']);
    expect(fingerprintsAt(text, ['DROP TABLE t'], { root: '/elsewhere/entirely' })).toEqual([plain]);
    expect(fingerprintsAt(text, ['DROP TABLE t'], { path: 'migrations/2_b.sql' })).not.toEqual([plain]);
    expect(fingerprintsAt(text, ['DROP TABLE t'], { id: 'other-check' })).not.toEqual([plain]);
    const finding = (start: number) => ({
      finding: { id: 'some-check', file: '/f', range: { start, end: start + 4 } },
      path: 'migrations/1_a.sql',
    });
    const [last, first] = findingFingerprints([finding(text.lastIndexOf('DROP')), finding(0)], () => text);
    expect(first).toBe(plain);
    expect(last).not.toBe(plain);
  });

  it('takes a comment for a part of the statement after it', () => {
    const text = '-- first\nDROP TABLE t;\n-- second\nDROP TABLE u;\n';
    expect(fingerprintsAt(text, ['-- second'])).toEqual(fingerprintsAt(text, ['DROP TABLE u']));
    expect(fingerprintsAt('-- only a comment\n', ['-- only'])).toHaveLength(1);
  });

  it('takes the end of a statement for a part of it', () => {
    const text = 'SELECT 1 +;\nDROP TABLE u';
    expect(fingerprintsAt(text, [';'])).toEqual(fingerprintsAt(text, ['SELECT']));
    const finding = { id: 'some-check', file: '/f', range: { start: text.length, end: text.length } };
    expect(findingFingerprints([{ finding, path: 'migrations/1_a.sql' }], () => text)).toEqual(fingerprintsAt(text, ['DROP TABLE u']));
  });
});

describe('a fingerprint in a manifest', () => {
  const manifest = (notes: string, more: string) =>
    `manifest: 1\n${notes}system: s\nreleases:\n${more}  - version: 1.0.0\n    migrations: [1_a, 2_b]\n${notes}    requires: { postgresql: ">=15" }\n`;
  const options = { path: 'upgrade.yaml' };

  it('is the same whatever stands before its key', () => {
    const marks = ['1_a', '2_b', 'requires'];
    const before = fingerprintsAt(manifest('', ''), marks, options);
    expect(new Set(before).size).toBe(3);
    const after = manifest('# a note\n\n', '  - version: 0.9.0\n    migrations: [0_z]\n');
    expect(fingerprintsAt(after, marks, options)).toEqual(before);
  });

  it('is made for a text that is not YAML', () => {
    expect(fingerprintsAt('a: [', ['['], options)).toHaveLength(1);
    expect(fingerprintsAt('x', ['x'], options)).toHaveLength(1);
  });
});

it('identifies a finding in code by its line', () => {
  const options = { path: 'server/store.ts' };
  const [before] = fingerprintsAt('db.query("SELECT a FROM t");', ['SELECT'], options);
  expect(fingerprintsAt('// note\n\n  db.query("SELECT a FROM t");\n', ['SELECT'], options)).toEqual([before]);
  expect(fingerprintsAt('db.query("SELECT b FROM t");', ['SELECT'], options)).not.toEqual([before]);
});
