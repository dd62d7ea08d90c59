import { dialectTitles } from '../../../core/dialects';
import { firstLine } from '../../../inputs/scripts/sections';
import type { Check } from '../check';
import { sentence } from '../support/problem-texts';
import { databaseOf } from '../../../databases/registry/index';

export const check: Check = {
  id: 'other-database',
  hazards: [],
  severity: 'info',
  summary: 'Contains scripts for a database other than PostgreSQL, which are not checked.',
  *project({ directory, manifest }) {
    if (!directory || databaseOf(directory.dialect)) return;
    const first = directory.migrations[0]?.up;
    if (!first) return;
    const { dialect, dialectReason: reason } = directory;
    const setting = manifest ? '`migrations.dialect: postgresql`' : '`dialect: postgresql` in .mem8-upgrade.yaml';
    yield {
      file: first.file,
      range: firstLine(first.text),
      message: `Not checked: these scripts are for ${dialectTitles[dialect]}, not for PostgreSQL`,
      details: reason === undefined ? undefined : sentence(reason),
      advice: reason === undefined ? undefined : `If the scripts are for PostgreSQL, set ${setting}.`,
    };
  },
};
