import { expect, it } from 'vitest';
import { check } from './data-schema-incompatible';
import { type ProjectFixture, apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn } = projectCheck(check);

const schema = (properties: string, more = '') =>
  `{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": { ${properties} }${more} }`;
const total = '"total": { "type": "number" }';
const whole = '"total": { "type": "integer" }';

/** Releases from 1.0.0 on; each is the schema's properties, or its whole text. All promise the same. */
function fixture(texts: readonly string[], compatibility: string, settings = ''): ProjectFixture {
  const name = (index: number) => `${index}.schema.json`;
  const entry = (index: number) => `{ file: ${name(index)}, compatibility: ${compatibility} }`;
  const releases = texts.map((_, index) => [`1.${index}.0`, entry(index)] as const);
  const files = texts.map((text, index) => [name(index), text.startsWith('{') ? text : schema(text)]);
  return { 'upgrade.yaml': apiManifest(releases, settings), ...Object.fromEntries(files) };
}

const closed = ', "additionalProperties": false';
const renamed = ['"a": {}', '"b": {}'].map((each) => schema(each, closed));

it.each<[string, ProjectFixture, string[]]>([
  ['data of before that is refused', fixture([total, whole], 'backward'), ['error 1.schema.json: "integer"']],
  ['nothing where nothing is promised', fixture([total, whole], 'none'), []],
  ['nothing that only older readers refuse', fixture([whole, total], 'backward'), []],
  ['what older readers refuse', fixture([whole, total], 'forward'), ['error 1.schema.json: "number"']],
  ['both ways', fixture(renamed, 'full'), ['error 1.schema.json: "b"', 'error 1.schema.json: false']],
  ['a new property of an open schema, for information', fixture(['', total], 'backward'), ['info 1.schema.json: "total"']],
  [
    'what cannot be told, as a warning',
    fixture(['"a": { "type": "string" }', '"a": { "type": "string", "format": "date" }'], 'backward'),
    ['warning 1.schema.json: "date"'],
  ],
  ['only the release before', fixture([total, whole, whole], 'backward'), ['error 1.schema.json: "integer"']],
])('reports %s', async (_, files, expected) => {
  expect(await placesIn(files)).toEqual(expected);
});

it('names every release of the window that a transitive mode fails with', async () => {
  const files = fixture([total, total, whole], 'backward-transitive', 'window: 2\n');
  const findings = await findingsIn(files);
  expect(await placesIn(files)).toEqual(['error 2.schema.json: "integer"']);
  expect(findings[0]?.message).toBe('`total` in old data may be number, but only integer is accepted');
  expect(findings[0]?.details).toBe(
    'Data that earlier releases wrote is refused. 1.2.0 promises backward-transitive compatibility of store with 1.1.0 and 1.0.0.',
  );
  expect(findings[0]?.related.map(({ file }) => file)).toEqual(['/project/1.schema.json', '/project/0.schema.json']);
});

it('says what earlier releases refuse', async () => {
  const [finding] = await findingsIn(fixture([whole, total], 'forward'));
  expect(finding?.message).toBe('`total` in new data may be number, but only integer is accepted');
  expect(finding?.details).toMatch(/^Earlier releases refuse data that this release writes\. 1\.1\.0 promises forward compatibility/);
});

it('looks past the release before in a transitive mode', async () => {
  const texts = ['"a": { "maxLength": 9 }', '"a": { "maxLength": 5 }', '"a": { "maxLength": 7 }'].map((each) => schema(each));
  const newest = (findings: readonly { file: string }[]) => findings.filter(({ file }) => file.endsWith('/2.schema.json')).length;
  expect(newest(await findingsIn(fixture(texts, 'backward', 'window: 2\n')))).toBe(0);
  expect(newest(await findingsIn(fixture(texts, 'backward-transitive', 'window: 2\n')))).toBe(1);
});
