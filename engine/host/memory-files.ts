import type { Files } from '../core/host';
import { ProblemError } from '../core/problem';
import { decodeText, startsWithMark } from './decode-text';
import { notFound, readingProblem } from './file-problems';
import { compareCodePoints, trimmedPath } from '../core/paths';

/** Files that live in memory, for tests and dry runs. */
export interface MemoryFiles extends Files {
  /** Paths given to `write`, in order. */
  readonly writes: readonly string[];
  remove(path: string): void;
  /** Every file's text by path, sorted; undefined for what is not text. */
  texts(): Record<string, string | undefined>;
}

/** @param entries content by absolute path with `/` separators; folders follow from the paths. */
export function memoryFiles(entries: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFiles {
  const contents = new Map(Object.entries(entries).map(([path, content]) => [path, bytesOf(content)]));
  const writes: string[] = [];

  function bytesAt(path: string): Uint8Array {
    const bytes = contents.get(path);
    if (bytes) return bytes;
    throw isFolder(path) ? readingProblem(path, Object.assign(new Error('EISDIR'), { code: 'EISDIR' })) : notFound(path);
  }

  function isFolder(path: string): boolean {
    const prefix = withSlash(path);
    return [...contents.keys()].some((other) => other.startsWith(prefix));
  }

  return {
    writes,
    async readText(path) {
      const text = decodeText(bytesAt(path), path);
      if (!text.ok) throw new ProblemError(text.problem);
      return text.value;
    },
    async readBytes(path) {
      return bytesAt(path).slice();
    },
    async hasMark(path) {
      return startsWithMark(contents.get(path) ?? new Uint8Array());
    },
    async write(path, content) {
      contents.set(path, bytesOf(content));
      writes.push(path);
    },
    async list(folder) {
      const prefix = withSlash(folder);
      const names = new Set<string>();
      for (const path of contents.keys()) {
        if (!path.startsWith(prefix)) continue;
        const rest = path.slice(prefix.length);
        const slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
      }
      return [...names].sort(compareCodePoints);
    },
    async kind(path) {
      return contents.has(path) ? 'file' : isFolder(path) ? 'folder' : 'missing';
    },
    remove(path) {
      contents.delete(path);
    },
    texts() {
      const paths = [...contents.keys()].sort(compareCodePoints);
      return Object.fromEntries(
        paths.map((path) => {
          const text = decodeText(bytesAt(path), path);
          return [path, text.ok ? text.value : undefined];
        }),
      );
    },
  };
}

/**
 * `base` with some files replaced, as open editor documents replace what is on the disk.
 * `overlay` returns the text of a file or undefined; it is asked at every read. Folders are listed from `base` alone.
 */
export function overlayFiles(base: Files, overlay: (path: string) => string | undefined): Files {
  return {
    async readText(path) {
      const text = overlay(path);
      return text === undefined ? base.readText(path) : text.replace(/^\uFEFF/, '');
    },
    async readBytes(path) {
      const text = overlay(path);
      return text === undefined ? base.readBytes(path) : bytesOf(text);
    },
    // An editor keeps the mark of a file and does not show it.
    hasMark: (path) => base.hasMark(path),
    write: (path, content) => base.write(path, content),
    list: (folder) => base.list(folder),
    async kind(path) {
      return overlay(path) === undefined ? base.kind(path) : 'file';
    },
  };
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function withSlash(folder: string): string {
  const trimmed = trimmedPath(folder);
  return trimmed.endsWith('/') ? trimmed : `${trimmed}/`;
}
