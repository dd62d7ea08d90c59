import { execFile } from 'node:child_process';
import type { TagHistory } from '#engine/manifest/tagged-releases';
import { joined } from '#engine/core/paths';
import type { Terminal } from './terminal';

/** So much output of git is read; more is taken for a failure. */
const largestOutput = 64 * 1024 * 1024;

/** Runs git, without a shell, and resolves with its standard output; undefined when it fails, is not installed, or takes more than 20 s. */
export function runGit(folder: string, words: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, signal, timeout: 20_000, maxBuffer: largestOutput, windowsHide: true };
    execFile('git', [...words], options, (error, output) => resolve(error ? undefined : output));
  });
}

/** The tags of the repository that a folder is in; undefined outside of one. */
export async function tagHistory({ git }: Pick<Terminal, 'git'>, folder: string): Promise<TagHistory | undefined> {
  const tags = await git?.(folder, ['tag', '--list', '--merged', 'HEAD']);
  if (!git || tags === undefined) return undefined;
  return {
    tags: async () => tags.split(/\r?\n/).filter((name) => name !== ''),
    async filesAt(tag, directory) {
      // Names come relative to the folder that git runs in.
      const output = await git(directory, ['ls-tree', '-r', '-z', '--name-only', `refs/tags/${tag}`]);
      return (output ?? '').split('\0').flatMap((name) => (name === '' ? [] : [joined(directory, name)]));
    },
  };
}
