import type { Finding } from '#engine/core/finding';
import { type CheckedFile, isLoud } from './check-file';
import { type Explanation, explanationOf } from './explanations';

/** Where a linter and the checks do not agree on a test, and what explains it. */
export interface Disagreement {
  readonly checked: CheckedFile;
  /** The finding on a good file; undefined for a bad file that nothing is reported in. */
  readonly finding?: Finding;
  readonly explanation: Explanation | undefined;
}

export interface Verdict {
  readonly checked: CheckedFile;
  /** Of a bad file: whether a finding speaks about what the rule is about. */
  readonly reported: { readonly byDefault: boolean; readonly withAll: boolean };
  /** Warnings and errors on a good file that are about another matter, as the database saw. */
  readonly otherMatters: readonly Finding[];
  readonly disagreements: readonly Disagreement[];
}

/**
 * A bad file is reported when any finding carries one of the rule's hazards. On a good file a warning or error is a
 * disagreement when it is about the rule's own matter, or when the database does not bear it out.
 */
export function verdictOn(checked: CheckedFile, explanations: readonly Explanation[]): Verdict {
  const { file, byDefault, withAll, unconfirmed } = checked;
  const isAbout = ({ hazards }: Finding) => hazards.some((hazard) => file.hazards.includes(hazard));
  const reported = { byDefault: byDefault.some(isAbout), withAll: withAll.some(isAbout) };
  const explained = (finding?: Finding): Disagreement => ({
    checked,
    finding,
    explanation: explanationOf(explanations, file.tool, file.name, finding?.id),
  });
  if (file.opinion === 'bad') return { checked, reported, otherMatters: [], disagreements: reported.withAll ? [] : [explained()] };
  const loud = byDefault.filter(isLoud);
  const wrong = loud.filter((finding) => isAbout(finding) || unconfirmed.has(finding));
  return {
    checked,
    reported,
    otherMatters: loud.filter((finding) => !wrong.includes(finding)),
    disagreements: checked.broken === undefined ? wrong.map(explained) : [explained()],
  };
}
