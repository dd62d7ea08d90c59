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

/** A way to mend a finding. Applying all `edits` at once must remove the finding and introduce no other. */
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
  /** The consequence for the running system, then why. Full sentences. */
  readonly message: string;
  /** True when the embedded database (or the files themselves) showed it; false when only the syntax suggests it. */
  readonly verified: boolean;
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
