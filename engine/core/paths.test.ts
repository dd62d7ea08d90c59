import { expect, test } from 'vitest';
import { compareCodePoints, enginePath, parentFolder, joined, baseName } from './paths';

test('turns backslashes into slashes on Windows only', () => {
  expect(enginePath('C:\\a\\b\\', 'win32')).toBe('C:/a/b');
  expect(enginePath('/a/b\\c/', 'linux')).toBe('/a/b\\c');
  expect(enginePath('/', 'linux')).toBe('/');
});

test('takes paths apart and puts them together, roots included', () => {
  expect([parentFolder('/a/b'), parentFolder('/a'), parentFolder('/'), parentFolder('C:/a')]).toEqual(['/a', '/', '/', 'C:/']);
  expect([baseName('/a/b'), baseName('/a/b/')]).toEqual(['b', 'b']);
  expect([joined('/', 'a'), joined('/a', 'b')]).toEqual(['/a', '/a/b']);
});

test('orders by code point where UTF-16 units would not', () => {
  expect(compareCodePoints('\uFF5E', '\u{1F600}')).toBeLessThan(0);
  expect(compareCodePoints('a', 'ab')).toBeLessThan(0);
  expect(compareCodePoints('a', 'a')).toBe(0);
});
