import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** The folders of two versions of some files, by path in the folder. */
export interface BufInput {
  readonly older: ReadonlyMap<string, string>;
  readonly newer: ReadonlyMap<string, string>;
}

/** `lines`: what buf prints, one JSON object a line. */
export type BufOutput =
  { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly message: string } | { readonly kind: 'done'; readonly lines: string };

const timeoutMs = 60_000;
/** What buf exits with when it has something to report. */
const hasFindings = 100;

/**
 * Runs `buf breaking` over copies in a temporary folder. The program is looked for on the PATH alone, and there in absolute
 * folders: what lies in a project that somebody opened must not be run for that.
 */
export function runBufBreaking({ older, newer }: BufInput): Promise<BufOutput> {
  return inCopies({ older, newer }, ['breaking', 'newer', '--against', 'older', '--error-format', 'json']);
}

/** Runs `buf build`: the descriptors of the files and of what they import, as a `FileDescriptorSet` in JSON, with all names resolved. */
export function runBufBuild(files: ReadonlyMap<string, string>): Promise<BufOutput> {
  return inCopies({ files }, ['build', 'files', '--output', '-#format=json', '--exclude-source-info']);
}

async function inCopies(folders: Readonly<Record<string, ReadonlyMap<string, string>>>, parameters: readonly string[]): Promise<BufOutput> {
  const program = await findBuf();
  if (program === undefined) return { kind: 'missing' };
  const folder = await mkdtemp(join(tmpdir(), 'mem8-buf-'));
  try {
    for (const [name, files] of Object.entries(folders)) await writeAll(join(folder, name), files);
    return await run(program, parameters, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function findBuf(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'buf.exe' : 'buf';
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    const canRun = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (canRun) return program;
  }
  return undefined;
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'buf.yaml'), 'version: v2\nbreaking:\n  use:\n    - FILE\n');
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

function run(program: string, parameters: readonly string[], folder: string): Promise<BufOutput> {
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024, windowsHide: true } as const;
    execFile(program, parameters, options, (error, output, errors) => {
      if (!error || error.code === hasFindings) resolve({ kind: 'done', lines: output });
      else resolve({ kind: 'failed', message: errors.trim().split('\n').at(-1) ?? error.message });
    });
  });
}
