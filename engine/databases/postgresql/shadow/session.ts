import { quotedIdentifier, stringConstant } from '../sql/quoting';
import type { ReplayStep } from '../../observation';
import type { Wire } from './wire';

/** What a new connection finds, by who set it: the role in the database, the role, the database. */
type Defaults = readonly [string | null, string | null, string | null];

/** What is known of connections after a step. */
interface KnownSession {
  readonly defaults: Defaults;
  /** The search path of a connection that is kept. */
  readonly path?: string | undefined;
}

const nothingKnown: KnownSession = { defaults: [null, null, null] };

/**
 * The search path with which each script starts, as its tool's connection would have it. Settings of databases are lost when a database is
 * copied, and those of sessions with the connection, so both are remembered by the state after a step.
 */
export class Sessions {
  readonly #known = new Map<string, KnownSession>([['', nothingKnown]]);
  #before: KnownSession = nothingKnown;
  /** What the step at hand found, where it may change it. */
  #found: { readonly defaults: Defaults; readonly path: string } | undefined;

  /** True when the state after the step was seen, or is the same as before it. */
  knows(prefix: string, step: ReplayStep, before: string): boolean {
    if (this.#known.has(prefix)) return true;
    if (mayChangeSession(step)) return false;
    this.#known.set(prefix, this.#known.get(before) ?? nothingKnown);
    return true;
  }

  /** Begins a step that follows the state `before`. */
  async begin(wire: Wire, step: ReplayStep, before: string): Promise<void> {
    this.#before = this.#known.get(before) ?? nothingKnown;
    await this.start(wire, step);
    this.#found = mayChangeSession(step) ? await readSession(wire) : undefined;
  }

  /** Gives the connection the search path that the scripts of the step start with. Other settings must be their defaults. */
  async start(wire: Wire, { session }: ReplayStep): Promise<void> {
    const { defaults, path } = this.#before;
    const own = session?.searchPath?.map(quotedIdentifier).join(', ');
    const start = (session?.isKept === true ? path : undefined) ?? own ?? defaults.find((each) => each !== null);
    if (start !== undefined && start !== null)
      await wire.query(`SELECT pg_catalog.set_config('search_path', ${stringConstant(start)}, false)`, false);
  }

  /** Notes how a step left its connection and the defaults, before the connection is reset. */
  async end(wire: Wire, prefix: string): Promise<void> {
    const { defaults, path } = this.#before;
    const was = this.#found;
    if (!was) {
      this.#known.set(prefix, this.#before);
      return;
    }
    const now = await readSession(wire);
    const changed = now.defaults.map((each, index) => each !== was.defaults[index]);
    const [one, two, three] = defaults.map((each, index) => (changed[index] ? now.defaults[index] : each) ?? null);
    // New defaults are for new connections: of them the next script has one.
    const kept = changed.includes(true) ? undefined : path;
    this.#known.set(prefix, { defaults: [one ?? null, two ?? null, three ?? null], path: now.path === was.path ? kept : now.path });
  }
}

/** True for a step after which a new or kept connection may find other defaults. */
export function mayChangeSession({ up }: ReplayStep): boolean {
  return up.statements.some(({ text }) => /search_path|\b(?:reset|discard)\s+all\b/i.test(text));
}

async function readSession(wire: Wire): Promise<{ defaults: Defaults; path: string }> {
  const [current] = await wire.rows(`SELECT pg_catalog.current_setting('search_path')`);
  const rows = await wire.rows(
    `SELECT (s.setdatabase <> 0)::int + 2 * (s.setrole <> 0)::int, pg_catalog.substr(c, 13)
      FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
      WHERE c LIKE 'search\\_path=%' AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
        AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))`,
  );
  const of = (kind: number) => rows.find(([each]) => each === String(kind))?.[1] ?? null;
  return { defaults: [of(3), of(2), of(1)], path: current?.[0] ?? '' };
}
