import { listedBriefly } from '../../../../core/wording';
import type { Check } from '../../check';
import { displayName } from '../support/evidence';
import { firstFitting } from '../../support/headline';
import { manifestPlace } from '../../support/manifest-places';
import { referencePath, statedMigration } from '../../support/migration-reference';
import { blockedBy, type TableWork, tableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'online-migration-blocks',
  hazards: ['M22'],
  severity: 'error',
  summary: 'Blocks reads or writes of a table, although the manifest marks the migration as `online`.',
  *statement(context) {
    const stated = statedMigration(context.migration, context.project);
    if (stated?.reference.online !== true) return;
    const works = tableWork(context).filter(({ work }) => work !== 'none');
    if (works.length === 0) return;
    const message = headline(works, stated.reference.id);
    const advice = 'Split the work as the other findings at this statement say. Or remove `online: true` and plan downtime.';
    const finding = workFinding(context, works, { message, advice });
    const mark = manifestPlace(stated.document, [...referencePath(stated), 'online'], 'Marks the migration as online.');
    yield { ...finding, severity: 'error', related: [mark, ...(finding.related ?? [])] };
  },
};

/** The gravest of what is blocked: reads and writes where there are such tables, otherwise writes. */
function headline(works: readonly TableWork[], migration: string): string {
  const strongest = works.filter(({ mode }) => mode === 'AccessExclusive');
  const [mode, group] = strongest.length > 0 ? (['AccessExclusive', strongest] as const) : (['Share', works] as const);
  const names = group.map(({ table }) => displayName(table));
  const blocks = (tables: string) => `Blocks ${blockedBy(mode)} ${tables}, but ${migration} is marked online`;
  return firstFitting([blocks(listedBriefly(names)), blocks(listedBriefly(names, 1))]);
}
