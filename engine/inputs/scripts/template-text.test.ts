import { expect, test } from 'vitest';
import { replaceText } from '../../core/replacement';
import { readDirectory } from './testing/test-directories';

async function sent(sql: string): Promise<string> {
  const up = (await readDirectory({ '1_a.up.sql': sql, '2_b.up.sql': 'SELECT 1;' }, 'golang-migrate')).migrations[0]?.up;
  return replaceText(up?.sql ?? '', up?.replacements ?? []).text;
}

test.each([
  ['CREATE TABLE {{ index .Options "Namespace" }}.item (id int);', 'CREATE TABLE t_namespace.item (id int);'],
  ['CREATE TABLE "{{ .Prefix }}item" (id int);', 'CREATE TABLE "t_prefixitem" (id int);'],
  ['CREATE TABLE {{schema}}.item (id int);', 'CREATE TABLE t_schema.item (id int);'],
  ["COMMENT ON TABLE {{.Schema}}.item IS '{{ not, one }}';", "COMMENT ON TABLE t_schema.item IS '{{ not, one }}';"],
  ["SELECT '{{ .Schema }}.item'::regclass;", "SELECT 't_schema.item'::regclass;"],
  ['DO $$ BEGIN DROP TABLE {{ .Schema }}.item; END $$;', 'DO $$ BEGIN DROP TABLE t_schema.item; END $$;'],
  ['DROP TABLE <%= schema %>.item;', 'DROP TABLE t_schema.item;'],
  ['DROP TABLE ${SCHEMA}.item;', 'DROP TABLE t_schema.item;'],
  ['CREATE TABLE item (id $%KEY_TYPE%$);', 'CREATE TABLE item (id t_key_type);'],
  ['{% if large %}DROP TABLE item;{% endif %}', 'DROP TABLE item;'],
  ['{{- if .Large }}DROP TABLE item;{{ end -}}', 'DROP TABLE item;'],
])('fills in %s', async (sql, expected) => {
  expect(await sent(sql)).toBe(expected);
});

test.each([
  "INSERT INTO item VALUES ('{{1,2},{3,4}}', '{{a,b}}', '${x}', '{}');",
  'DO $$ BEGIN RAISE NOTICE $x$ ${x} $x$; END $$; -- {{ .Schema }}',
  '/* {{ .Schema }} */ SELECT ARRAY[[1]];',
])('leaves %s', async (sql) => {
  expect(await sent(sql)).toBe(sql);
});
