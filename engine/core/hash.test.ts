import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, hashScript } from './hash';

describe('hashes', () => {
  test('do not depend on line ends and byte-order marks, and on nothing else', () => {
    expect(hashScript('\uFEFFa\r\nb')).toBe(hashScript('a\nb'));
    expect(hashScript('a\nb')).not.toBe(hashScript('a\nb\n'));
    expect(hashScript('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('of equal values are equal whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
