import {
  alterTableCommands,
  asFields,
  asNodes,
  asText,
  fields,
  fieldsOf,
  nameParts,
  nodeType,
  walk,
  type Fields,
} from '../../../../databases/postgresql/sql/untyped-nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';

/** A column that one list names twice. */
export interface DuplicateColumn {
  readonly name: string;
  readonly list: 'definition' | 'assignments' | 'columns' | 'key' | 'index' | 'statistics' | 'commands';
  /** Byte location of the second mention, where the tree has it. */
  readonly location: number | undefined;
}

interface Mention {
  readonly name: string | undefined;
  readonly location: number | undefined;
}

/** Columns that are named twice in one list of the statement: its definition, its SET, its column list, its index or key. */
export function duplicateColumnsIn(node: SqlNode): DuplicateColumn[] {
  const inner = fields(node);
  switch (nodeType(node)) {
    case 'CreateStmt':
      return [
        ...repeated('definition', asNodes(inner['tableElts']).map(columnMention)),
        ...asNodes(inner['tableElts']).flatMap((element) => repeatedInKey(fieldsOf(element, 'Constraint'))),
      ];
    case 'CompositeTypeStmt':
      return repeated('definition', asNodes(inner['coldeflist']).map(columnMention));
    case 'AlterTableStmt': {
      const commands = alterTableCommands(node);
      const added = commands.filter(({ subtype }) => subtype === 'AT_AddColumn').flatMap(({ def }) => (def ? columnMention(def) : []));
      return [...repeated('commands', added), ...commands.flatMap(({ def }) => repeatedInKey(fieldsOf(def, 'Constraint')))];
    }
    case 'IndexStmt':
      return repeated(
        'index',
        asNodes(inner['indexParams']).flatMap((each) => {
          const element = fieldsOf(each, 'IndexElem');
          return element?.['name'] === undefined || element['opclass'] !== undefined || element['collation'] !== undefined
            ? []
            : { name: asText(element['name']), location: undefined };
        }),
      );
    case 'CreateStatsStmt':
      return repeated(
        'statistics',
        asNodes(inner['exprs']).map((each) => ({ name: asText(fieldsOf(each, 'StatsElem')?.['name']), location: undefined })),
      );
    case 'CopyStmt':
      return repeated(
        'columns',
        asNodes(inner['attlist']).map((each) => ({ name: nameParts([each])[0], location: undefined })),
      );
    default:
      return repeatedInWrites(node);
  }
}

/** INSERT, UPDATE and MERGE, also inside WITH. */
function repeatedInWrites(node: SqlNode): DuplicateColumn[] {
  const found: DuplicateColumn[] = [];
  walk(node, (type, inner) => {
    if (type === 'UpdateStmt') found.push(...repeated('assignments', assignments(inner)));
    if (type === 'InsertStmt') {
      found.push(...repeated('columns', asNodes(inner['cols']).map(targetMention)));
      const conflict = asFields(inner['onConflictClause']);
      if (conflict) found.push(...repeated('assignments', assignments(conflict)));
    }
    if (type === 'MergeWhenClause') {
      found.push(...repeated(inner['commandType'] === 'CMD_INSERT' ? 'columns' : 'assignments', assignments(inner)));
    }
  });
  return found;
}

/** The columns that SET names; elements of arrays and fields of composites may be set one by one. */
function assignments(inner: Fields): Mention[] {
  return asNodes(inner['targetList']).flatMap((target) =>
    fieldsOf(target, 'ResTarget')?.['indirection'] === undefined ? targetMention(target) : [],
  );
}

function targetMention(node: SqlNode): Mention {
  const target = fieldsOf(node, 'ResTarget');
  return { name: target?.['indirection'] === undefined ? asText(target?.['name']) : undefined, location: numberOf(target?.['location']) };
}

function columnMention(node: SqlNode): Mention {
  const column = fieldsOf(node, 'ColumnDef');
  return { name: asText(column?.['colname']), location: numberOf(column?.['location']) };
}

function repeatedInKey(constraint: Fields | undefined): DuplicateColumn[] {
  const keys = asNodes(constraint?.['keys']).map((key) => ({
    name: nameParts([key])[0],
    location: numberOf(constraint?.['location']),
  }));
  return repeated('key', keys);
}

function repeated(list: DuplicateColumn['list'], mentions: readonly Mention[]): DuplicateColumn[] {
  const seen = new Set<string>();
  return mentions.flatMap(({ name, location }) => {
    if (name === undefined) return [];
    if (seen.has(name)) return { name, list, location };
    seen.add(name);
    return [];
  });
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
