import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import type { TextRange } from '../../core/text';
import { joined } from '../../core/paths';
import type { LayoutProblem, Migration } from '../../core/scripts';
import type { DirectedText } from './sections';

/** Reads the files of one directory and collects what is wrong with them, so that one bad file does not blank the rest. */
export class DirectoryReader {
  readonly problems: LayoutProblem[] = [];

  constructor(
    readonly files: Files,
    readonly directory: string,
  ) {}

  path(relative: string): string {
    return joined(this.directory, relative);
  }

  /** Names in the directory, or in a folder of it: files, and folders without their `/`. */
  async names(relative = ''): Promise<{ files: string[]; folders: string[] }> {
    const names = await this.files.list(relative === '' ? this.directory : this.path(relative));
    return {
      files: names.filter((name) => !name.endsWith('/')),
      folders: names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
    };
  }

  /** The text of a file; undefined, and a problem `unreadable-script`, when it cannot be read. */
  async text(file: string): Promise<string | undefined> {
    const text = await outcomeOf(() => this.files.readText(file));
    if (text.ok) return text.value;
    const { message, remedy, cause } = text.problem;
    this.report('unreadable-script', file, [message, cause, remedy].filter(Boolean).join(' '));
    return undefined;
  }

  /** Reports a script that starts with a byte order mark, for a tool that does not skip it. `consequence`: what the tool does with it. */
  async reportMark(file: string, consequence: string): Promise<void> {
    if (!(await this.files.hasMark(file))) return;
    this.report('byte-order-mark', file, `Fails: the file starts with a byte order mark, ${consequence}`);
  }

  report(
    kind: LayoutProblem['kind'],
    file: string,
    message: string,
    range: TextRange = { start: 0, end: 0 },
    related?: LayoutProblem['related'],
  ): void {
    this.problems.push({ kind, file, range, message, related });
  }

  reportDirected(file: string, directed: DirectedText): void {
    for (const { kind, range, message } of directed.problems) this.report(kind, file, message, range);
  }

  reportDuplicate(file: string, other: string, what: string, consequence: string): void {
    const range = { start: 0, end: 0 };
    this.report('duplicate-version', file, `${what} is used by two migrations. ${consequence}`, range, [
      { file: other, range, message: `${what} is used here too.` },
    ]);
  }

  /** Reports every migration whose version was there before, by what `keyOf` makes of it. */
  reportDuplicateVersions(migrations: readonly Migration[], keyOf: (version: string) => string, consequence: string): void {
    const first = new Map<string, Migration>();
    for (const migration of migrations.filter((each) => !each.repeatable)) {
      const key = keyOf(migration.version);
      const before = first.get(key);
      if (before) this.reportDuplicate(migration.up.file, before.up.file, `Version ${migration.version}`, consequence);
      else first.set(key, migration);
    }
  }
}

/** Runs `work` over the items, a few at a time, and keeps their order. */
export async function mapFew<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const atOnce = 16;
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}

export function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
