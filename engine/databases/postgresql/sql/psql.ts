import type { Replacement } from '../../../core/replacement';
import type { TextRange } from '../../../core/text';
import { Lexer } from './lexer';
import { quotedIdentifier } from './quoting';
import { splitStatements } from './splitter';
import type { Statement } from '../../statement';

/** What psql makes of a script before it sends it. */
interface PsqlReading {
  /** The parts that are sent or carried out: all but the branches that are not taken and statements with values that only a server knows. */
  readonly sections: readonly TextRange[];
  /** Variables with their values. */
  readonly replacements: readonly Replacement[];
  /** The commands that read another script. */
  readonly includes: readonly TextRange[];
}

/**
 * Follows psql's variables (`\set`, `:name`, `:'name'`, `:"name"`, `:{?name}`) and conditions (`\if` and its like) through a
 * script. Variables that are not set are left as they are, as psql does. A condition that is not known is taken to be true.
 * @param given variables that are set when the script starts
 */
export function readPsql(text: string, given: ReadonlyMap<string, string> = new Map()): PsqlReading {
  return new PsqlReader(text, given).read();
}

/** True for a script that holds commands of psql, so that nothing else can run it. */
export function holdsPsqlCommands(text: string): boolean {
  return /^[ \t]*\\[a-z]/m.test(text) && splitStatements(text).some(({ kind }) => kind === 'meta');
}

interface Branch {
  /** Whether the commands around the condition are carried out. */
  readonly outer: boolean;
  taken: boolean;
  active: boolean;
}

class PsqlReader {
  readonly #replacements: Replacement[] = [];
  readonly #includes: TextRange[] = [];
  readonly #left: TextRange[] = [];
  readonly #branches: Branch[] = [];
  /** Undefined for a variable of which only the server or the person knows the value. */
  readonly #variables: Map<string, string | undefined>;

  constructor(
    readonly text: string,
    given: ReadonlyMap<string, string>,
  ) {
    this.#variables = new Map<string, string | undefined>([['DBNAME', 'postgres'], ['USER', 'postgres'], ...given]);
  }

  read(): PsqlReading {
    for (const statement of splitStatements(this.text)) {
      if (statement.kind === 'meta') this.#command(statement);
      else if (!this.#isActive) this.#left.push({ start: statement.start, end: statement.tailEnd });
      else if (statement.kind === 'sql') this.#statement(statement);
    }
    return { sections: this.#sections(), replacements: this.#replacements, includes: this.#includes };
  }

  get #isActive(): boolean {
    return this.#branches.at(-1)?.active ?? true;
  }

  #sections(): TextRange[] {
    const sections: TextRange[] = [];
    let from = 0;
    for (const { start, end } of this.#left) {
      if (start > from) sections.push({ start: from, end: start });
      from = end;
    }
    if (from < this.text.length) sections.push({ start: from, end: this.text.length });
    return sections;
  }

  #command(statement: Statement): void {
    const [, name = '', rest = ''] = /^\\(\w+|.)\s*([^]*)$/.exec(statement.text) ?? [];
    if (this.#condition(name, rest)) return;
    if (!this.#isActive) return;
    switch (name) {
      case 'set':
        this.#set(rest);
        break;
      case 'unset':
        this.#variables.delete(rest.trim());
        break;
      case 'getenv':
        this.#variables.set(rest.split(/\s+/)[0] ?? '', undefined);
        break;
      case 'prompt':
        this.#variables.set(rest.trim().split(/\s+/).at(-1) ?? '', undefined);
        break;
      case 'gset':
        this.#resultOf(statement, rest.trim());
        break;
      case 'i':
      case 'ir':
      case 'include':
      case 'include_relative':
        this.#includes.push({ start: statement.start, end: statement.end });
        break;
    }
  }

  #condition(name: string, rest: string): boolean {
    const branch = this.#branches.at(-1);
    if (name === 'if') {
      const outer = this.#isActive;
      const taken = outer && this.#isTrue(rest);
      this.#branches.push({ outer, taken, active: taken });
    } else if (name === 'elif' && branch) {
      branch.active = branch.outer && !branch.taken && this.#isTrue(rest);
      branch.taken ||= branch.active;
    } else if (name === 'else' && branch) {
      branch.active = branch.outer && !branch.taken;
      branch.taken = true;
    } else if (name === 'endif') this.#branches.pop();
    else return false;
    return true;
  }

  #isTrue(expression: string): boolean {
    const value = this.#words(expression)[0];
    return value === undefined || !/^(?:f|fa|fal|fals|false|no|n|of|off|0)$/i.test(value);
  }

  #set(rest: string): void {
    const [, name = '', value = ''] = /^(\S+)\s*([^]*)$/.exec(rest) ?? [];
    const words = this.#words(value);
    this.#variables.set(name, words.includes(undefined) ? undefined : words.join(''));
  }

  /** The arguments of a command with their variables; undefined for one that is not known here. */
  #words(text: string): (string | undefined)[] {
    return [...text.matchAll(/'(?:[^'\\]|''|\\[^])*'|`[^`]*`|[^\s'`]+/g)].map(([word]) => {
      if (word.startsWith('`')) return undefined;
      if (word.startsWith("'"))
        return word
          .slice(1, -1)
          .replaceAll("''", "'")
          .replaceAll('\\n', '\n')
          .replace(/\\([^])/g, '$1');
      const [, defined, variable] = /^:\{\?(\w+)\}$|^:["']?(\w+)["']?$/.exec(word) ?? [];
      if (defined !== undefined) return String(this.#variables.has(defined));
      return variable !== undefined && this.#variables.has(variable) ? this.#variables.get(variable) : word;
    });
  }

  /** The columns of the query before `\gset` become variables. */
  #resultOf({ start }: Statement, prefix: string): void {
    const query = this.text.slice(0, start);
    for (const [, alias = ''] of query.slice(query.lastIndexOf(';') + 1).matchAll(/\bas\s+"?(\w+)"?/gi)) {
      this.#variables.set(prefix + alias, undefined);
    }
  }

  #statement(statement: Statement): void {
    const lexer = new Lexer(this.text);
    let colon = -1;
    let isUnknown = false;
    for (let at = statement.start; lexer.read(at, statement.end); at = lexer.end) {
      const { kind, start, end } = lexer;
      const follows = colon >= 0 && colon + 1 === start && this.text.charAt(colon - 1) !== ':';
      const wanted =
        follows && (kind === 'word' || kind === 'string' || kind === 'quoted-name') ? this.#variableIn(kind, start, end) : undefined;
      if (wanted !== undefined && this.#variables.has(wanted)) {
        const value = this.#variables.get(wanted);
        if (value === undefined && kind === 'word') isUnknown = true;
        else this.#replacements.push({ start: colon, end, value: written(kind, value ?? wanted) });
      }
      colon = this.text.charAt(start) === ':' && end === start + 1 ? start : -1;
    }
    if (isUnknown) this.#left.push({ start: statement.start, end: statement.tailEnd });
  }

  #variableIn(kind: Lexer['kind'], start: number, end: number): string {
    return kind === 'word' ? this.text.slice(start, end) : this.text.slice(start + 1, end - 1);
  }
}

function written(kind: Lexer['kind'], value: string): string {
  if (kind === 'string') return `'${value.replaceAll("'", "''")}'`;
  return kind === 'quoted-name' ? quotedIdentifier(value) : value;
}
