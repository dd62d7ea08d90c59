import pg from 'pg';

/** An error that the server gave. */
export interface ServerRefusal {
  readonly sqlstate: string;
  readonly message: string;
}

/** Longest time for one statement of a script. */
const statementMs = 60_000;

/** One session on a real server: simple queries, all values as text. */
export class Connection {
  private constructor(readonly client: pg.Client) {}

  static async open(url: string): Promise<Connection> {
    const types = { getTypeParser: () => (value: unknown) => value };
    const client = new pg.Client({
      connectionString: url,
      statement_timeout: statementMs,
      types: types as unknown as pg.CustomTypesConfig,
    });
    // A server that ends the session says so to the query that waits.
    client.on('error', () => {});
    await client.connect();
    return new Connection(client);
  }

  /** The rows of all results together. @throws what the server refuses */
  async rows(sql: string): Promise<(string | null)[][]> {
    const answer: unknown = await this.client.query({ text: sql, rowMode: 'array' });
    const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryArrayResult<(string | null)[]>[];
    return results.flatMap((result) => result.rows ?? []);
  }

  /** Why the server refuses SQL; undefined when it does not. */
  async refusal(sql: string): Promise<ServerRefusal | undefined> {
    try {
      await this.client.query(sql);
      return undefined;
    } catch (error) {
      if (error instanceof pg.DatabaseError) return { sqlstate: error.code ?? 'XX000', message: error.message };
      return { sqlstate: '08006', message: error instanceof Error ? error.message : String(error) };
    }
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}

/** Opens a session, works with it and ends it. */
export async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.open(url);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
