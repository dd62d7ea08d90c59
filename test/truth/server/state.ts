import type { Connection } from './connection';
import { stateQueries } from './state-queries';

/** One object of a database. */
export interface StateObject {
  readonly definition: string;
  /** The table or type that it belongs to; empty for none. */
  readonly parent: string;
}

/** Everything in a database but its rows: objects by kind and name. */
export type State = ReadonlyMap<string, StateObject>;

/** Reads a database's state. The session's search path is empty afterwards. */
export async function readState(connection: Connection, major: number): Promise<State> {
  const rows = await connection.rows(`SET search_path = ''; ${stateQueries(major).join(';\n')}`);
  return new Map(rows.map(([object, definition, parent]) => [object ?? '', { definition: definition ?? '', parent: parent ?? '' }]));
}
