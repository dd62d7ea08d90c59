import {
  displayName,
  heldLocks,
  lockName,
  locksBySyntax,
  locksInForce,
  lockText,
  type StatementContext,
  statementContexts,
} from '#engine/operations/statement-facts';
import { pathFrom } from '#engine/core/paths';
import { LineIndex } from '#engine/core/text';
import type { LayoutName } from '#engine/core/scripts';
import { analyse } from '#engine/operations/checking';
import type { LockMode, RelationName } from '#engine/databases/observation';
import { exitCodes } from '../exit-codes';
import { type Style, styleFor } from '../output/style';
import { openProjects } from '../projects';
import { withShadow } from '../shadow';
import type { Terminal } from '../terminal';

export interface ObserveOptions {
  readonly format: 'text' | 'json';
  readonly layout: LayoutName | 'auto';
}

/** What `--format json` has of a statement. */
interface ObservedStatement {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  readonly locks: readonly { relation: RelationName; mode: LockMode }[];
  /** Taken by earlier statements of the same transaction and still in force. */
  readonly held: readonly { relation: RelationName; mode: LockMode }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly error: string | null;
}

/** `observe`: what each statement of the up scripts did in the embedded database. */
export async function observe(terminal: Terminal, paths: readonly string[], options: ObserveOptions): Promise<number> {
  const projects = await openProjects(terminal, paths, { layout: options.layout });
  const statements: { json: ObservedStatement; text: string }[] = [];
  await withShadow(terminal, async (shadow) => {
    for (const project of projects) {
      const { context } = await analyse(project, { shadow, rehearse: 'none', checks: [], signal: terminal.signal });
      for (const migration of context.chain) {
        const index = new LineIndex(migration.up.script.text);
        for (const each of statementContexts(migration, context)) {
          const { statement, observation } = each;
          const earlier = locksInForce(each).filter(({ since }) => since !== statement);
          const json: ObservedStatement = {
            file: pathFrom(terminal.cwd, migration.up.script.file),
            line: index.positionAt(statement.start).line + 1,
            sql: statement.text,
            locks: (observation?.locks ?? []).map(({ relation, mode }) => ({ relation, mode })),
            held: earlier.map(({ relation, mode }) => ({ relation, mode })),
            rewrites: observation?.rewrites ?? [],
            scans: observation?.scans ?? [],
            error: observation?.error ? `${observation.error.sqlstate}: ${observation.error.message}` : (statement.error?.message ?? null),
          };
          statements.push({ json, text: describe(each, json, styleFor(terminal.colors)) });
        }
      }
    }
  });
  if (options.format === 'json') terminal.out(`${JSON.stringify({ statements: statements.map(({ json }) => json) }, null, 2)}\n`);
  else terminal.out(statements.map(({ text }) => text).join(''));
  return exitCodes.clean;
}

function describe(context: StatementContext, { file, line, sql, locks, rewrites, scans, error }: ObservedStatement, style: Style): string {
  const taken = [...locks.map(({ relation, mode }) => lockName({ table: relation, mode })), ...locksBySyntax(context).map(lockText)];
  const held = heldLocks(context).map((lock) => `${lockName(lock)}${lock.origin ? ` (line ${lock.origin.line})` : ''}`);
  const facts = [
    taken.join(', '),
    held.length > 0 ? `holds ${held.join(', ')}` : '',
    rewrites.length > 0 ? `rewrites ${rewrites.map(displayName).join(', ')}` : '',
    scans.length > 0 ? `scans ${scans.map(displayName).join(', ')}` : '',
    error ? style.red(error) : '',
  ].filter(Boolean);
  const head = sql.split(/\r?\n/, 1)[0] ?? '';
  return `${style.bold(`${file}:${line}`)} ${head}\n  ${facts.join('; ') || style.dim('no locks on existing relations')}\n`;
}
