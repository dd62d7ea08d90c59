import type { DatabaseError } from '../../shadow/observation';

/** SQLSTATEs of statements that name something that does not exist: schema, table, column, object, function. */
const undefinedObject = new Set(['3F000', '42P01', '42703', '42704', '42883', '3D000']);

/** True when an error says only that the shadow lacks what was created elsewhere. */
export function meansMissingHistory(error: DatabaseError): boolean {
  return undefinedObject.has(error.sqlstate);
}
