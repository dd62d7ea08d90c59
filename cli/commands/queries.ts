import { frozenQueries, readQueries, type ReleaseQueries, type ReleaseQuery } from '#engine/operations/checking';
import { pathFrom, resolvePath } from '#engine/core/paths';
import { failure, type Outcome, success } from '#engine/core/problem';
import { LineIndex } from '#engine/core/text';
import { styleFor } from '../output/style';
import type { Terminal } from '../terminal';
import { report, type OutputOptions } from './report';

export interface QueriesOptions extends OutputOptions {
  /** The file to write the queries to. */
  readonly out?: string;
}

interface FoundQuery {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** `null` where the source gives a parameter no name. */
  readonly parameters: readonly (string | null)[];
}

interface QueriesReport {
  readonly queries: readonly FoundQuery[];
  readonly unusable: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
  /** The file that was written. */
  readonly written?: string;
}

/** `queries`: what a folder of code sends to its database; with `--out` written as one SQL file for the manifest to name. */
export async function queries(terminal: Terminal, paths: readonly string[], options: QueriesOptions): Promise<number> {
  return report(terminal, options, await collect(terminal, paths, options), (value) => describe(value, terminal));
}

async function collect(terminal: Terminal, paths: readonly string[], { out }: QueriesOptions): Promise<Outcome<QueriesReport>> {
  const { cwd, files } = terminal;
  const found = await readQueries('', paths, cwd, files);
  const [missing] = found.missing;
  if (missing !== undefined) {
    const file = resolvePath(cwd, missing);
    return failure({ code: 'file-not-found', file, message: `There is no file or folder ${file}.`, remedy: 'Correct the path.' });
  }
  const places = await Places.of(found, terminal);
  const value = {
    queries: found.queries.map((query) => ({
      ...places.of(query),
      name: query.name,
      sql: query.sql,
      parameters: query.parameters.map((name) => name ?? null),
    })),
    unusable: found.unusable.map((each) => ({ ...places.of(each), reason: each.reason })),
  };
  if (out === undefined) return success(value);
  if (value.queries.length === 0) {
    return failure({
      code: 'nothing-to-check',
      message: `No queries were found in ${paths.join(', ')}, so ${out} was not written.`,
      remedy: 'Specify the folders that contain the SQL or the code. docs/queries.md lists what is recognised.',
    });
  }
  const written = resolvePath(cwd, out);
  await files.write(
    written,
    frozenQueries(found.queries, (query: ReleaseQuery) => Object.values(places.of(query)).join(':')),
  );
  return success({ ...value, written });
}

/** Lines of places in the files that were read, and their paths from the working directory. */
class Places {
  readonly #cwd: string;
  readonly #lines: ReadonlyMap<string, LineIndex>;

  private constructor(cwd: string, lines: ReadonlyMap<string, LineIndex>) {
    this.#cwd = cwd;
    this.#lines = lines;
  }

  static async of({ queries: found, unusable }: ReleaseQueries, { cwd, files }: Terminal): Promise<Places> {
    const lines = new Map<string, LineIndex>();
    for (const { file, range } of [...found, ...unusable]) {
      if (range.start > 0 && !lines.has(file)) lines.set(file, new LineIndex(await files.readText(file)));
    }
    return new Places(cwd, lines);
  }

  of({ file, range }: Pick<ReleaseQuery, 'file' | 'range'>): { file: string; line: number } {
    const line = (this.#lines.get(file)?.positionAt(range.start).line ?? 0) + 1;
    return { file: pathFrom(this.#cwd, file), line };
  }
}

function describe({ queries: found, unusable, written }: QueriesReport, terminal: Terminal): string {
  const style = styleFor(terminal.colors);
  const listed = found.map(({ file, line, name, sql }) => {
    const head = sql.replace(/\s+/g, ' ');
    return `${style.bold(`${file}:${line}`)} ${name}\n  ${head.length > 100 ? `${head.slice(0, 99)}…` : head}\n`;
  });
  const left = unusable.map(({ file, line, reason }) => `${style.bold(`${file}:${line}`)} ${style.yellow('unusable')}\n  ${reason}\n`);
  const summary = `${found.length} queries, ${unusable.length} unusable.\n`;
  const answer = written === undefined ? listed.join('') : `Wrote ${written}.\n`;
  return answer + left.join('') + summary;
}
