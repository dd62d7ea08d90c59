import type { Finding } from '../core/finding';
import type { Check } from './check';
import type { IgnoreComment, IgnoreSubject } from './ignore-comments';

/** Reported by the runner itself, which alone knows which comments silenced something. */
export const check: Check = {
  id: 'unused-ignore',
  hazards: [],
  group: 'syntax',
  severity: 'hint',
  summary: 'An ignore comment silences nothing.',
};

/**
 * The names of a comment that silence nothing; undefined when there is nothing to tell. Beside a name that does silence something,
 * only ids of checks are told: several hazards are often named where any of them may come. Comments of other tools are left alone.
 */
export function unusedNames({ subjects, foreign }: IgnoreComment, used: ReadonlySet<IgnoreSubject> | undefined): string[] | undefined {
  if (foreign) return undefined;
  const unused = subjects.filter((subject) => !used?.has(subject)).map(({ name }) => name);
  if (!used) return unused;
  const told = unused.filter((name) => name.includes('-'));
  return told.length > 0 ? told : undefined;
}

/** The finding on a comment of which `unused` names silence nothing. */
export function unusedFinding({ range, scope, subjects }: IgnoreComment, unused: readonly string[], file: string): Finding {
  const whole = unused.length === subjects.length;
  const place = scope === 'file' ? 'in this file' : 'on the next statement';
  const kept = subjects.map(({ name }) => name).filter((name) => !unused.includes(name));
  const names = unused.join(', ');
  const message =
    subjects.length === 0
      ? 'Nothing is silenced here: the comment names no check. Name one, or remove the comment.'
      : whole
        ? `Nothing is silenced here: ${names} ${unused.length === 1 ? 'reports' : 'report'} nothing ${place}. Remove the comment.`
        : `${names} ${unused.length === 1 ? 'reports' : 'report'} nothing ${place}; the comment is still needed for ${kept.join(', ')}.`;
  return {
    ...check,
    file,
    range,
    message,
    verified: true,
    related: [],
    fixes: whole ? [{ title: 'Remove the unused ignore comment', preferred: true, edits: [{ file, range, newText: '' }] }] : [],
  };
}
