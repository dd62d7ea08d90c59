import { describe, expect, it, vi } from 'vitest';
import { missingVariable } from './secrets';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

describe('missingVariable', () => {
  const code = 'environment-variable-missing' as const;

  it.each([
    ['The target production needs "${env:MEM8_DATABASE_URL}".', 'MEM8_DATABASE_URL'],
    ['The environment variable MEM8_DATABASE_URL is not set.', 'MEM8_DATABASE_URL'],
    ['The variable ${env:url} of JSON_THING is not set.', 'url'],
  ])('finds the name in: %s', (message, name) => {
    expect(missingVariable({ code, message, remedy: '' })).toBe(name);
  });

  it('finds nothing in another problem', () => {
    expect(missingVariable({ code: 'target-unreachable', message: 'MEM8_DATABASE_URL', remedy: '' })).toBeUndefined();
  });
});
