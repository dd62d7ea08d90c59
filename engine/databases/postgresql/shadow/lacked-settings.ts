import { stringConstant } from '../sql/quoting';
import type { DatabaseError } from '../../observation';
import type { Wire, WireResult } from './wire';

/** What settings of the user's own are tried with, one after the other: a script may turn them into any type. */
const values = ['1', '90000000-0000-4000-8000-000000000001', '2031-05-11', '{"row": 1}', '10.9.0.1', 'postgres'];

/**
 * Settings with a dot in their name that scripts read and that this server does not know. The server of a target may well
 * have them, by ALTER DATABASE or by its configuration file: their lack is no fault of a script.
 */
export class LackedSettings {
  readonly #values: Map<string, string>;

  /** @param known settings that were found out about already */
  constructor(known?: LackedSettings) {
    this.#values = new Map(known ? known.#values : []);
  }

  /** The setting that a statement failed for the lack of. */
  lackedBy(error: DatabaseError | WireResult['error']): string | undefined {
    if (error?.sqlstate !== '42704') return undefined;
    const [, name] = /^unrecognized configuration parameter "([^"]+\.[^"]+)"$/.exec(error.message) ?? [];
    return name !== undefined && !this.#values.has(name) ? name : undefined;
  }

  /** How many settings have a value. */
  get size(): number {
    return this.#values.size;
  }

  /** Gives the settings their values, save those that have one. A transaction that is rolled back takes that with it. */
  async apply(wire: Wire): Promise<void> {
    if (this.#values.size === 0) return;
    const rows = [...this.#values].map((pair) => `(${pair.map(stringConstant).join(', ')})`);
    await wire.rows(
      `SELECT pg_catalog.set_config(s.name, s.value, false) FROM (VALUES ${rows.join(', ')}) s(name, value)
        WHERE coalesce(pg_catalog.current_setting(s.name, true), '') = ''`,
    );
  }

  /** Takes a value for the setting that an error is about. False when it is about none, or about one that has a value. */
  learn(error: DatabaseError): boolean {
    const name = this.lackedBy(error);
    if (name !== undefined) this.#values.set(name, values[0] ?? '');
    return name !== undefined;
  }

  /**
   * Runs a statement again with values for the settings that it lacks.
   * @param again goes back to the state before the statement, applies the settings and runs it
   * @returns the last answer of the server, and the names of the settings
   */
  async supply(first: WireResult, again: () => Promise<WireResult>): Promise<{ result: WireResult; names: string[] }> {
    const names: string[] = [];
    let result = first;
    for (let name = this.lackedBy(result.error); name !== undefined; name = this.lackedBy(result.error)) {
      names.push(name);
      for (const value of [...values, values[0] ?? '']) {
        this.#values.set(name, value);
        result = await again();
        if (!result.error || this.lackedBy(result.error) !== undefined) break;
      }
    }
    return { result, names };
  }

  /** The names of settings that a text mentions and that have no value but the one given here. */
  async usedIn(wire: Wire, text: string): Promise<string[]> {
    const mentioned = [...this.#values].filter(([name]) => text.includes(`'${name}'`));
    if (mentioned.length === 0) return [];
    const selected = mentioned.map(([name]) => `pg_catalog.current_setting(${stringConstant(name)}, true)`);
    const [row] = await wire.rows(`SELECT ${selected.join(', ')}`);
    return mentioned.flatMap(([name, value], index) => (row?.[index] === value ? name : []));
  }
}
