import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitAtlas } from './atlas';
import { splitDbmate } from './dbmate';
import { splitGoose } from './goose';
import { splitNodePgMigrate } from './node-pg-migrate';
import { directedScripts, linesOf, maskOutside, mergeRanges, type DirectedText } from './sections';

test('gives back every character in lines, CRLF or LF', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', ' ')), (parts) => {
      const text = parts.join('');
      const lines = linesOf(text);
      expect(lines.map((line) => text.slice(line.start, line.next)).join('')).toBe(text);
      for (const line of lines) expect(line.text.endsWith('\n')).toBe(false);
    }),
  );
});

test('blanks what lies outside and puts terminators where directives stood', () => {
  expect(maskOutside('ab\r\ncd\nef', [{ start: 4, end: 7 }])).toBe('  \r\ncd\n  ');
  expect(maskOutside('ab\ncd', [{ start: 0, end: 3 }], [3])).toBe('ab\n; ');
});

test('joins ranges that touch', () => {
  expect(
    mergeRanges([
      { start: 0, end: 2 },
      { start: 2, end: 3 },
      { start: 4, end: 4 },
      { start: 5, end: 6 },
    ]),
  ).toEqual([
    { start: 0, end: 3 },
    { start: 5, end: 6 },
  ]);
});

const content = [
  'SELECT 1;',
  "SELECT 'markdown text',",
  'down',
  "'Down';",
  '-- going down',
  '',
  '   ',
  '$$',
  '$body$ up',
  "E'\\'; 😀 ü",
  '/* up',
  '*/',
  '-- goose Down',
  '-- migrate:upx',
  '-- Downmigration',
  '-- atlas:nolint',
];
const layouts: Record<string, { split: (text: string) => DirectedText; directives: string[] }> = {
  goose: {
    split: splitGoose,
    directives: [
      '-- +goose Up',
      '-- +goose Down',
      '-- +goose StatementBegin',
      '-- +goose StatementEnd',
      '-- +goose NO TRANSACTION',
      '-- +goose ENVSUB ON',
      '  -- +goose Down',
    ],
  },
  dbmate: {
    split: splitDbmate,
    directives: ['-- migrate:up', '-- migrate:down', '--migrate:up transaction:false', ' -- migrate:down', '-- migrate:down foo:bar'],
  },
  'node-pg-migrate': { split: splitNodePgMigrate, directives: ['-- Up Migration', '--- down migration', '  -- Down   Migration now'] },
  atlas: {
    split: splitAtlas,
    directives: ['-- atlas:txtar', '-- migration.sql --', '-- down.sql --', '-- checks.sql --', '-- atlas:txmode none'],
  },
};

describe.each(Object.entries(layouts))('the sections of a %s file', (name, { split, directives }) => {
  const line = fc.oneof(fc.constantFrom(...content), fc.constantFrom(...directives), fc.string({ maxLength: 6 }));
  const file = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 14 }).map((lines) => lines.flat().join(''));

  test('cover the file together with the directive lines, once each', () => {
    fc.assert(
      fc.property(file, (text) => {
        const directed = split(text);
        const down = directed.down ?? [];
        const wholeFileIsUp =
          name === 'node-pg-migrate' && directed.up.length === 1 && directed.up[0]?.end === text.length && directed.up[0].start === 0;
        const parts = wholeFileIsUp ? directed.up : [...directed.up, ...down, ...directed.directives];
        const covered = [...parts].sort((a, b) => a.start - b.start);
        expect(covered.map((range) => text.slice(range.start, range.end)).join('')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test('keep length, line ends and every character of their own, and blank the rest', () => {
    fc.assert(
      fc.property(file, (text) => {
        const directed = split(text);
        const { up, down } = directedScripts('/f', text, directed);
        for (const script of down ? [up, down] : [up]) {
          expect(script.sql).toHaveLength(text.length);
          let outside = '';
          let at = 0;
          for (const section of script.sections) {
            expect(script.sql.slice(section.start, section.end)).toBe(text.slice(section.start, section.end));
            outside += script.sql.slice(at, section.start);
            at = section.end;
          }
          outside += script.sql.slice(at);
          expect(outside).toMatch(name === 'goose' ? /^[\s;]*$/ : /^\s*$/);
          expect(script.sql.replace(/[^\r\n]/g, ' ')).toBe(text.replace(/[^\r\n]/g, ' '));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('leave out nothing but directives and what is reported', () => {
    fc.assert(
      fc.property(file, (text) => {
        const directed = split(text);
        for (const range of directed.directives) {
          const line = text.slice(range.start, range.end).trim();
          const reported = directed.problems.some((problem) => problem.range.start === range.start);
          const isDirective = directives.some((directive) => directive.trim().toLowerCase() === line.toLowerCase());
          const isTxtar = name === 'atlas' && text.includes('atlas:txtar');
          expect(isDirective || reported || isTxtar).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
