import type { Check, MigrationContext, ProjectContext } from './check';
import type { Fix } from '../core/finding';
import { displayName, headOf, tablesBornInUnit } from './support/evidence';
import { appendTo, fix } from './support/fixes';
import { schemaOf, type SchemaPlace, type SchemaTable } from './support/schema';
import { sqlName } from './support/type-changes';

export const check: Check = {
  id: 'row-security-incomplete',
  hazards: ['P89'],
  group: 'advice',
  severity: 'info',
  summary: 'Row level security is on without a policy, or a policy stands on a table where it is off.',
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
          message: `Every role but the owner of ${name} and those with BYPASSRLS reads no rows and can write none, without an error in queries: row level security is on, and no script makes a policy that lets rows through. Add the policies in the same migration: CREATE POLICY ... ON ${sqlName(table.name)} FOR ... TO ... USING (...);${doubt(rowSecurity)}`,
        };
      }
      const last = policies.at(-1);
      if (last?.place.migration === migration && !last.place.isInside && !rowSecurity && !table.isPartition) {
        yield {
          range: headOf(last.place.statement),
          verified: last.place.ran,
          message: `The policy protects nothing: every role with rights on ${name} reads and writes all of its rows, because row level security of the table is off. Switch it on: ALTER TABLE ${sqlName(table.name)} ENABLE ROW LEVEL SECURITY;${doubt(last.place)}`,
          fixes: enablingFixes(migration, project, table, last.place),
        };
      }
    }
  },
};

function doubt({ ran }: SchemaPlace): string {
  return ran ? '' : ' This is judged by the scripts alone.';
}

/** Only where nobody uses the table yet: ALTER TABLE waits for everybody who does. */
function enablingFixes(migration: MigrationContext, project: ProjectContext, table: SchemaTable, { statement }: SchemaPlace): Fix[] {
  if (!tablesBornInUnit(migration, project).has(table.name)) return [];
  const lineEnd = migration.up.script.text.includes('\r\n') ? '\r\n' : '\n';
  const sql = `;${lineEnd}ALTER TABLE ${sqlName(table.name)} ENABLE ROW LEVEL SECURITY`;
  return [fix({ script: migration.up }, 'Switch row level security on', [appendTo(statement, sql)])];
}
