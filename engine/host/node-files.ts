import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Files } from '../core/host';
import { decodeText, startsWithMark } from './decode-text';
import { readingProblem, tooLarge, writingProblem } from './file-problems';
import { ProblemError } from '../core/problem';
import { compareCodePoints, enginePath, parentFolder, joined, baseName } from '../core/paths';

const defaultMaxTextBytes = 64 * 1024 * 1024;

/**
 * The files of the machine. `maxTextBytes` limits `readText` (default 64 MB).
 * A write to a symbolic link replaces what it points to; the mode of a replaced file is kept.
 */
export function nodeFiles(options: { maxTextBytes?: number } = {}): Files {
  const limit = options.maxTextBytes ?? defaultMaxTextBytes;
  return {
    async readText(path) {
      const stats = await reading(path, () => stat(path));
      if (stats.isFile() && stats.size > limit) throw tooLarge(path, stats.size, limit);
      const text = decodeText(await reading(path, () => readFile(path)), path);
      if (!text.ok) throw new ProblemError(text.problem);
      return text.value;
    },
    readBytes: (path) => reading(path, () => readFile(path)),
    hasMark,
    write: (path, content) => writing(path, () => replaceFile(path, content)),
    list: (folder) => reading(folder, () => namesIn(folder)),
    kind: (path) => reading(path, () => kindOf(path)),
  };
}

async function hasMark(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(3), 0, 3, 0);
      return startsWithMark(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readingProblem(path, error);
  }
}

async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw writingProblem(path, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(folder, { withFileTypes: true }));
  if (!entries) return [];
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isDirectory()) return `${entry.name}/`;
      if (!entry.isSymbolicLink()) return entry.name;
      const target = await unlessMissing(stat(joined(folder, entry.name)));
      return target?.isDirectory() ? `${entry.name}/` : entry.name;
    }),
  );
  return names.sort(compareCodePoints);
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  const stats = await unlessMissing(stat(path));
  return !stats ? 'missing' : stats.isDirectory() ? 'folder' : 'file';
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(parentFolder(path), { recursive: true });
  const target = enginePath((await unlessMissing(realpath(path))) ?? path);
  const before = await unlessMissing(stat(target));
  const temporary = joined(parentFolder(target), `.${baseName(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, content, before);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(parentFolder(target));
}

async function writeDurably(path: string, content: string | Uint8Array, like: Stats | undefined): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    if (like) await file.chmod(like.mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable where the system can flush a folder; Windows and some network file systems cannot. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}
