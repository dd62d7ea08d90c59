import { fileURLToPath } from 'node:url';
import { systemClock } from '#engine/host/node-host';
import { runCommandLine } from '../main';
import type { Terminal } from '../terminal';

/** Runs the command line in `/project`, without colours, 80 columns wide and with nobody to answer, and returns what it wrote. */
export async function runCommand(
  words: readonly string[],
  terminal: Pick<Terminal, 'files'> & Partial<Terminal>,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommandLine(words, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: '/project',
    environment: {},
    isInteractive: false,
    colors: false,
    columns: 80,
    clock: systemClock,
    distribution: fileURLToPath(new URL('../../dist', import.meta.url)),
    nodeVersion: process.versions.node,
    signal: new AbortController().signal,
    ask: async () => undefined,
    ...terminal,
  });
  return { code, out, err };
}
