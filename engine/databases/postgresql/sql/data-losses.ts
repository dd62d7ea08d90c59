import { bodyOf } from './inner-statements';
import { alterTableCommands, createdRelation, fieldsOf, nameFromList, type QualifiedName, relationName } from './nodes';
import { identifier } from './quoting';
import { rowWrites } from './row-writes';
import type { ParsedStatement, SqlNode } from './statement';

/**
 * What each script takes away with its data: `table orders`, `column orders.note`, `rows of orders`. What an earlier statement of the scripts
 * creates does not count. `loadSqlParser` must have been awaited.
 */
export function dataLosses(scripts: readonly (readonly ParsedStatement[])[]): string[][] {
  const made = new Set<string>();
  return scripts.map((statements) => {
    const losses = new Set<string>();
    for (const statement of statements) {
      const body = bodyOf(statement);
      const inner = body?.kind === 'block' ? body.statements : [statement];
      for (const each of inner) {
        for (const { table, loss } of lossesOf(each)) if (!made.has(table) && !made.has(loss)) losses.add(loss);
        for (const name of creations(each.node)) made.add(name);
      }
    }
    return [...losses];
  });
}

/** False for a script that takes nothing away, without parsing it. */
export function mayLose(sql: string): boolean {
  return /\b(?:drop|truncate|delete)\b/i.test(sql);
}

interface Loss {
  readonly table: string;
  readonly loss: string;
}

function lossesOf(statement: ParsedStatement): Loss[] {
  const { node } = statement;
  const losses: Loss[] = [];
  const drop = fieldsOf(node, 'DropStmt');
  if (drop?.removeType === 'OBJECT_TABLE' || drop?.removeType === 'OBJECT_SCHEMA') {
    const kind = drop.removeType === 'OBJECT_TABLE' ? 'table' : 'schema';
    const names = (drop.objects ?? []).flatMap((each) => nameFromList(each) ?? []);
    losses.push(...names.map((name) => ({ table: shown(name), loss: `${kind} ${shown(name)}` })));
  }
  const altered = relationName(fieldsOf(node, 'AlterTableStmt')?.relation);
  for (const { subtype, name } of altered ? alterTableCommands(node) : []) {
    if (altered && subtype === 'AT_DropColumn' && name !== undefined) losses.push(columnLoss(altered, name));
  }
  for (const { table, kind } of rowWrites(statement)) {
    if (kind === 'delete') losses.push({ table: shown(table), loss: `rows of ${shown(table)}` });
  }
  return losses;
}

function columnLoss(table: QualifiedName, column: string): Loss {
  return { table: shown(table), loss: `column ${shown(table)}.${identifier(column)}` };
}

function creations(node: SqlNode | undefined): string[] {
  const table = relationName(createdRelation(node));
  const altered = relationName(fieldsOf(node, 'AlterTableStmt')?.relation);
  const columns = alterTableCommands(node).flatMap(({ subtype, def }) => {
    const name = subtype === 'AT_AddColumn' ? fieldsOf(def, 'ColumnDef')?.colname : undefined;
    return altered && name !== undefined ? columnLoss(altered, name).loss : [];
  });
  return table ? [shown(table), ...columns] : columns;
}

function shown({ schema, name }: QualifiedName): string {
  return schema === undefined || schema === 'public' ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}
