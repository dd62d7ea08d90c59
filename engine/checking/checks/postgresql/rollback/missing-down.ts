import { scriptTemplate } from '../../../../inputs/scripts/index';
import type { Migration, MigrationDirectory } from '../../../../core/scripts';
import { inverseOf } from '../../../../databases/postgresql/sql/inverse';
import type { Fix, Severity } from '../../../../core/finding';
import type { Check } from '../../check';
import type { MigrationContext, ProjectContext, ScriptContext } from '../../../context/context';
import { isDeclaredIrreversible } from '../support/declared-irreversible';

export const check: Check = {
  id: 'missing-down',
  hazards: ['P71', 'M19'],
  severity: 'warning',
  summary: 'Has no down script, so a rollback has to restore a backup.',
  looksAhead: true,
  *migration(context, project) {
    const { migration, up, release } = context;
    const changesNothing = up.statements.length === 0;
    if (migration.down || migration.repeatable || changesNothing || !project.directory?.runner.hasDowns) return;
    if (isDeclaredIrreversible(context, project)) return;
    const severity = release === undefined ? severityByCustom(project) : 'warning';
    if (severity === undefined) return;
    const first = up.statements[0];
    const range = first ? { start: first.start, end: Math.min(first.end, endOfLine(up.script.text, first.start)) } : { start: 0, end: 0 };
    yield {
      range,
      severity,
      fixes: downFixes(migration, up, project.directory),
      message: `${migration.id} has no down script: a rollback has to restore a backup`,
      details: 'Restoring a backup loses all data written since the upgrade.',
    };
  },
};

/** Scripts from which on a directory has a custom of its own. */
const fewestForCustom = 3;

const customs = new WeakMap<ProjectContext, Severity | 'none'>();

/**
 * What a missing down is worth where no release promises one: an oversight where nearly all migrations of the directory have one, information
 * where most have, nothing where most have none.
 */
function severityByCustom(project: ProjectContext): Severity | undefined {
  const known = customs.get(project) ?? customOf(project.chain);
  customs.set(project, known);
  return known === 'none' ? undefined : known;
}

function customOf(chain: readonly MigrationContext[]): Severity | 'none' {
  const versioned = chain.filter(({ migration, up }) => !migration.repeatable && up.statements.length > 0);
  if (versioned.length < fewestForCustom) return 'warning';
  const share = versioned.filter(({ down }) => down).length / versioned.length;
  return share >= 0.8 ? 'warning' : share >= 0.5 ? 'info' : 'none';
}

/** A down script that follows from the up script, where one does and no other migration of the same version would take it for its own. */
function downFixes(migration: Migration, up: ScriptContext, directory: MigrationDirectory): Fix[] {
  const isOnlyOne = directory.problems.every(({ kind, file }) => kind !== 'duplicate-version' || file !== up.script.file);
  if (!isOnlyOne) return [];
  const body = inverseOf(up.statements);
  const template = body === undefined ? undefined : scriptTemplate(directory, migration, body);
  if (!template) return [];
  const edit = template.kind === 'file' ? { file: template.file, range: { start: 0, end: 0 }, newText: template.text } : template.edit;
  return [{ title: 'Create the down script', preferred: true, edits: [edit] }];
}

function endOfLine(text: string, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end < 0 ? text.length : offset + end;
}
