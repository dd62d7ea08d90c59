import { expect, it } from 'vitest';
import { check } from './migration-not-referenced';
import { manifestCheck, manifestText, scriptFixture } from '../testing/manifest-check';

const scripts = {
  ...scriptFixture('0001_a'),
  '0002_b.up.sql': `-- adds b
CREATE TABLE b (
--^^^^^^^^^^^^^^ migration-not-referenced
  id int);
`,
  '0002_b.down.sql': 'DROP TABLE b;',
};
const { findingsIn, reports, silentOn, afterFix } = manifestCheck(check, scripts);

it.each([
  ['a list in brackets', '    migrations: [0001_a]\n', '    migrations: [0001_a, 0002_b]\n'],
  ['a list of lines', '    migrations:\n      - 0001_a\n', '    migrations:\n      - 0001_a\n      - 0002_b\n'],
  ['a list without indentation', '    migrations:\n    - 0001_a # first\n', '    migrations:\n    - 0001_a # first\n    - 0002_b\n'],
  ['an empty list', '    migrations: []\n', '    migrations: [0002_b]\n'],
  ['no list', '    notes: none\n', '    migrations: [0002_b]\n    notes: none\n'],
])('adds the migration to the last release with %s', async (_, before, after) => {
  const text = (last: string) => `releases:\n  - version: 1.0.0\n    migrations: [0001_a]\n  - version: 1.1.0\n${last}`;
  expect(await afterFix(text(before))).toBe(text(after));
});

it('reports the script and the release that could list it', async () => {
  const [finding] = await findingsIn('releases:\n  - version: 1.0.0\n    migrations: [0001_a]\n');
  expect(finding).toMatchObject({
    message: 'No upgrade runs 0002_b: no release lists it',
    advice: 'Add 0002_b to the `migrations` of the release that needs it.',
    related: [{ message: '1.0.0 is the newest release.' }],
  });
});

it('marks the first line of the SQL', () => reports('releases:\n  - version: 1.0.0\n    migrations: [0001_a]\n'));

it('is silent on a migration in a release that is being typed', () =>
  silentOn({ 'upgrade.yaml': manifestText('releases:\n  - version: 1.0.0\n    migrations: [0001_a]\n  - migrations: [0002_b]\n') }));
