import type { ApiImpact, ComparisonOptions } from '../api-format';
import type { Draft } from './changes';
import type { Part } from './description';

const dayMs = 86_400_000;
const replacementKeys = ['x-replacement', 'x-replaced-by', 'x-deprecated-replacement', 'externalDocs'];

/** The day until which a part is promised to work: `x-sunset`, a date or a time. Undefined when there is none that can be read. */
export function sunsetOf(part: Part): string | undefined {
  const value = part.fields['x-sunset'];
  const day = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})(T.*)?$/.exec(value)?.[1] : undefined;
  return day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day) ? day : undefined;
}

export function isDeprecated(part: Part): boolean {
  return part.fields.deprecated === true;
}

/** True when the part was deprecated for long enough: its sunset is over, or there is none and no number of days is asked for. */
export function isAnnounced(part: Part, options: ComparisonOptions): boolean {
  if (!isDeprecated(part)) return false;
  const sunset = sunsetOf(part);
  return sunset === undefined ? options.deprecationDays === 0 : sunset <= options.today;
}

/** The end of the id of a removal, and what the message says of the announcement. */
export function removal(gone: Part, options: ComparisonOptions): { readonly suffix: string; readonly text: string } {
  if (!isDeprecated(gone)) return { suffix: '-without-deprecation', text: 'It was not deprecated before.' };
  const sunset = sunsetOf(gone);
  if (sunset !== undefined && sunset > options.today) {
    return { suffix: '-before-sunset', text: `It was promised to work until ${sunset}.` };
  }
  return { suffix: '', text: sunset === undefined ? 'It was deprecated.' : `It was deprecated, and its sunset was ${sunset}.` };
}

/**
 * What changed between two versions of an operation, parameter or property in its way to removal.
 * @param prefix of the ids, e.g. `operation`
 * @param subject begins the messages, e.g. "The query parameter `limit`"
 */
export function lifecycleChanges(older: Part, newer: Part, prefix: string, subject: string, options: ComparisonOptions): Draft[] {
  const drafts: Draft[] = [];
  const report = (what: string, impact: ApiImpact, message: string, keyword: string) => {
    const part = newer.get(keyword) ?? newer;
    drafts.push({ id: `${prefix}-${what}`, impact, message: `${subject} ${message}`, part, before: older.get(keyword) ?? older });
  };
  stabilityChange(older, newer, report);
  const wasDeprecated = isDeprecated(older);
  if (!isDeprecated(newer)) {
    if (wasDeprecated) report('reactivated', 'neutral', 'is no longer deprecated.', 'deprecated');
    return drafts;
  }
  const [before, now] = [sunsetOf(older), sunsetOf(newer)];
  const written = newer.fields['x-sunset'] !== undefined;
  if (!wasDeprecated)
    report('deprecated', 'neutral', `is now deprecated${now === undefined ? '' : ` and works until ${now}`}.`, 'deprecated');
  if (written && now === undefined && newer.fields['x-sunset'] !== older.fields['x-sunset']) {
    report(
      'sunset-invalid',
      'risky',
      'has an x-sunset that is not a date such as 2027-03-31, so it is not known how long it works.',
      'x-sunset',
    );
  }
  if (wasDeprecated && before !== undefined && !written) {
    report('sunset-removed', 'risky', `was promised to work until ${before}; now it has no end date.`, 'x-sunset');
  }
  if (wasDeprecated && before !== undefined && now !== undefined && now < before) {
    report('sunset-moved-forward', 'risky', `was promised to work until ${before} and now ends earlier, on ${now}.`, 'x-sunset');
  } else if (now !== undefined && now !== before && daysUntil(now, options.today) < options.deprecationDays) {
    const message = `ends on ${now}: its clients have less than the ${options.deprecationDays} days of notice that a removal requires.`;
    report('sunset-too-near', 'risky', message, 'x-sunset');
  }
  if (!wasDeprecated && !written) {
    const impact = options.deprecationDays > 0 ? 'risky' : 'neutral';
    report('deprecated-without-sunset', impact, 'is deprecated without a sunset date, so it is not known how long it works.', 'deprecated');
  }
  if (!wasDeprecated && !namesReplacement(newer)) {
    report('deprecated-without-replacement', 'neutral', 'is deprecated without a replacement.', 'deprecated');
  }
  return drafts;
}

const levels = ['draft', 'alpha', 'beta', 'stable'];

/** How far an operation, parameter or property is in its making; undefined for what is no level. Default: stable. */
function levelOf(part: Part): number | undefined {
  const level = levels.indexOf(String(part.fields['x-stability-level'] ?? 'stable'));
  return level < 0 ? undefined : level;
}

/** True for a draft or an alpha, which may change in any way. */
export function isUnstable(part: Part): boolean {
  return (levelOf(part) ?? levels.length) < levels.indexOf('beta');
}

function stabilityChange(older: Part, newer: Part, report: (what: string, impact: ApiImpact, message: string, keyword: string) => void) {
  const [before, now] = [levelOf(older), levelOf(newer)];
  const keyword = 'x-stability-level';
  if (now === undefined) {
    if (newer.fields[keyword] !== older.fields[keyword]) {
      report('stability-invalid', 'risky', `has an ${keyword} that is not one of ${levels.join(', ')}.`, keyword);
    }
    return;
  }
  if (before === undefined || before === now) return;
  const fact = `was ${levels[before] ?? ''} and is now ${levels[now] ?? ''}`;
  if (now < before) report('stability-decreased', 'breaking', `${fact}: its clients lose that guarantee.`, keyword);
  else report('stability-increased', 'neutral', `${fact}.`, keyword);
}

function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / dayMs);
}

function namesReplacement(part: Part): boolean {
  const { fields } = part;
  if (replacementKeys.some((key) => fields[key] !== undefined)) return true;
  return [fields.description, fields.summary].some(
    (text) => typeof text === 'string' && /\b(use|instead|replace[ds]?|supersede[ds]?|see|prefer|favou?r)\b/i.test(text),
  );
}
