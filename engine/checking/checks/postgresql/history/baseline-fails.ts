import { LineIndex } from '../../../../core/text';
import type { Check } from '../../check';
import { headOf } from '../support/evidence';
import { detailsOf, wordsOf } from '../support/failure-causes';

export const check: Check = {
  id: 'baseline-fails',
  hazards: [],
  severity: 'warning',
  summary: 'Contains baseline statements that PostgreSQL refuses, so what depends on them is not checked.',
  *project({ baseline }) {
    const [first, ...others] = baseline?.failures ?? [];
    if (!baseline || !first) return;
    const { file, text } = baseline.script;
    const lines = new LineIndex(text);
    const also = others.slice(0, 5).map(({ statement }) => lines.positionAt(statement.start).line + 1);
    const details = [
      detailsOf(first.error),
      'The checks run without what this statement creates.',
      others.length > 0 &&
        `${others.length} more ${others.length === 1 ? 'statement fails, in line' : 'statements fail, in lines'} ${also.join(', ')}${others.length > also.length ? ' and more' : ''}.`,
    ];
    yield {
      file,
      range: headOf(first.statement),
      message: `The baseline fails in part: ${wordsOf(first.error)}`,
      details: details.filter(Boolean).join(' '),
      advice: 'Dump the schema again with `pg_dump --schema-only`, without what the embedded PostgreSQL does not have.',
    };
  },
};
