import type { Fix } from '../core/finding';
import { asText, fieldsOf, relationName } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, ScriptContext } from './check';
import { headOf } from './support/evidence';
import { fix, removeStatement } from './support/fixes';
import { toolName } from './support/tool-names';

export const check: Check = {
  id: 'needs-psql',
  hazards: [],
  group: 'syntax',
  severity: 'error',
  summary: 'A script holds commands of psql or rows for COPY FROM STDIN, which its migration tool cannot send.',
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
        const message = `The upgrade stops here: ${word} is a command of psql, and ${tool} sends it to the server. Remove the line.`;
        yield { range: headOf(statement), message, fixes: removal(script, word) };
      } else {
        const message = `The upgrade stops here: ${tool} does not send the rows of COPY ${what} FROM STDIN. Write them as INSERT (pg_dump --inserts).`;
        yield { range: headOf(statement), message };
      }
    }
  },
};

/** The table of a COPY that reads rows from the client. */
function copiedTable({ node }: ParsedStatement): string | undefined {
  const copy = fieldsOf(node, 'CopyStmt');
  if (copy?.['is_from'] !== true || asText(copy['filename']) !== undefined) return undefined;
  return relationName(copy['relation'])?.name;
}

/** The guards of a dump and what is only printed do nothing that the script needs. */
const harmless = /^\\(?:restrict|unrestrict|echo|qecho|warn|timing|pset|x|t|a|q)$/;

function removal(script: ScriptContext, word: string): Fix[] {
  if (!harmless.test(word)) return [];
  const alike = script.statements.filter(({ kind, text }) => kind === 'meta' && harmless.test(/^\\\S*/.exec(text)?.[0] ?? ''));
  const edits = alike.map((statement) => removeStatement(script, statement));
  return [fix({ script }, alike.length === 1 ? 'Remove the command' : 'Remove the commands of psql', edits)];
}
