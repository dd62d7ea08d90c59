import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatManifest } from './format';

describe('formatting', () => {
  const cases: [what: string, before: string, after: string][] = [
    ['indentation', 'releases:\n- version: 1.0.0\n  migrations:\n  - a\n', 'releases:\n  - version: 1.0.0\n    migrations:\n      - a\n'],
    ['deep indentation', 'a:\n    b:\n        c: 1\n        d:\n            - e\n', 'a:\n  b:\n    c: 1\n    d:\n      - e\n'],
    ['spaces after colons and dashes', 'a:   1\nb:\n  -   c:  2\n      d: 3\n', 'a: 1\nb:\n  - c: 2\n    d: 3\n'],
    ['brackets', 'a: {b: 1,c: [2,3 ],d: { }}\n', 'a: { b: 1, c: [2, 3], d: {} }\n'],
    ['line ends and blank lines', '\n\na: 1  \n\n\n\nb: 2\n\n', 'a: 1\n\nb: 2\n'],
    [
      'comments',
      '# top\na:\n    # of b\n    b: 1   # behind\n    # last of a\n# of c\nc: 2',
      '# top\na:\n  # of b\n  b: 1   # behind\n  # last of a\n# of c\nc: 2\n',
    ],
    [
      'texts over lines',
      'a:\n    b: |\n        one\n          two\n\n        three  \n    c: "x\n      y"\n',
      'a:\n  b: |\n    one\n      two\n\n    three  \n  c: "x\n    y"\n',
    ],
    ['brackets over lines', 'a:\n    b: [\n        1,\n        2,\n    ]\n', 'a:\n  b: [\n      1,\n      2,\n  ]\n'],
    ['other line ends', 'a:\r\n    b:   1\r\n', 'a:\r\n  b: 1\r\n'],
    ['versions and quotes', 'v:   1.10\nw: "15"\nx: \'y\'\n', 'v: 1.10\nw: "15"\nx: \'y\'\n'],
  ];
  it.each(cases)('sets %s right', (_, before, after) => {
    expect(formatManifest(before)).toBe(after);
    expect(formatManifest(after)).toBe(after);
  });

  it.each([3, 4, 6])('brings the example back from an indentation of %i', (width) => {
    const text = readFileSync(join(__dirname, '../../../examples/mem8/upgrade.yaml'), 'utf8');
    const wide = (spaces: string) => ' '.repeat((spaces.length / 2) * width);
    const lines = text
      .split('\n')
      .map((line) => line.replace(/^ */, wide).replace(/^( *)- /, (_, before: string) => `${before}-${wide('  ').slice(1)}`));
    expect(lines.join('\n')).not.toBe(text);
    expect(formatManifest(lines.join('\n'))).toBe(text);
  });

  it('leaves texts alone that it cannot be sure of', () => {
    expect(formatManifest('a: [')).toBeUndefined();
    expect(formatManifest('a:\n\t- b')).toBeUndefined();
    expect(formatManifest('a:\n  - \n    b: 1\n')).toBeUndefined();
  });

  it('keeps the example as it is', () => {
    const text = readFileSync(join(__dirname, '../../../examples/mem8/upgrade.yaml'), 'utf8');
    expect(formatManifest(text)).toBe(text);
  });
});

it('keeps every value and every comment, and a second time changes nothing', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
  const scalar = fc.oneof(
    word,
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('1.10', 'a: b', '# c', "it's", 'two\nlines\n', '', ' x ', '>=1 <2'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const options = fc.record({ indent: fc.integer({ min: 2, max: 5 }), indentSeq: fc.boolean(), flowCollectionPadding: fc.boolean() });
  let formattedOnes = 0;
  fc.assert(
    fc.property(fc.dictionary(word, value, { minKeys: 1, maxKeys: 4 }), options, (data, style) => {
      const text = stringify(data, style).replace(/^([a-z].*)$/gm, '# before\n$1');
      if (parse(text) === undefined || JSON.stringify(parse(text)) !== JSON.stringify(data)) return;
      const formatted = formatManifest(text);
      if (formatted === undefined) return;
      formattedOnes++;
      expect(parse(formatted)).toEqual(data);
      expect(formatted.match(/# before/g)).toEqual(text.match(/# before/g));
      expect(formatManifest(formatted)).toBe(formatted);
    }),
    { numRuns: 150 },
  );
  expect(formattedOnes).toBeGreaterThan(60);
});
