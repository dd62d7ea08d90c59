import type { QualifiedName } from '../../../../databases/postgresql/sql/nodes';
import { hasNoEffect, rowWrites, type RowWrite } from '../../../../databases/postgresql/sql/row-writes';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import type { Check } from '../../check';
import { isDeclaredIrreversible } from '../support/declared-irreversible';
import { columnsBornInUnit, displayName, headOf, qualifiedName, tablesBornInUnit } from '../support/evidence';
import { placeInDown } from '../support/place-in-down';

export const check: Check = {
  id: 'down-keeps-writes',
  hazards: ['P72', 'M19'],
  severity: 'warning',
  summary: 'Leaves the rows that the up script wrote: the down script has no statements.',
  *migration(context, project) {
    const { migration, up, down, roundTrip } = context;
    if (!down || migration.repeatable || down.statements.some((statement) => !hasNoEffect(statement))) return;
    // An incomplete down script is reported as such, by its differences.
    if (roundTrip?.schemaRestored === false || isDeclaredIrreversible(context, project)) return;
    const kept = up.statements.flatMap((statement) => rowWrites(statement).flatMap((write) => keptBy(write, statement, context, project)));
    const [first] = kept;
    if (!first) return;
    const names = [...new Set(kept.map(({ name }) => name))];
    const isLost = kept.some(({ kind }) => kind === 'update' || kind === 'delete');
    yield {
      file: down.script.file,
      range: placeInDown(down, []),
      severity: isLost ? 'warning' : 'info',
      verified: true,
      message: `Rolling back ${migration.id} leaves ${written(names)} as the up script wrote ${names.length > 1 ? 'them' : 'it'}`,
      details: `The down script has no statements, so a rollback restores none of the rows that the up script ${wrote(kept)}${names.length > 1 ? `: ${names.join(', ')}` : ''}.`,
      advice: isLost
        ? 'Keep the old values in the up script and restore them in the down script. If they cannot be restored, set `irreversible` for the migration in the manifest, so that its rollback restores a backup.'
        : 'Undo the write in the down script, for example by the keys of the rows.',
      related: [...new Set(kept.map(({ at }) => at))].map((at) => ({
        file: up.script.file,
        range: headOf(at),
        message: 'Writes the rows.',
      })),
    };
  },
};

/** Something that earlier releases had, or that is there in addition, and that stays as the up script left it. */
interface Kept {
  readonly name: string;
  readonly kind: RowWrite['kind'];
  readonly at: ParsedStatement;
}

function keptBy({ table, kind, columns }: RowWrite, at: ParsedStatement, context: MigrationContext, project: ProjectContext): Kept[] {
  const name = qualifiedName(table);
  if (isAmong(tablesBornInUnit(context, project), table)) return [];
  if (!columns) return [{ name: displayName(name), kind, at }];
  const born = columnsBornInUnit(context, project);
  const older = columns.filter((column) => !isAmong(born, table, column));
  return older.map((column) => ({ name: `${displayName(name)}.${identifier(column)}`, kind, at }));
}

/** Without a schema in the script, the table may be that of any schema. */
function isAmong(born: ReadonlySet<string>, { schema, name }: QualifiedName, column?: string): boolean {
  const end = column === undefined ? name : `${name}.${column}`;
  return schema === undefined ? [...born].some((each) => each.endsWith(`.${end}`)) : born.has(`${schema}.${end}`);
}

function wrote(kept: readonly Kept[]): string {
  const verbs = { insert: 'inserted', update: 'updated', fill: 'filled', delete: 'deleted' };
  const words = [...new Set(kept.map(({ kind }) => verbs[kind]))];
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? '');
}

function written([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
