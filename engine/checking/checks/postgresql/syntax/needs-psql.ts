import type { Fix } from '../../../../core/finding';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ScriptContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { fix, removeStatement } from '../support/fixes';
import { toolName } from '../../support/tool-names';

export const check: Check = {
  id: 'needs-psql',
  hazards: [],
  severity: 'error',
  summary: 'Contains psql commands or rows for COPY FROM STDIN, which the migration tool cannot send.',
  *script(script, _migration, { directory }) {
    // Numbered files and lone scripts are often run by psql.
    if (!directory || directory.runner.psql || directory.layout === 'plain' || directory.layout === 'loose') return;
    const tool = toolName(directory.layout);
    const seen = new Set<string>();
    for (const statement of script.statements) {
      const word = statement.kind === 'meta' ? (/^\\\S*/.exec(statement.text)?.[0] ?? '') : undefined;
      const table = word === undefined && !directory.runner.copiesRows ? copiedTable(statement) : undefined;
      const what = word ?? table;
      if (what === undefined || seen.has(word ?? 'COPY')) continue;
      seen.add(word ?? 'COPY');
      if (word !== undefined) {
        yield {
          range: headOf(statement),
          message: `Fails: ${tool} sends the psql command ${word} to the server`,
          details: 'Only psql knows the command; the server answers with a syntax error.',
          advice: 'Remove the line.',
          fixes: removal(script, word),
        };
      } else {
        yield {
          range: headOf(statement),
          message: `Fails: ${tool} does not send the rows of COPY ${what} FROM STDIN`,
          advice: 'Write the rows as INSERT statements (pg_dump --inserts).',
        };
      }
    }
  },
};

/** The table of a COPY that reads rows from the client. */
function copiedTable({ node }: ParsedStatement): string | undefined {
  const copy = fieldsOf(node, 'CopyStmt');
  if (copy?.is_from !== true || copy.filename !== undefined) return undefined;
  return copy.relation?.relname;
}

/** Commands that a dump starts and ends with, and commands that only print: the script does not need them. */
const harmless = /^\\(?:restrict|unrestrict|echo|qecho|warn|timing|pset|x|t|a|q)$/;

function removal(script: ScriptContext, word: string): Fix[] {
  if (!harmless.test(word)) return [];
  const alike = script.statements.filter(({ kind, text }) => kind === 'meta' && harmless.test(/^\\\S*/.exec(text)?.[0] ?? ''));
  const edits = alike.map((statement) => removeStatement(script, statement));
  return [fix({ script }, alike.length === 1 ? 'Remove the psql command' : 'Remove the psql commands', edits)];
}
