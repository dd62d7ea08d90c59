import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { coveredBy, without } from './releases';
import { guessVersion, parseRange, parseVersion } from '../../core/versions';

describe('parseVersion', () => {
  it.each(['1.0.0', '0.1.2', '3.0.0-rc.1', '1.2.3+build.5'])('takes %s', (text) => expect(parseVersion(text)).toBeDefined());
  it.each(['1.0', '1', 'v1.0.0', '=1.0.0', ' 1.0.0', '01.0.0', '1.0.0.0', 'latest', ''])('refuses %j', (text) =>
    expect(parseVersion(text)).toBeUndefined(),
  );
});

describe('guessVersion', () => {
  it.each([
    ['1.10', '1.10.0'],
    ['2', '2.0.0'],
    ['v2.0.0', '2.0.0'],
    ['01.02.03', '1.2.3'],
    ['1.0-rc.1', '1.0.0-rc.1'],
  ])('guesses from %s', (text, expected) => expect(guessVersion(text)).toBe(expected));
  it.each(['latest', '1.0.0.0', '', '1.x'])('guesses nothing from %j', (text) => expect(guessVersion(text)).toBeUndefined());
});

describe('coveredBy', () => {
  const texts = ['0.9.0', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.4.0', '2.0.0-rc.1', '2.0.0', '2.1.0', '3.0.0'];
  const sorted = texts.map((text) => semver.parse(text)!);

  it.each([
    '*',
    '1.x',
    '^1.0.0',
    '>=1.0.0 <2.0.0',
    '>1.0.0',
    '<=2.0.0',
    '1.0.0',
    '1.0.0 - 2.0.0',
    '<1.0.0 || >2.0.0',
    '>2 <1',
    '~1.0.0 || 2.0.0',
    '>=1.0.0-rc.1 <=2.0.0-rc.1',
    '=1.0.0',
    '1.0.0 2.0.0',
  ])('covers what semver says satisfies %s', (text) => {
    const covered = coveredBy(parseRange(text)!, sorted).flatMap(({ low, high }) => texts.slice(low, high + 1));
    expect(covered).toEqual(texts.filter((version) => semver.satisfies(version, text, { includePrerelease: true })));
  });
});

describe('without', () => {
  it('cuts holes out of intervals', () => {
    expect(
      without(
        [{ low: 0, high: 9 }],
        [
          { low: 3, high: 4 },
          { low: 8, high: 20 },
        ],
      ),
    ).toEqual([
      { low: 0, high: 2 },
      { low: 5, high: 7 },
    ]);
  });
});
