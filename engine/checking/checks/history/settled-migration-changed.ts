import { listedBriefly } from '../../../core/wording';
import { baseName } from '../../../core/paths';
import type { LayoutName } from '../../../core/scripts';
import type { Check, FindingDraft } from '../check';
import type { ProjectContext } from '../../context/context';

/** Tools that compare what a database ran with the whole text of the script. */
const checksumTools: Partial<Record<LayoutName, string>> = { flyway: 'Flyway', sqlx: 'sqlx', atlas: 'Atlas' };

export const check: Check = {
  id: 'settled-migration-changed',
  hazards: ['M12'],
  severity: 'warning',
  summary: 'Edits or removes a migration that databases have already run.',
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
            ? `${migration.id} was changed after databases ran it`
            : `${refusing} refuses to upgrade databases that ran ${migration.id}: the script changed`,
        details: `${migration.id} is settled by ${settlement.by}. Databases that ran the old script keep its result.`,
        advice: 'Undo the change and write a new migration.',
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
  const isOne = names.length === 1;
  yield {
    file: place.up.file,
    range: { start: 0, end: 0 },
    message: `${listedBriefly(names)} ${isOne ? 'was' : 'were'} removed or renamed after databases ran ${isOne ? 'it' : 'them'}`,
    details: `${isOne ? 'It is' : 'They are'} settled by ${settlement.by}.`,
    advice: isOne ? 'Restore the file.' : 'Restore the files.',
  };
}
