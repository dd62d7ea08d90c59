import { expect, it } from 'vitest';
import { yamlContextAt } from './yaml-context';

function at(marked: string) {
  const offset = marked.indexOf('|');
  return yamlContextAt(marked.replace('|', ''), offset);
}

it('finds the root at the left margin', () => {
  expect(at('manifest: 1\nsys|')).toEqual({ parent: [], key: undefined, isListEntry: false, prefix: 'sys' });
});

it('finds the value of a key of the second list entry', () => {
  expect(at('releases:\n  - version: 1.0.0\n    migrations: []\n  - version: 2.0.0\n    from: >|')).toMatchObject({
    parent: ['releases', 1],
    key: 'from',
    prefix: '>',
  });
});

it('finds a key on the line that opens a list entry', () => {
  expect(at('releases:\n  - ver|')).toMatchObject({ parent: ['releases', 0], isListEntry: true, prefix: 'ver' });
});

it('finds an entry of a list inside a list', () => {
  expect(at('releases:\n  - version: 1.0.0\n    migrations:\n      - 0001_a\n      - 00|')).toMatchObject({
    parent: ['releases', 0, 'migrations', 1],
    isListEntry: true,
    prefix: '00',
  });
});

it('finds a list that is not indented below its key', () => {
  expect(at('releases:\n- version: 1.0.0\n- version: 2.0.0\n  fea|')).toMatchObject({ parent: ['releases', 1], prefix: 'fea' });
});

it('finds a key in a mapping of a mapping', () => {
  expect(at('targets:\n  local:\n    driver: pglite\n    pa|')).toMatchObject({ parent: ['targets', 'local'], prefix: 'pa' });
});

it('survives comments, blank lines and CRLF between', () => {
  expect(at('targets:\r\n\r\n  # where\r\n  local:\r\n\r\n    driver: |')).toMatchObject({
    parent: ['targets', 'local'],
    key: 'driver',
    prefix: '',
  });
});

it('finds the key, the value and the entry of brackets', () => {
  expect(at('releases:\n  - { version: 1.0.0, fea|')).toMatchObject({ parent: ['releases', 0], key: undefined, prefix: 'fea' });
  expect(at('releases:\n  - { version: 1.0.0, features: { a: st|')).toMatchObject({
    parent: ['releases', 0, 'features'],
    key: 'a',
    prefix: 'st',
  });
  expect(at('releases:\n  - version: 1.0.0\n    migrations: [0001_a, { id: b },\n      00|')).toMatchObject({
    parent: ['releases', 0, 'migrations', 2],
    isListEntry: true,
    prefix: '00',
  });
  expect(at('checks: { locks: error }\nstops: ["1.0.0", "2|')).toMatchObject({ parent: ['stops', 1], prefix: '"2' });
});

it('is not misled by brackets in texts, quotes and comments', () => {
  expect(at('system: a [b\n# {\nfeed: "["\nsto|')).toMatchObject({ parent: [], prefix: 'sto' });
  expect(at('stops: [\nreleases:\n  - ver|')).toMatchObject({ parent: ['releases', 0], prefix: 'ver' });
});
