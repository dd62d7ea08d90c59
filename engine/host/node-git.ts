import { execFile } from 'node:child_process';
import type { RunGit } from '../core/host';

/** So much output of git is read; more is taken for a failure. */
const largestOutput = 64 * 1024 * 1024;

/** Runs git without a shell and without asking for anything. Undefined where it fails, is not installed, or takes more than 20 s. */
export function nodeGit(signal?: AbortSignal): RunGit {
  return (folder, words) =>
    new Promise((resolve) => {
      const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
      const options = { cwd: folder, signal, env, timeout: 20_000, maxBuffer: largestOutput, windowsHide: true };
      execFile('git', [...words], options, (error, output) => resolve(error ? undefined : output));
    });
}
