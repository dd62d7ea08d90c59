import { LineIndex } from '#engine/core/text';
import type { LayoutName } from '#engine/layouts/migration';
import { analyse } from '#engine/project/analysis';
import { locksInForce } from '#engine/checks/support/evidence';
import { statementContexts } from '#engine/checks/statement-contexts';
import { exitCodes } from '../exit-codes';
import { styleFor } from '../output/style';
import { openProjects } from '../projects';
import { withShadow } from '../shadow';
import type { Terminal } from '../terminal';

export interface ObserveOptions {
  readonly format: 'text' | 'json';
  readonly layout: LayoutName | 'auto';
}

interface ObservedStatement {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  readonly locks: readonly { relation: string; mode: string }[];
  /** Taken by earlier statements of the same transaction and still in force. */
  readonly held: readonly { relation: string; mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly error: string | null;
}

/** `observe`: what each statement of the up scripts did in the embedded database. */
export async function observe(terminal: Terminal, paths: readonly string[], options: ObserveOptions): Promise<number> {
  const projects = await openProjects(terminal, paths, { layout: options.layout });
  const statements: ObservedStatement[] = [];
  await withShadow(terminal, async (shadow) => {
    for (const project of projects) {
      const { context } = await analyse(project, { shadow, rehearse: 'none', checks: [], signal: terminal.signal });
      for (const migration of context.chain) {
        const index = new LineIndex(migration.up.script.text);
        for (const each of statementContexts(migration, context)) {
          const { statement, observation } = each;
          const earlier = locksInForce(each).filter(({ since }) => since !== statement);
          statements.push({
            file: relative(terminal.cwd, migration.up.script.file),
            line: index.positionAt(statement.start).line + 1,
            sql: statement.text,
            locks: (observation?.locks ?? []).map(({ relation, mode }) => ({ relation, mode })),
            held: earlier.map(({ relation, mode }) => ({ relation, mode })),
            rewrites: observation?.rewrites ?? [],
            scans: observation?.scans ?? [],
            error: observation?.error ? `${observation.error.sqlstate}: ${observation.error.message}` : (statement.error?.message ?? null),
          });
        }
      }
    }
  });
  if (options.format === 'json') terminal.out(`${JSON.stringify({ statements }, null, 2)}\n`);
  else terminal.out(statements.map((each) => describe(each, styleFor(terminal.colors))).join(''));
  return exitCodes.clean;
}

function describe({ file, line, sql, locks, rewrites, scans, error }: ObservedStatement, style: ReturnType<typeof styleFor>): string {
  const facts = [
    locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', '),
    rewrites.length > 0 ? `rewrites ${rewrites.join(', ')}` : '',
    scans.length > 0 ? `scans ${scans.join(', ')}` : '',
    error ? style.red(error) : '',
  ].filter(Boolean);
  const head = sql.split(/\r?\n/, 1)[0] ?? '';
  return `${style.bold(`${file}:${line}`)} ${head}\n  ${facts.join('; ') || style.dim('no locks on existing relations')}\n`;
}

function relative(cwd: string, file: string): string {
  return file.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
}
