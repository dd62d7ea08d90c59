import type { DatabaseError } from '../../../../databases/observation';

/** SQLSTATEs of statements that name something that does not exist: schema, table, column, object, function. */
const undefinedObject = new Set(['3F000', '42P01', '42703', '42704', '42883', '3D000']);

/** True when an error says only that the shadow lacks what was created elsewhere. */
export function meansMissingHistory(error: DatabaseError): boolean {
  return undefinedObject.has(error.sqlstate);
}

/** True when an error only says that the embedded server has other databases than a target: they belong to the server, not to the history. */
export function isAboutDatabases({ sqlstate, message }: DatabaseError): boolean {
  return sqlstate === '3D000' || message === 'can only reindex the currently open database';
}
