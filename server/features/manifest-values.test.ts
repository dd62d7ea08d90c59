import { expect, it } from 'vitest';
import { example, TestProject } from '../testing/test-project';
import { suggestedKeys, suggestedValues } from './manifest-values';

const test = await TestProject.open({ ...example, 'migrations/0003_more.up.sql': 'SELECT 1;\n', 'api/notes.md': '' });
const values = async (path: readonly (string | number)[], typed = '') =>
  (await suggestedValues(test.project, test.files, path, typed)).map(({ text }) => text);

it('suggests the versions after the last, with what they are', async () => {
  const [first] = await suggestedValues(test.project, test.files, ['releases', 2, 'version'], '');
  expect(first).toMatchObject({ text: '2.0.1', detail: 'the next patch after 2.0.0' });
});

it('quotes ranges, and values that YAML reads as numbers', async () => {
  expect(await values(['risks', 0, 'from'])).toContain('">=1.0.0"');
  expect(await values(['migrations', 'minimum'])).toEqual(['"15"', '"16"', '"17"', '"18"']);
});

it('suggests migrations that no release lists', async () => {
  expect(await values(['releases', 1, 'migrations', 1])).toEqual(['0003_more']);
  expect(await values(['releases', 1, 'migrations', 1, 'id'])).toEqual(['0003_more']);
});

it('suggests the files that a place takes, in the folder that is typed', async () => {
  expect(await values(['releases', 1, 'apis', 'rest'], 'api/')).toEqual(['api/rest.yaml']);
  expect(await values(['migrations', 'directory'])).toEqual(expect.arrayContaining(['api', 'migrations']));
});

it('suggests a feature of an earlier release with the stage that it had last, and none that is there', () => {
  const keys = (index: number) => suggestedKeys(test.project, ['releases', index, 'features']).map(({ text }) => text);
  expect(keys(2)).toEqual(['search: deprecated']);
  expect(keys(1)).toEqual([]);
});

it('suggests nothing where the project has nothing to say', async () => {
  expect(await values(['system'])).toEqual([]);
  expect(suggestedKeys(test.project, [])).toEqual([]);
});
