import { expect, test } from 'vitest';
import { replaceText } from '../../../core/replacement';
import { readPsql } from './psql';

/** The SQL that psql sends, without its commands. */
function sent(text: string, variables?: Record<string, string>): string {
  const { sections, replacements } = readPsql(text, new Map(Object.entries(variables ?? {})));
  return sections
    .map(({ start, end }) => replaceText(text.slice(start, end), replacements, start).text)
    .join('')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('\\'))
    .map((line) => line.trim())
    .join('\n');
}

test('replaces variables by value, as name and as string', () => {
  const text = "\\set tbl t\n\\set note 'it''s new'\nCREATE TABLE :tbl (a text DEFAULT :'note');\nTABLE :\"tbl\";";
  expect(sent(text)).toBe("CREATE TABLE t (a text DEFAULT 'it''s new');\nTABLE \"t\";");
});

test('leaves casts, strings, assignments and what is not set alone', () => {
  const text = "\\set text x\nSELECT 'a'::text, ':text', $$:text$$, f(a := 1), :other;";
  expect(sent(text)).toBe("SELECT 'a'::text, ':text', $$:text$$, f(a := 1), :other;");
});

test('joins the words of a value, follows later values, and takes those that it is given', () => {
  expect(sent('\\set a x\n\\set b :a _y\nSELECT :b;\n\\set a z\nSELECT :a;\n\\unset a\nSELECT :a;\nSELECT :c;', { c: '3' })).toBe(
    'SELECT x_y;\nSELECT z;\nSELECT :a;\nSELECT 3;',
  );
});

test('carries out the branch that is taken', () => {
  const text = '\\set big off\n\\if :big\n\\set n 1\nSELECT 1;\n\\elif true\n\\set n 2\nSELECT 2;\n\\else\nSELECT 3;\n\\endif\nSELECT :n;';
  expect(sent(text)).toBe('SELECT 2;\nSELECT 2;');
  expect(sent('\\if :{?n}\nSELECT 1;\n\\else\nSELECT 0;\n\\endif')).toBe('SELECT 0;');
});

test('leaves out what depends on values that only the server knows', () => {
  expect(sent("SELECT max(id) AS top FROM t \\gset\nSELECT setval('s', :top);\nSELECT 1;")).toBe(
    'SELECT max(id) AS top FROM t \\gset\nSELECT 1;',
  );
});

test('names the scripts that are included', () => {
  const text = '\\ir other.sql\n\\echo done\nSELECT 1;';
  expect(readPsql(text).includes).toEqual([{ start: 0, end: 13 }]);
});
