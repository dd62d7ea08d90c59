import { listed, listedBriefly } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import type { CatalogChange } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, nameFromList, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, failsInShadow, headOf, tablesBornInUnit } from '../support/evidence';
import { fix } from '../support/fixes';
import { type Token, tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'cascade-drops',
  hazards: ['P46'],
  severity: 'warning',
  looksInside: true,
  summary: 'Drops objects with CASCADE that the statement does not name.',
  *statement(context) {
    const { statement, observation } = context;
    const { node } = statement;
    if (!node || failsInShadow(context)) return;
    const named = droppedWithCascade(node);
    if (named.length === 0) return;
    const born = tablesBornInUnit(context.migration, context.project);
    const isBorn = named.every(({ what, name, schema }) => what === 'relation' && born.has(`${schema ?? 'public'}.${name}`));
    if (isBorn) return;
    const word = tokensOf(statement).findLast(({ text }) => /^cascade$/i.test(text));
    const ran = observation !== undefined && !observation.error;
    const others = ran ? alongWith(observation.changes, named) : [];
    const range = word ?? headOf(statement);
    if (others.length > 0) {
      const shown = others
        .slice(0, 6)
        .map(({ kind, object }) => (kind === 'changed' ? `the default or definition of ${nameOf(object)}` : nameOf(object)));
      const more = others.length > shown.length ? [`${others.length - shown.length} more`] : [];
      yield {
        range: { start: range.start, end: range.end },
        message: `CASCADE also drops ${listedBriefly(shown, 1)}`,
        details: `Dropped without being named: ${listed([...shown, ...more])}. Everything that uses them fails.`,
        advice: 'Drop each object with a statement of its own, so that the script shows what it drops.',
      };
      return;
    }
    yield {
      range: { start: range.start, end: range.end },
      severity: 'hint',
      ...(ran
        ? {
            message: 'CASCADE also drops objects on a target that no migration creates',
            details:
              'No object of the migrations depends on this. Without CASCADE the upgrade stops if a target has other dependent objects.',
            advice: 'Remove CASCADE.',
          }
        : {
            message: 'CASCADE drops all dependent objects without naming them',
            advice: 'Drop each object with a statement of its own.',
          }),
      verified: ran,
      fixes: ran && word ? fixes(context, word) : [],
    };
  },
};

interface Dropped {
  readonly what: 'relation' | 'column' | 'constraint' | 'schema' | 'other';
  readonly name: string;
  readonly schema: string | undefined;
  /** The table of a column or constraint, or of a trigger or policy. */
  readonly table?: string | undefined;
}

const relationTypes = /^OBJECT_(?:TABLE|VIEW|MATVIEW|SEQUENCE|INDEX|FOREIGN_TABLE)$/;

/** What the statement itself names with CASCADE. */
function droppedWithCascade(node: SqlNode): Dropped[] {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (alter) {
    const table = relationName(alter.relation);
    return alterTableCommands(node)
      .filter(({ subtype, behavior }) => behavior === 'cascade' && /^AT_Drop(?:Column|Constraint)$/.test(subtype))
      .flatMap(({ subtype, name }) =>
        name === undefined
          ? []
          : [{ what: subtype === 'AT_DropColumn' ? 'column' : 'constraint', name, schema: table?.schema, table: table?.name }],
      );
  }
  const drop = fieldsOf(node, 'DropStmt');
  if (drop?.behavior !== 'DROP_CASCADE') return [];
  const type = drop.removeType ?? '';
  return (drop.objects ?? []).flatMap((object) => {
    const name = nameFromList(object);
    if (!name) return [];
    const what = relationTypes.test(type) ? 'relation' : type === 'OBJECT_SCHEMA' ? 'schema' : 'other';
    return [{ what, name: name.name, schema: name.schema }];
  });
}

const kinds =
  /^(?:table|view|materialized view|foreign table|index|constraint|function|procedure|aggregate|trigger|policy|rule|statistics|column|type|domain|sequence|operator|cast) /;

/** What else the statement dropped, or stripped of a part; what belongs to a named object goes with it in any case. */
function alongWith(changes: readonly CatalogChange[], named: readonly Dropped[]): CatalogChange[] {
  const gone = changes.flatMap(({ kind, object }) =>
    kind === 'dropped' ? (/^(?:table|(?:materialized )?view) (\S+)$/.exec(object)?.[1] ?? []) : [],
  );
  const isPart = (object: string): boolean => gone.some((relation) => object.startsWith(`column ${relation}.`));
  return changes.filter(
    ({ kind, object }) => kinds.test(object) && isLost(kind, object) && !isPart(object) && !named.some((each) => belongsTo(object, each)),
  );
}

function isLost(kind: CatalogChange['kind'], object: string): boolean {
  return kind === 'dropped' || (kind === 'changed' && object.startsWith('column '));
}

function belongsTo(object: string, { what, name, schema, table }: Dropped): boolean {
  const type = object.slice(0, object.search(/ \S+$/));
  const parts = object
    .slice(type.length + 1)
    .replace(/\(.*$/, '')
    .split('.');
  const inSchema = schema === undefined || parts[0] === schema;
  switch (what) {
    case 'relation':
      // A sequence named after the table is that of its serial column.
      return inSchema && (parts[1] === name || (type === 'sequence' && parts[1]?.startsWith(`${name}_`) === true));
    case 'column':
    case 'constraint': {
      if (type === 'index' || type === 'statistics' || type === 'sequence') return true;
      if (!inSchema || parts[1] !== table) return false;
      return type === 'constraint' || (type === 'column' && (what === 'constraint' || parts[2] === name));
    }
    case 'schema':
      return type === 'schema' && parts[0] === name;
    case 'other':
      return parts.at(-1) === name && !['column', 'constraint', 'trigger', 'policy', 'index'].includes(type);
  }
}

function nameOf(object: string): string {
  const at = object.search(/ [^ ]+(?:\(.*)?$/);
  return `${object.slice(0, at)} ${displayName(object.slice(at + 1))}`;
}

function fixes(context: StatementContext, word: Token): Fix[] {
  const before = tokensOf(context.statement).findLast((token) => token.end <= word.start);
  return [fix(context, 'Remove CASCADE', [{ range: { start: before?.end ?? word.start, end: word.end }, newText: '' }])];
}
