import { listed } from '../core/wording';
import { baseName } from '../core/paths';
import type { LayoutName } from '../layouts/migration';
import type { Check, FindingDraft, ProjectContext } from './check';

/** Tools that compare what a database ran with the whole text of the script. */
const checksumTools: Partial<Record<LayoutName, string>> = { flyway: 'Flyway', sqlx: 'sqlx', atlas: 'Atlas' };

export const check: Check = {
  id: 'settled-migration-changed',
  hazards: ['M12'],
  group: 'history',
  severity: 'warning',
  summary: 'A migration that databases have run was edited or removed.',
  concernsSettled: true,
  *project(context) {
    const { settlement, directory } = context;
    const refusing = context.manifest ? 'mem8-upgrade' : directory && checksumTools[directory.layout];
    for (const { migration, before, range, changesUp } of settlement.edited) {
      // Only a tool that compares texts minds comments; a database minds statements.
      if (!changesUp && (refusing === undefined || context.manifest)) continue;
      const { file, text } = migration.up;
      yield {
        file,
        range,
        severity: refusing === undefined ? 'warning' : 'error',
        message:
          refusing === undefined
            ? `Databases that ran ${migration.id} before keep what the old script did: it changed after it was settled (${settlement.by}). Undo the change and write a new migration.`
            : `${refusing} refuses to upgrade databases that ran ${migration.id} before: it changed after it was settled (${settlement.by}). Undo the change and write a new migration.`,
        fixes: [{ title: 'Restore the settled script', edits: [{ file, range: { start: 0, end: text.length }, newText: before }] }],
      };
    }
    yield* removed(context);
  },
};

function* removed({ settlement, directory }: ProjectContext): Iterable<FindingDraft> {
  const names = settlement.removed.map(baseName);
  const place = directory?.migrations.find(({ id }) => !settlement.migrations.has(id)) ?? directory?.migrations.at(-1);
  if (names.length === 0 || !place) return;
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  const they = names.length === 1 ? 'is gone or has another name' : 'are gone or have other names';
  yield {
    file: place.up.file,
    range: { start: 0, end: 0 },
    message: `${listed(shown)} ${they}, although databases have run ${names.length === 1 ? 'it' : 'them'} (settled by ${settlement.by}). Restore the ${names.length === 1 ? 'file' : 'files'}.`,
  };
}
