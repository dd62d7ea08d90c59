import type { TextRange } from '../../../../core/text';
import { fieldsOf, nameParts, nodeType, type NodeType, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ScriptContext, StatementContext } from '../../../context/context';
import { writtenName } from '../support/command-text';
import { failsInShadow } from '../support/evidence';
import { fix, rangeOf } from '../support/fixes';
import { settingInForce } from '../support/settings-in-force';
import { isTemporary } from '../support/stated-columns';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'unqualified-name',
  hazards: ['P86'],
  severity: 'hint',
  optIn: true,
  summary: 'Uses a name without its schema, so the search_path of the session decides which object is meant.',
  *statement(context) {
    if (failsInShadow(context) || settingInForce(context, 'search_path') !== undefined) return;
    const names = unqualifiedIn(context);
    const [first] = names;
    if (!first) return;
    const others = names.length - 1;
    const more = others === 0 ? '' : ` The statement has ${others} more unqualified ${others === 1 ? 'name' : 'names'}.`;
    const isPublic = names.every(({ name }) => isInPublic(context, name));
    yield {
      range: first.range,
      message: `The schema of ${first.name} depends on search_path: the name is not qualified`,
      details: `With another search_path, the statement fails, or uses or creates an object in another schema.${more}`,
      advice: others === 0 ? 'Write the schema before the name.' : 'Write the schema before each name.',
      fixes: isPublic
        ? [
            fix(
              context,
              'Qualify with public',
              names.map(({ range: { start } }) => ({ range: { start, end: start }, newText: 'public.' })),
            ),
          ]
        : [],
    };
  },
};

interface Unqualified {
  readonly name: string;
  readonly range: TextRange;
}

const definingStatements: ReadonlySet<string> = new Set<NodeType>([
  'CreateStmt',
  'CreateTableAsStmt',
  'ViewStmt',
  'IndexStmt',
  'AlterTableStmt',
  'RenameStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'CreateSeqStmt',
  'TruncateStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
]);

function unqualifiedIn(context: StatementContext): Unqualified[] {
  const { statement } = context;
  const { node } = statement;
  if (!node) return [];
  if (nodeType(node) === 'DropStmt') return droppedIn(context, node);
  if (!definingStatements.has(nodeType(node))) return [];
  const local = localNames(context, node);
  const found = new Map<number, Unqualified>();
  walk(node, (type, inner) => {
    if (type !== 'RangeVar' || inner.relname === undefined || inner.schemaname !== undefined) return;
    const name = inner.relname;
    const range = writtenName(statement, inner.location);
    if (range && !isTemporary(inner) && !local.has(name)) found.set(range.start, { name, range });
  });
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);
}

const droppedKinds = /^OBJECT_(?:TABLE|VIEW|MATVIEW|INDEX|SEQUENCE)$/;

function droppedIn({ script, statement }: StatementContext, node: SqlNode): Unqualified[] {
  const drop = fieldsOf(node, 'DropStmt');
  if (!droppedKinds.test(drop?.removeType ?? '')) return [];
  const temporary = temporaryNames(script);
  let from = rangeOf(statement, /^drop\s+\w+(?:\s+view)?(?:\s+concurrently)?(?:\s+if\s+exists)?/i)?.end ?? statement.start;
  return (drop?.objects ?? []).flatMap((object) => {
    const parts = nameParts(object);
    const token = nameIn(statement, parts.at(-1) ?? '', from);
    if (!token) return [];
    from = token.end;
    const name = parts.at(-1) ?? '';
    return parts.length > 1 || temporary.has(name) ? [] : [{ name, range: { start: token.start, end: token.end } }];
  });
}

/** Names that do not belong to a schema: those of WITH, and temporary tables of the script. */
function localNames({ script }: StatementContext, node: SqlNode): ReadonlySet<string> {
  const names = temporaryNames(script);
  walk(node, (type, inner) => {
    const name = type === 'CommonTableExpr' ? inner.ctename : undefined;
    if (name !== undefined) names.add(name);
  });
  return names;
}

function temporaryNames({ statements }: ScriptContext): Set<string> {
  const names = new Set<string>();
  for (const { node } of statements) {
    walk(node, (type, inner) => {
      const name = type === 'RangeVar' && isTemporary(inner) ? inner.relname : undefined;
      if (name !== undefined) names.add(name);
    });
  }
  return names;
}

/** True when the shadow saw the statement lock or change an object of that name in the schema public, and in no other. */
function isInPublic({ observation }: StatementContext, name: string): boolean {
  if (!observation || observation.error) return false;
  const relations = [
    ...observation.locks.flatMap(({ relation, table }) => [relation, table]),
    ...observation.changes.map(({ object }) => object.slice(object.lastIndexOf(' ') + 1)),
  ].filter((relation) => relation.endsWith(`.${name}`) && relation.split('.').length === 2);
  return relations.length > 0 && relations.every((relation) => relation === `public.${name}`);
}
