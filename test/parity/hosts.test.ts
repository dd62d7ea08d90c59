import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compareHosts } from './compare-hosts';

const root = fileURLToPath(new URL('../..', import.meta.url));

// A copy outside of the repository, in which everything would be settled.
it.each(['examples/mem8', 'test/vscode/fixture'])(
  'the language server says of %s what the command line says',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'mem8-parity-'));
    try {
      cpSync(join(root, name), folder, { recursive: true, filter: (path) => !path.endsWith('.mem8') });
      const { findings, differences } = await compareHosts(folder, join(root, 'dist'), false);
      expect(differences).toEqual([]);
      expect(findings).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
