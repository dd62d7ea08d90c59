import { execFile } from 'node:child_process';
import type { RunGit } from '../core/host';

/** So much output of git is read; more is taken for a failure. */
const largestOutput = 64 * 1024 * 1024;

/** Runs git without a shell and without asking for anything. Undefined where it fails, is not installed, or takes more than 20 s. */
export function nodeGit(signal?: AbortSignal): RunGit {
  return (folder, words) =>
    new Promise((resolve) => {
      const env = { ...outsideOfHooks(process.env), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
      const options = { cwd: folder, signal, env, timeout: 20_000, maxBuffer: largestOutput, windowsHide: true };
      execFile('git', [...words], options, (error, output) => resolve(error ? undefined : output));
    });
}

/** git tells its hooks by variables which repository they are in, relative to a folder of its own. */
function outsideOfHooks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name)));
}
