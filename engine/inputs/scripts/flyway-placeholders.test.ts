import { expect, test } from 'vitest';
import { problemsOf, readDirectory, shownOn } from './testing/test-directories';

const sql = "CREATE SCHEMA ${Schema}; -- ${not_this}\nSELECT '${flyway:defaultSchema}', '${flyway:filename}';";

async function valuesIn(text: string, settings: Readonly<Record<string, string>>) {
  const read = await readDirectory({ 'V1__a.sql': text, ...settings }, 'flyway');
  const up = read.migrations[0]?.up;
  return { read, values: up?.replacements?.map(({ start, end, value }) => `${up.sql.slice(start, end)}=${value}`) };
}

test('takes values from flyway.conf, whatever the case of the name, and those of Flyway itself', async () => {
  const { read, values } = await valuesIn(sql, { 'flyway.conf': 'flyway.placeholders.schema=app\nflyway.schemas=main,other\n' });
  expect(values).toEqual(['${Schema}=app', '${flyway:defaultSchema}=main', '${flyway:filename}=V1__a.sql']);
  expect(read.problems).toEqual([]);
});

test('takes values and marks from flyway.toml', async () => {
  const toml = '[flyway]\nplaceholderPrefix = "<<"\nplaceholderSuffix = ">>"\n[flyway.placeholders]\nschema = "app"\n';
  const { values } = await valuesIn('CREATE SCHEMA <<schema>>; SELECT $${schema}$$;', { 'flyway.toml': toml });
  expect(values).toEqual(['<<schema>>=app']);
});

test('reports each placeholder without a value once', async () => {
  const { read } = await valuesIn('CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.t (id int);', { 'flyway.conf': '' });
  expect(problemsOf(read)).toEqual(['no-value V1__a.sql']);
  expect(shownOn(read.problems[0], read.migrations[0]?.up.text ?? '')).toBe('${schema}');
  expect(read.problems[0]?.message).toBe(
    'Flyway refuses V1__a.sql: the placeholder ${schema} has no value. Set flyway.placeholders.schema in flyway.conf.',
  );
});

test('reports nothing where placeholders are set elsewhere, or not replaced', async () => {
  const text = 'CREATE SCHEMA ${schema};';
  expect((await valuesIn(text, { 'application.properties': 'spring.flyway.placeholders.schema=app' })).read.problems).toEqual([]);
  const off = await valuesIn(text, { 'flyway.conf': 'flyway.placeholderReplacement=false' });
  expect([off.values, off.read.problems]).toEqual([undefined, []]);
  const own = await valuesIn(text, { 'V1__a.sql.conf': 'placeholderReplacement=false' });
  expect([own.values, own.read.problems]).toEqual([undefined, []]);
});
