import type { Constraint } from '@pgsql/types';
import { alterTableCommands, fieldsOfEach, nameParts, nodeEntry, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import { elementsOf } from './column-definitions';

/** A column that one list names twice. */
export interface DuplicateColumn {
  readonly name: string;
  readonly list: 'definition' | 'assignments' | 'columns' | 'key' | 'index' | 'statistics' | 'commands';
  /** Byte location of the second mention, where the tree has it. */
  readonly location: number | undefined;
}

interface Mention {
  readonly name?: string;
  readonly location?: number;
}

/** Columns that are named twice in one list of the statement: its definition, its SET, its column list, its index or key. */
export function duplicateColumnsIn(node: SqlNode): DuplicateColumn[] {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateStmt':
      return [
        ...repeated('definition', columnMentions(inner.tableElts)),
        ...fieldsOfEach(inner.tableElts, 'Constraint').flatMap(repeatedInKey),
      ];
    case 'CompositeTypeStmt':
      return repeated('definition', columnMentions(inner.coldeflist));
    case 'AlterTableStmt': {
      const added = alterTableCommands(node).flatMap(({ subtype, def }) => (subtype === 'AT_AddColumn' && def ? def : []));
      const constraints = fieldsOfEach(elementsOf(node), 'Constraint');
      return [...repeated('commands', columnMentions(added)), ...constraints.flatMap(repeatedInKey)];
    }
    case 'IndexStmt':
      return repeated(
        'index',
        fieldsOfEach(inner.indexParams, 'IndexElem').filter(({ opclass, collation }) => !opclass && !collation),
      );
    case 'CreateStatsStmt':
      return repeated('statistics', fieldsOfEach(inner.exprs, 'StatsElem'));
    case 'CopyStmt':
      return repeated(
        'columns',
        nameParts(inner.attlist).map((name) => ({ name })),
      );
    default:
      return repeatedInWrites(node);
  }
}

/** INSERT, UPDATE and MERGE, also inside WITH. */
function repeatedInWrites(node: SqlNode): DuplicateColumn[] {
  const found: DuplicateColumn[] = [];
  walk(node, (type, inner) => {
    if (type === 'UpdateStmt') found.push(...repeated('assignments', assignments(inner.targetList)));
    if (type === 'InsertStmt') {
      found.push(...repeated('columns', assignments(inner.cols)));
      found.push(...repeated('assignments', assignments(inner.onConflictClause?.targetList)));
    }
    if (type === 'MergeWhenClause') {
      found.push(...repeated(inner.commandType === 'CMD_INSERT' ? 'columns' : 'assignments', assignments(inner.targetList)));
    }
  });
  return found;
}

/** The columns that SET or a column list names; elements of arrays and fields of composites may be set one by one. */
function assignments(targets: readonly SqlNode[] | undefined): Mention[] {
  return fieldsOfEach(targets, 'ResTarget').filter(({ indirection }) => !indirection);
}

function columnMentions(elements: readonly SqlNode[] | undefined): Mention[] {
  return fieldsOfEach(elements, 'ColumnDef').map(({ colname: name, location }) => ({ name, location }));
}

function repeatedInKey({ keys, location }: Constraint): DuplicateColumn[] {
  return repeated(
    'key',
    nameParts(keys).map((name) => ({ name, location })),
  );
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
