import type { Finding } from '#engine/core/finding';
import { LineIndex, type TextRange } from '#engine/core/text';

/** A finding with lines and columns that count from 1, and the lines of its file. */
export interface LocatedFinding {
  readonly finding: Finding;
  /** Relative to the working directory when inside it. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns offsets into lines; each file's index is made once. */
export class Locator {
  readonly #indexes = new Map<string, LineIndex>();

  constructor(
    readonly cwd: string,
    readonly textOf: (file: string) => string,
  ) {}

  locate(finding: Finding): LocatedFinding {
    return { finding, path: this.relative(finding.file), ...this.place(finding.file, finding.range) };
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

  #index(file: string): LineIndex {
    let index = this.#indexes.get(file);
    if (!index) {
      index = new LineIndex(this.textOf(file));
      this.#indexes.set(file, index);
    }
    return index;
  }
}
