import type { Fix } from '../core/finding';
import type { Check } from './check';
import { type IgnoreComment, ignoreComments } from './ignore-comments';

export const check: Check = {
  id: 'foreign-ignore-comment',
  hazards: [],
  group: 'advice',
  severity: 'hint',
  summary: 'An ignore comment of another tool silences checks here.',
  *script({ script, statements }, { up }) {
    const isReadAsUp = script.direction !== 'up' && script.file === up.script.file;
    if (isReadAsUp) return;
    for (const comment of ignoreComments(script.text, statements)) {
      if (!comment.foreign) continue;
      yield { range: comment.range, message: messageOf(comment), fixes: fixesOf(comment, script.file) };
    }
  },
};

function messageOf({ subjects, scope, foreign }: IgnoreComment): string {
  const tool = foreign?.tool ?? '';
  const unknown = subjects.filter(({ targets }) => targets.length === 0).map(({ name }) => name);
  const known = knownTargets(subjects);
  const place = foreign?.scope === 'start' ? 'up to its end' : scope === 'file' ? 'in this file' : 'on the next statement';
  const what = known.includes('*') ? 'every finding' : known.join(', ');
  const save = known.includes('*') ? ', save those of what stops the upgrade' : '';
  const honoured =
    known.length > 0 ? `This comment of ${tool} silences ${what} ${place}${save}, and nobody is told when it no longer does.` : '';
  const doubt =
    unknown.length > 0
      ? `${unknown.join(', ')} ${unknown.length === 1 ? 'is a rule' : 'are rules'} of ${tool} that nothing here corresponds to: nothing is silenced for ${unknown.length === 1 ? 'it' : 'them'}.`
      : '';
  return [honoured, doubt].filter(Boolean).join(' ');
}

/** A comment of our own that silences the same; none for what has no counterpart. */
function fixesOf({ subjects, scope, reason, range, foreign }: IgnoreComment, file: string): Fix[] {
  const targets = knownTargets(subjects);
  if (!foreign || targets.length === 0 || targets.includes('*') || foreign.scope === 'start') return [];
  const origin = `converted from ${foreign.tool}${reason ? `: ${reason}` : ''}`;
  const newText = `-- mem8-upgrade: ${scope === 'file' ? 'ignore-file' : 'ignore'} ${targets.join(', ')} ${origin}`;
  return [{ title: 'Convert to an ignore comment of Mem8 Upgrade', preferred: true, edits: [{ file, range, newText }] }];
}

function knownTargets(subjects: IgnoreComment['subjects']): string[] {
  return [...new Set(subjects.flatMap(({ targets }) => targets))];
}
