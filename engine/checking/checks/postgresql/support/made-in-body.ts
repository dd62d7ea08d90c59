import type { RoutineFault } from '../../../../databases/postgresql/routines/routine-faults';
import type { RoutineFailure } from '../../../../databases/observation';
import { bodyOf, codeOf } from '../../../../databases/postgresql/sql/inner-statements';
import { createdRelation, fieldsOf, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import { definitionsIn } from '../../../../databases/postgresql/sql/definitions';
import { mentions } from './place-in-down';

/** What the code of a routine creates when it runs. */
interface Made {
  /** Tables, views, types, schemas, ... */
  readonly objects: ReadonlySet<string>;
  readonly columns: ReadonlySet<string>;
  /** True when it creates or alters something whose name is known only then. */
  readonly isOpen: boolean;
}

const known = new WeakMap<ParsedStatement, Made>();

/**
 * True when the routine, or one that it calls, creates what the failure is about before it uses it, or may do so by dynamic SQL.
 * @param byName the statements that create routines, by the routine's name
 */
export function isMadeInBody(
  { statement, body, words }: RoutineFault['routine'],
  { piece, sqlstate, message }: RoutineFailure,
  byName: ReadonlyMap<string, readonly ParsedStatement[]>,
): boolean {
  const place = body?.pieces[piece]?.place ?? statement;
  const code = statement.text.slice(place.start - statement.start, place.end - statement.start);
  const missing = [...message.matchAll(/"([^"]+)"|column (\S+) does/g)].flatMap(([, quoted, plain]) => (quoted ?? plain ?? '').split('.'));
  return [statement, ...calledFrom(statement, words, byName)].some((each) => {
    const { objects, columns, isOpen } = known.get(each) ?? madeBy(each);
    if (isOpen && /^42(?:P01|703)$/.test(sqlstate)) return true;
    return missing.some((name) => objects.has(name) || columns.has(name)) || [...objects].some((name) => mentions(code, name));
  });
}

function calledFrom(
  start: ParsedStatement,
  words: ReadonlySet<string>,
  byName: ReadonlyMap<string, readonly ParsedStatement[]>,
): ReadonlySet<ParsedStatement> {
  const called = new Set<ParsedStatement>();
  const pending = [words];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const [name, statements] of byName) {
      if (!next.has(name.toLowerCase())) continue;
      for (const each of statements) {
        if (each === start || called.has(each)) continue;
        called.add(each);
        pending.push(new Set((codeOf(each)?.text ?? '').toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu)));
      }
    }
  }
  return called;
}

function madeBy(statement: ParsedStatement): Made {
  const body = bodyOf(statement);
  const code = codeOf(statement)?.text ?? '';
  const objects = new Set<string>();
  const columns = new Set<string>();
  for (const { node } of body?.statements ?? []) {
    for (const { action, kind, name } of node && !isTemporary(node) ? definitionsIn(node) : []) {
      if (action === 'create') (kind === 'column' ? columns : objects).add(name);
    }
    const moved = relationName(fieldsOf(node, 'AlterObjectSchemaStmt')?.relation ?? fieldsOf(node, 'SelectStmt')?.intoClause?.rel);
    if (moved) objects.add(moved.name);
  }
  const isDynamic = (body?.dynamic.length ?? 0) > 0;
  const texts = isDynamic ? [...code.matchAll(/'((?:[^']|'')*\b(?:create|alter)\b(?:[^']|'')*)'/gi)].map(([, text = '']) => text) : [];
  for (const word of texts.join(' ').match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []) columns.add(word);
  const made = { objects, columns, isOpen: texts.some((text) => /%[IsL\d]|(?:[\s."]|\b(?:table|view|column|exists))$/i.test(text)) };
  known.set(statement, made);
  return made;
}

/** The embedded database makes the temporary tables of a body itself. */
function isTemporary(node: SqlNode): boolean {
  return createdRelation(node)?.relpersistence === 't';
}
