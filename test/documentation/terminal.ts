import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** The terminal of a reader, in an empty folder of its own. */
export interface ReaderTerminal {
  /** The folder that the reader is in. */
  folder(): Promise<string>;
  /** Runs commands in a shell; the folder and the environment are kept for the next ones. */
  run(commands: string): Promise<Ran>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const longestMs = 240_000;
const gitSettings = '[user]\n\tname = Reader\n\temail = reader@example.com\n[init]\n\tdefaultBranch = main\n';
const keepState = 'trap \'code=$?; { export -p; echo "cd \\"$PWD\\""; } > "$HOME/state"; exit $code\' EXIT';

/** Opens a terminal that has the built `mem8-upgrade`, git, and in MEM8_EXAMPLES the folder of the examples. */
export async function openTerminal(): Promise<ReaderTerminal> {
  const home = await mkdtemp(join(await realpath(tmpdir()), 'mem8-reader-'));
  const [programs, start] = [join(home, 'bin'), join(home, 'work')];
  await Promise.all([mkdir(programs), mkdir(start)]);
  const command = join(programs, 'mem8-upgrade');
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist', 'cli.js')}" "$@"\n`);
  await chmod(command, 0o755);
  await writeFile(join(home, '.gitconfig'), gitSettings);
  await writeFile(join(home, 'state'), `cd "${start}"\n`);
  const environment = {
    HOME: home,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    MEM8_EXAMPLES: join(root, 'examples'),
    PATH: [programs, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
  };
  const sh = (script: string) => run(`exec 2>&1\n. "$HOME/state"\n${script}`, environment);
  return {
    folder: async () => (await sh('pwd')).output.trim(),
    run: (commands) => sh(`${keepState}\nset -e\n${commands}`),
    close: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function run(script: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], { env, cwd: env.HOME, stdio: ['ignore', 'pipe', 'inherit'], timeout: longestMs });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
