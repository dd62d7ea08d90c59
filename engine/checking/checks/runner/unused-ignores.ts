import type { Finding } from '../../../core/finding';
import { listed, listedBriefly } from '../../../core/wording';
import type { IgnoreComment, IgnoreSubject } from '../support/ignore-comments';
import { check } from '../syntax/unused-ignore';

/**
 * The names of a comment that silence nothing; undefined when there is nothing to report. Next to a name that does silence something,
 * only ids of checks are reported: a comment often names several hazards of which only some occur. Comments of other tools are skipped.
 */
export function unusedNames({ subjects, foreign }: IgnoreComment, used: ReadonlySet<IgnoreSubject> | undefined): string[] | undefined {
  if (foreign) return undefined;
  const unused = subjects.filter((subject) => !used?.has(subject)).map(({ name }) => name);
  if (!used) return unused;
  const ids = unused.filter((name) => name.includes('-'));
  return ids.length > 0 ? ids : undefined;
}

/** The finding on a comment of which `unused` names silence nothing. */
export function unusedFinding({ range, scope, subjects }: IgnoreComment, unused: readonly string[], file: string): Finding {
  const whole = unused.length === subjects.length;
  const place = scope === 'file' ? 'in this file' : 'on the next statement';
  const kept = subjects.map(({ name }) => name).filter((name) => !unused.includes(name));
  const why = `${listedBriefly(unused, 1)} ${unused.length === 1 ? 'reports' : 'report'} nothing ${place}`;
  const text =
    subjects.length === 0
      ? { message: 'This comment is unused: it names no check', advice: 'Name a check, or remove the comment.' }
      : whole
        ? { message: `This comment is unused: ${why}`, advice: 'Remove the comment, or correct the id of the check.' }
        : { message: why, details: `The comment is still needed for ${listed(kept)}.`, advice: `Remove ${listed(unused)} from it.` };
  const { id, hazards, severity } = check;
  return {
    id,
    hazards,
    group: 'syntax',
    severity,
    file,
    range,
    ...text,
    verified: true,
    related: [],
    fixes: whole ? [{ title: 'Remove the unused ignore comment', preferred: true, edits: [{ file, range, newText: '' }] }] : [],
  };
}
