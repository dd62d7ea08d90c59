import { describe, expect, it, vi } from 'vitest';
import { expandEnvironment } from '#engine/databases/postgresql/connections/environment';
import { missingVariable } from './secrets';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

describe('missingVariable', () => {
  it.each([
    ['targets.production.url', 'MEM8_DATABASE_URL'],
    ['targets.DB_1.url', 'PGURL'],
    ['targets.production.url', 'url'],
  ])("finds the name in the engine's words about %s and %s", (key, name) => {
    const address = expandEnvironment(`\${env:${name}}`, key, {});
    expect(!address.ok && missingVariable(address.problem)).toBe(name);
  });

  it('finds nothing in another problem', () => {
    expect(missingVariable({ code: 'target-unreachable', message: 'MEM8_DATABASE_URL', remedy: '' })).toBeUndefined();
  });
});
