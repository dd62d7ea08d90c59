import type { Severity } from '../../../core/finding';
import type { LayoutName } from '../../../core/scripts';
import type { Check } from '../check';

interface Consequence {
  readonly severity: Severity;
  /** The end of a headline that begins with the migration. */
  readonly happens: string;
  readonly why: string;
}

/**
 * What tools do with a migration that sorts before one that a database has run; tools that run it are not here.
 * Sources: the tools' documentation of out-of-order migrations, and for golang-migrate its `Up`, which continues from the current version.
 */
const consequences: Partial<Record<LayoutName, Consequence>> = {
  'golang-migrate': { severity: 'error', happens: 'never runs', why: 'golang-migrate continues from the version of the database' },
  goose: { severity: 'warning', happens: 'stops the upgrade', why: 'goose refuses missing migrations without -allow-missing' },
  flyway: {
    severity: 'warning',
    happens: 'stops the upgrade',
    why: 'Flyway refuses migrations below the current version without outOfOrder',
  },
  atlas: {
    severity: 'warning',
    happens: 'stops the upgrade',
    why: 'Atlas refuses files added out of order without --exec-order non-linear',
  },
  'node-pg-migrate': {
    severity: 'warning',
    happens: 'stops the upgrade',
    why: 'node-pg-migrate checks the order of the migrations that ran',
  },
};

export const check: Check = {
  id: 'migration-out-of-order',
  hazards: ['P52'],
  severity: 'warning',
  summary: 'Adds a migration before one that databases have already run, so the migration tool skips or refuses it.',
  concernsSettled: true,
  *project({ directory, manifest, settlement }) {
    if (!directory || manifest) return;
    const consequence = consequences[directory.layout];
    if (!consequence) return;
    const ordered = directory.migrations.filter(({ repeatable }) => !repeatable);
    const lastSettled = ordered.findLastIndex(({ id }) => settlement.migrations.has(id));
    const last = ordered[lastSettled];
    for (const { id, up, version } of ordered.slice(0, Math.max(0, lastSettled))) {
      if (!last || settlement.migrations.has(id) || version === last.version) continue;
      yield {
        file: up.file,
        range: { start: 0, end: Math.max(0, up.text.search(/[\r\n]|$/)) },
        severity: consequence.severity,
        message: `${id} ${consequence.happens} on databases that have run ${last.id}`,
        details: `${consequence.why}. ${last.id} is settled by ${settlement.by}.`,
        advice: `Give ${id} a later version than ${last.id}.`,
        related: [{ file: last.up.file, range: { start: 0, end: 0 }, message: 'Databases have run this migration.' }],
      };
    }
  },
};
