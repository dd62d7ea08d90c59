import { posix } from 'node:path';
import type { Finding } from '#engine/core/finding';
import { LineIndex, type TextRange } from '#engine/core/text';
import { findingFingerprints } from '#engine/operations/checking';

/** A finding with its place for people and for services, where lines and columns count from 1. */
export interface LocatedFinding {
  readonly finding: Finding;
  /** Relative to the working directory when inside it. */
  readonly path: string;
  /** Relative to the repository, as services know files. */
  readonly repositoryPath: string;
  /** The same in every run, whatever changes around the finding; see `findingFingerprints`. */
  readonly fingerprint: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns offsets into lines; each file's index is made once. */
export class Locator {
  readonly #indexes = new Map<string, LineIndex>();

  /** @param prefix the path of the working directory in its repository, with `/` at the end; empty at the top and without one */
  constructor(
    readonly cwd: string,
    readonly textOf: (file: string) => string,
    readonly prefix = '',
  ) {}

  locate(findings: readonly Finding[]): LocatedFinding[] {
    const placed = findings.map((finding) => ({ finding, path: this.inRepository(finding.file) }));
    let fingerprints: readonly string[] | undefined;
    const fingerprintOf = (index: number) => (fingerprints ??= findingFingerprints(placed, this.textOf))[index] ?? '';
    return placed.map(({ finding, path }, index) => ({
      finding,
      path: this.relative(finding.file),
      repositoryPath: path,
      ...this.place(finding.file, finding.range),
      // Only some reports have it, and every file is read again for it.
      get fingerprint() {
        return fingerprintOf(index);
      },
    }));
  }

  place(file: string, range: TextRange): { line: number; column: number; endLine: number; endColumn: number } {
    const index = this.#index(file);
    const start = index.positionAt(range.start);
    const end = index.positionAt(range.end);
    return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  }

  lineText(file: string, line: number): string {
    const index = this.#index(file);
    const start = index.offsetAt({ line: line - 1, character: 0 });
    const text = index.text.slice(start, start + 2000);
    const end = text.search(/[\r\n]/);
    return end < 0 ? text : text.slice(0, end);
  }

  relative(file: string): string {
    const prefix = this.cwd.endsWith('/') ? this.cwd : `${this.cwd}/`;
    return file.startsWith(prefix) ? file.slice(prefix.length) : file;
  }

  /** The path from the top of the repository, or from the working directory where there is no repository. */
  inRepository(file: string): string {
    return posix.join(this.prefix, posix.relative(this.cwd, file));
  }

  #index(file: string): LineIndex {
    let index = this.#indexes.get(file);
    if (!index) {
      index = new LineIndex(this.textOf(file));
      this.#indexes.set(file, index);
    }
    return index;
  }
}
