import type { Severity } from '../core/finding';
import type { LayoutName } from '../layouts/migration';
import type { Check } from './check';

interface Consequence {
  readonly severity: Severity;
  /** Completes a sentence that begins with the migration. */
  readonly text: string;
}

/**
 * What tools do with a migration that comes before one that a database has run; those that just run it are not here.
 * Sources: the tools' documentation of out-of-order migrations, and for golang-migrate its `Up`, which goes on from the version it is at.
 */
const consequences: Partial<Record<LayoutName, Consequence>> = {
  'golang-migrate': { severity: 'error', text: 'never runs on databases that are past it: golang-migrate goes on from their version' },
  goose: { severity: 'warning', text: 'stops the upgrade: goose refuses missing migrations without -allow-missing' },
  flyway: { severity: 'warning', text: 'stops the upgrade: Flyway refuses migrations below the current version unless outOfOrder is set' },
  atlas: { severity: 'warning', text: 'stops the upgrade: Atlas refuses files added out of order unless --exec-order says otherwise' },
  'node-pg-migrate': { severity: 'warning', text: 'stops the upgrade: node-pg-migrate checks the order of what was run' },
};

export const check: Check = {
  id: 'migration-out-of-order',
  hazards: ['P52'],
  group: 'history',
  severity: 'warning',
  summary: 'A new migration comes before one that databases have run, and its tool skips or refuses it.',
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
        message: `${id} ${consequence.text}. ${last.id} comes after it and is settled (${settlement.by}). Give ${id} a later version.`,
        related: [{ file: last.up.file, range: { start: 0, end: 0 }, message: 'Databases have run this one.' }],
      };
    }
  },
};
