import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { enginePath } from '../../../core/paths';

/** A folder with a git repository of its own, whose branch is `main`. */
export class GitFolder {
  readonly path: string;

  private constructor(folder: string) {
    this.path = enginePath(folder);
  }

  static create(): GitFolder {
    const folder = new GitFolder(realpathSync(mkdtempSync(join(tmpdir(), 'mem8-git-'))));
    folder.git('init', '--quiet', '--initial-branch=main');
    return folder;
  }

  /** A clone of another one, all of it or the newest `depth` commits. */
  static clone(of: GitFolder, depth?: number): GitFolder {
    const path = realpathSync(mkdtempSync(join(tmpdir(), 'mem8-git-')));
    const shallow = depth === undefined ? [] : [`--depth=${depth}`];
    run(path, 'clone', '--quiet', ...shallow, `file://${of.path}`, '.');
    return new GitFolder(path);
  }

  git(...words: string[]): string {
    return run(this.path, ...words);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  /** Writes and commits files, and returns the id of the commit. */
  commit(files: Readonly<Record<string, string>>): string {
    this.write(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'Change migrations');
    return this.git('rev-parse', 'HEAD');
  }

  remove(...names: string[]): void {
    for (const name of names) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function run(folder: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false', '-c', 'core.autocrlf=false'];
  return execFileSync('git', [...identity, ...words], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
