import type { Check } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import type { Fix } from '../../../../core/finding';
import { displayName, headOf, tablesBornInUnit } from '../support/evidence';
import { appendTo, fix } from '../support/fixes';
import { schemaOf, type SchemaPlace, type SchemaTable } from '../support/schema';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'row-security-incomplete',
  hazards: ['P89'],
  severity: 'info',
  summary: 'Enables row-level security without a policy, or creates a policy while row-level security is off.',
  looksAhead: true,
  *migration(migration, project) {
    for (const table of schemaOf(project).values()) {
      const { rowSecurity, policies } = table;
      const isKnown = table.place !== undefined || project.completeHistory;
      const name = displayName(table.name);
      if (!isKnown) continue;
      if (rowSecurity?.migration === migration && !rowSecurity.isInside && policies.length === 0) {
        yield {
          range: headOf(rowSecurity.statement),
          verified: rowSecurity.ran,
          reason: 'not-run',
          message: `Hides all rows of ${name} from every role but the owner: there is no policy`,
          details: 'Queries return no rows and no error, and INSERT fails. Roles with BYPASSRLS are not affected.',
          advice: `Add the policies in the same migration: CREATE POLICY ... ON ${sqlName(table.name)} FOR ... TO ... USING (...);`,
        };
      }
      const last = policies.at(-1);
      if (last?.place.migration === migration && !last.place.isInside && !rowSecurity && !table.isPartition) {
        yield {
          range: headOf(last.place.statement),
          verified: last.place.ran,
          reason: 'not-run',
          message: `Policy ${last.name} has no effect: row-level security is off for ${name}`,
          details: 'Roles with privileges on the table read and write all of its rows.',
          advice: `Enable row-level security: ALTER TABLE ${sqlName(table.name)} ENABLE ROW LEVEL SECURITY;`,
          fixes: enablingFixes(migration, project, table, last.place),
        };
      }
    }
  },
};

/** Only for a table that the same deployment unit creates: in a table in use, ALTER TABLE waits for all sessions that use it. */
function enablingFixes(migration: MigrationContext, project: ProjectContext, table: SchemaTable, { statement }: SchemaPlace): Fix[] {
  if (!tablesBornInUnit(migration, project).has(table.name)) return [];
  const lineEnd = migration.up.script.text.includes('\r\n') ? '\r\n' : '\n';
  const sql = `;${lineEnd}ALTER TABLE ${sqlName(table.name)} ENABLE ROW LEVEL SECURITY`;
  return [fix({ script: migration.up }, 'Enable row-level security', [appendTo(statement, sql)])];
}
