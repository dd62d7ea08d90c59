import type { Check } from './check';
import { manifestPlace } from './support/manifest-places';
import { referencePath, statedMigration } from './support/migration-reference';
import { tableWork, workFinding } from './support/table-work';

export const check: Check = {
  id: 'online-migration-blocks',
  hazards: ['M22'],
  group: 'locks',
  severity: 'error',
  summary: 'A migration that promises to run while the system works keeps others from a table.',
  *statement(context) {
    const stated = statedMigration(context.migration, context.project);
    if (stated?.reference.online !== true) return;
    const works = tableWork(context).filter(({ work }) => work !== 'none');
    if (works.length === 0) return;
    const advice = `The manifest promises that ${stated.reference.id} runs online. Split the work as the other findings here say, or take back \`online\` and plan a pause.`;
    const finding = workFinding(context, works, { advice });
    const promise = manifestPlace(stated.document, [...referencePath(stated), 'online'], 'The system goes on working, as promised here.');
    yield { ...finding, severity: 'error', related: [promise, ...(finding.related ?? [])] };
  },
};
