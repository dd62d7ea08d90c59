import type { DatabaseError, ReplayScript, ReplayStatement } from '../../observation';
import { withoutLiterals } from './refusal';
import type { Wire } from './wire';

/** The statement with the name of the replay's own database where it names the one that is upgraded. */
export async function textHere(wire: Wire, { text, ownDatabase }: ReplayStatement): Promise<string> {
  if (!ownDatabase) return text;
  const [row] = await wire.rows('SELECT pg_catalog.quote_ident(pg_catalog.current_database())');
  return `${text.slice(0, ownDatabase.start)}${row?.[0] ?? ''}${text.slice(ownDatabase.end)}`;
}

/**
 * What to send for a statement while a transaction of ours is open around a script that opens none: for CONCURRENTLY the same
 * without it, so that it can be taken back. On a partitioned table or index CONCURRENTLY is refused or does other things, so
 * there the statement itself is sent, and refused.
 */
export async function textInTransaction(wire: Wire, statement: ReplayStatement): Promise<string> {
  const { text, outside } = statement;
  if (outside?.imitation === undefined || outside.relation === undefined) return text;
  const literal = outside.relation.replaceAll("'", "''");
  const rows = await wire.rows(
    `SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('${literal}') AND relkind IN ('p', 'I')`,
  );
  return rows.length > 0 ? text : outside.imitation;
}

/** True when the statement may run in a transaction of ours and be taken back. */
export function canBeTakenBack({ text, control, outside }: ReplayStatement): boolean {
  if (control !== undefined) return control === 'savepoint';
  return outside ? outside.imitation !== undefined : !/\b(?:commit|rollback)\b/i.test(text);
}

/**
 * True for the refusal of a statement that has to be the first of its transaction. The shadow's own queries and savepoints come
 * before any of the script.
 */
export function comesTooLate({ sqlstate, message }: Pick<DatabaseError, 'sqlstate' | 'message'>): boolean {
  return sqlstate === '25001' && /^SET TRANSACTION\b|must be set before any query$/.test(message);
}

/** True for SET, which is no query. */
export function isSetting(text: string): boolean {
  return /^set\b/i.test(withoutLiterals(text));
}

/** A script without BEGIN and COMMIT around all of it. */
export function isWrapped({ statements }: ReplayScript): boolean {
  const [first, ...others] = statements;
  const last = others.pop();
  return (
    first?.control === 'begin' &&
    last?.control === 'commit' &&
    others.every(({ control }) => control === undefined || control === 'savepoint')
  );
}
