import { dialectTitles } from '../layouts/dialects';
import { firstLine } from '../layouts/sections';
import type { Check } from './check';

export const check: Check = {
  id: 'other-database',
  hazards: [],
  group: 'history',
  severity: 'info',
  summary: 'The scripts are for another database than PostgreSQL, so they are not checked.',
  *project({ directory, manifest }) {
    if (!directory || directory.dialect === 'postgresql') return;
    const first = directory.migrations[0]?.up;
    if (!first) return;
    const { dialect, dialectReason: reason } = directory;
    const setting = manifest ? '`migrations.dialect: postgresql`' : '`dialect: postgresql` in .mem8-upgrade.yaml';
    const because = reason === undefined ? '' : ` Set ${setting} if this is wrong: ${reason}.`;
    yield {
      file: first.file,
      range: firstLine(first.text),
      message: `These scripts are for ${dialectTitles[dialect]}, so they are not checked: only PostgreSQL is supported.${because}`,
    };
  },
};
