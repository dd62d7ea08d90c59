import { isAbsolute, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder } from './cache-folder';

it('is where the system keeps the caches of programs', () => {
  const folder = cacheFolder({}) ?? '';
  expect(isAbsolute(folder)).toBe(true);
  expect(folder).toContain('mem8-upgrade');
});

it('is elsewhere or nowhere where the environment says so', () => {
  expect(cacheFolder({ MEM8_CACHE: resolve('/caches') })).toBe(resolve('/caches'));
  expect(cacheFolder({ MEM8_CACHE: 'here' })).toBe(resolve('here'));
  expect(cacheFolder({ MEM8_CACHE: '' })).toBe(cacheFolder({}));
  expect(cacheFolder({ MEM8_CACHE: 'off' })).toBeUndefined();
});
