import { schemasInPath } from '../../../../inputs/scripts/search-path';
import { fieldsOf, nameParts, walk, constantText } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ScriptContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { fix, removeStatement } from '../support/fixes';
import { toolName } from '../../support/tool-names';

export const check: Check = {
  id: 'search-path-hides-journal',
  hazards: ['P51'],
  severity: 'error',
  summary: 'Changes the search path of the session, so the migration tool no longer finds its own table.',
  *script(script, _migration, { directory, chain }) {
    const journal = directory?.runner.journal;
    if (!directory || !journal?.foundBySearchPath) return;
    const last = script.statements.findLast(({ node }) => node !== undefined && searchPathSet(node) !== undefined);
    const path = last?.node && searchPathSet(last.node);
    if (!last || !path || path === 'reset' || (path.length === 0 && journal.foundBySearchPath === 'or public')) return;
    const made = new Set(chain.flatMap(({ up }) => schemasMade(up)));
    if (!path.every((schema) => made.has(schema))) return;
    const shown = path.length === 0 ? 'is empty' : `is ${path.join(', ')}`;
    yield {
      range: headOf(last),
      message: `${toolName(directory.layout)} fails after this script: it does not find ${journal.table}`,
      details: `The search path of the session ${shown}.`,
      advice: 'Remove the statement, or use SET LOCAL.',
      fixes: [fix({ script }, 'Remove the statement', [removeStatement(script, last)])],
    };
  },
};

/** The schemas that a statement puts into the search path of the session, `reset` for its default; undefined when it leaves it alone. */
function searchPathSet(node: SqlNode): readonly string[] | 'reset' | undefined {
  const set = fieldsOf(node, 'VariableSetStmt');
  if (set) {
    if (set.kind === 'VAR_RESET_ALL') return 'reset';
    if (set.name?.toLowerCase() !== 'search_path' || set.is_local === true) return undefined;
    return set.kind === 'VAR_SET_VALUE' ? (set.args ?? []).flatMap((each) => schemasIn(constant(each) ?? '', false)) : 'reset';
  }
  if (fieldsOf(node, 'DiscardStmt')?.target === 'DISCARD_ALL') return 'reset';
  if (!fieldsOf(node, 'SelectStmt')) return undefined;
  let found: readonly string[] | undefined;
  walk(node, (type, inner) => {
    if (type !== 'FuncCall' || nameParts(inner.funcname).at(-1) !== 'set_config') return;
    const [name, value, local] = inner.args ?? [];
    const path = constant(value);
    if (constant(name)?.toLowerCase() === 'search_path' && path !== undefined && isFalse(local)) found = schemasIn(path, true);
  });
  return found;
}

/** The text of a constant, whatever it is cast to. */
function constant(node: SqlNode | undefined): string | undefined {
  const cast = fieldsOf(node, 'TypeCast');
  return cast ? constant(cast.arg) : constantText(node);
}

function isFalse(node: SqlNode | undefined): boolean {
  const value = fieldsOf(node, 'A_Const')?.boolval;
  return value !== undefined && !value.boolval;
}

/** A list in one text is what set_config takes; SET takes a list of names. */
function schemasIn(text: string, isList: boolean): string[] {
  const names = isList ? schemasInPath(text) : [text];
  return names.filter((name) => name !== '' && name !== 'pg_catalog');
}

/** Schemas that the migrations make, so that the tool cannot have made its table in them before the first one. */
function schemasMade({ statements }: ScriptContext): string[] {
  return statements.flatMap(({ node }) => {
    const create = fieldsOf(node, 'CreateSchemaStmt');
    return create?.if_not_exists ? [] : (create?.schemaname ?? []);
  });
}
