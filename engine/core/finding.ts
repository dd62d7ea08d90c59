import type { TextRange } from './text';

export const severities = ['error', 'warning', 'info', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** Groups in which checks can be configured together. */
export const checkGroups = ['manifest', 'history', 'syntax', 'execution', 'locks', 'data', 'clients', 'rollback', 'advice'] as const;
export type CheckGroup = (typeof checkGroups)[number];

/** A text replacement in one file. */
export interface TextEdit {
  readonly file: string;
  readonly range: TextRange;
  readonly newText: string;
}

/** A fix for a finding. Applying all `edits` at once must remove the finding and introduce no other. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** True when the fix is the one a person would nearly always want. */
  readonly preferred?: boolean;
}

export interface RelatedPlace {
  readonly file: string;
  readonly range: TextRange;
  readonly message: string;
}

/** What the statement of a finding was seen to do in the embedded database, or why nothing was seen. */
export type Basis = ObservedBasis | UnverifiedBasis;

export interface ObservedBasis {
  readonly kind: 'observed';
  /** The major version of the server, e.g. `18`. */
  readonly server: number;
  /** The strongest lock on each table that was there before, as `SHARE lock on orders`. */
  readonly locks: readonly string[];
  /** Tables that were read from end to end. */
  readonly scans: readonly string[];
  /** Tables of which every row was rewritten. */
  readonly rewrites: readonly string[];
}

export interface UnverifiedBasis {
  readonly kind: 'unverified';
  /**
   * `not-run`: the statement did not run in the embedded database. `assumed`: it ran on objects that no known migration creates.
   * `rows`: it depends on the rows of the target. `stated`: the finding itself says what is not verified.
   */
  readonly reason: 'not-run' | 'assumed' | 'rows' | 'stated';
}

/** One diagnosed problem of what the user wrote. */
export interface Finding {
  /** The check's id: kebab-case, stable, the name of its page in docs/checks/. */
  readonly id: string;
  /** The hazards that the check covers, e.g. `P1`; empty for checks without a catalogue number. */
  readonly hazards: readonly string[];
  readonly group: CheckGroup;
  readonly severity: Severity;
  /** Absolute path. */
  readonly file: string;
  readonly range: TextRange;
  /** The headline: what happens to what, in at most 90 characters with short names, without a full stop. */
  readonly message: string;
  /** Why, and what else is known. Full sentences. */
  readonly details?: string;
  /** What to do about it, with the SQL to write where there is any. Full sentences in the imperative. */
  readonly advice?: string;
  /** True when the embedded database (or the files themselves) showed it; false when only the syntax suggests it. */
  readonly verified: boolean;
  /** What the finding rests on, beyond the text of its file. */
  readonly basis?: Basis;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
  /** Set where one finding stands for several of the same cause in its file: each of them, the one at its own place first. */
  readonly parts?: readonly Finding[];
  /** True when it is about a migration that databases have run, so that nothing can be done about it there. */
  readonly settled?: boolean;
}

/** Every place on its own: what stands for several findings is replaced by them. */
export function ungrouped(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => finding.parts ?? [finding]);
}
