import { describe, expect, test } from 'vitest';
import { sourceMap } from './source-map';

function read(file: string, text: string) {
  const map = sourceMap(file, text);
  if (!map.ok) throw new Error(map.problem.message);
  const { value, rangesOf } = map.value;
  const slice = (pointer: string) => {
    const ranges = rangesOf(pointer);
    return ranges && [ranges.key && text.slice(ranges.key.start, ranges.key.end), text.slice(ranges.value.start, ranges.value.end)];
  };
  return { value, slice };
}

describe('places in YAML and JSON', () => {
  test('gives the key and the value at a pointer of JSON', () => {
    const { value, slice } = read('a.json', '{ "paths": { "/a~b": [1, { "x": true }] } }');
    expect(value).toEqual({ paths: { '/a~b': [1, { x: true }] } });
    expect(slice('/paths/~1a~0b/1/x')).toEqual(['"x"', 'true']);
    expect(slice('/paths/~1a~0b/0')).toEqual([undefined, '1']);
    expect(slice('/paths/~1a~0b/7')).toBeUndefined();
  });

  test('gives the key and the value at a pointer of YAML, through aliases and merges, without the line end', () => {
    const { value, slice } = read('a.yaml', 'base: &base\n  x: 1\nuse:\n  <<: *base\n  y: &y\n    - 2\nagain: *y\nnothing:\n200: ok\n');
    expect(value).toMatchObject({ use: { x: 1, y: [2] }, again: [2], nothing: null, 200: 'ok' });
    expect(slice('/use/x')).toEqual(['x', '1']);
    expect(slice('/use/y')).toEqual(['y', '- 2']);
    expect(slice('/again/0')).toEqual([undefined, '2']);
    expect(slice('/200')).toEqual(['200', 'ok']);
    expect(slice('')?.[1]).toMatch(/^base: [^]*ok$/);
  });

  test('names the line of broken JSON and broken YAML', () => {
    const json = sourceMap('a.json', '{\n  "a": 1,,\n}');
    const yaml = sourceMap('a.yaml', 'a: 1\nb: [1\n');
    expect(json).toMatchObject({ ok: false, problem: { code: 'api-invalid', line: 2 } });
    expect(yaml).toMatchObject({ ok: false, problem: { code: 'api-invalid', line: 3 } });
  });
});
