import { expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { commandLine } from './main';
import { runCommand } from './testing/run-command';

const run = (...words: string[]) => runCommand(words, { files: memoryFiles({}) });

it('answers a usage error with the error and where the help is', async () => {
  const { code, out, err } = await run('check', '--fail-on', 'never');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(
    "error: option '--fail-on <severity>' argument 'never' is invalid. Allowed choices are error, warning.\nRun mem8-upgrade check --help.\n",
  );
  expect((await run('chekc')).err).toMatch(/^error: unknown command 'chekc'\n.*\nRun mem8-upgrade --help\.\n$/s);
});

it('keeps help within the width of the terminal, and shows no empty defaults', async () => {
  const terminal = { columns: 80, out: () => undefined, err: () => undefined } as unknown as Parameters<typeof commandLine>[0];
  const names = commandLine(terminal, () => undefined).commands.map((command) => command.name());
  for (const words of [[], ...names.map((name) => [name])]) {
    const { code, out } = await run(...words, '--help');
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).not.toContain('[]');
  }
});
