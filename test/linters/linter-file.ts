/** The linters whose test files are read, by the name that people know them by. */
export const linterNames = ['squawk', 'Postgres Language Server', 'eugene', 'diesel-guard'] as const;
export type LinterName = (typeof linterNames)[number];

/** One test of another linter: scripts, and what the linter thinks of them. */
export interface LinterFile {
  readonly tool: LinterName;
  /** Unique among the tool's tests: the rule, then the test's own name. */
  readonly name: string;
  readonly rule: string;
  /** `bad`: the rule reports it. `good`: the rule does not, whatever else may be wrong with it. */
  readonly opinion: 'bad' | 'good';
  /** Text by path below the project's folder. */
  readonly scripts: Readonly<Record<string, string>>;
  /** `loose`: one file that nothing is known of; `directory`: a migrations directory, its layout as detection finds it. */
  readonly read: 'loose' | 'directory';
  /** Hazards of the catalogue that the rule is about; empty where there are none. */
  readonly hazards: readonly string[];
  /** Oldest server major version, where the test names one. */
  readonly minimum?: number;
  /** True where the test says that a transaction is opened around the script. */
  readonly inTransaction?: true;
}

/** Finds the tests of one linter in a checkout of it. */
export interface LinterReader {
  readonly tool: LinterName;
  /** A path below a checkout by which it is recognised. */
  readonly marker: string;
  read(checkout: string): Promise<LinterFile[]>;
}
