import { listed } from '../../../../core/wording';
import type { ApiImpact, ComparisonOptions } from '../api-format';
import type { Draft, Headline } from './change';
import type { Part } from './description';

const dayMs = 86_400_000;
const replacementKeys = ['x-replacement', 'x-replaced-by', 'x-deprecated-replacement', 'externalDocs'];

/** The day until which a part is promised to work: `x-sunset`, a date or a time. Undefined when there is none that can be read. */
function sunsetOf(part: Part): string | undefined {
  const value = part.fields['x-sunset'];
  const day = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})(T.*)?$/.exec(value)?.[1] : undefined;
  return day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day) ? day : undefined;
}

function isDeprecated(part: Part): boolean {
  return part.fields.deprecated === true;
}

/** True when the part was deprecated for long enough: its sunset is over, or there is none and no number of days is asked for. */
export function isAnnounced(part: Part, options: ComparisonOptions): boolean {
  if (!isDeprecated(part)) return false;
  const sunset = sunsetOf(part);
  return sunset === undefined ? options.deprecationDays === 0 : sunset <= options.today;
}

/** The end of the id of a removal, and what the details say of the announcement. */
export function removal(gone: Part, options: ComparisonOptions): { readonly suffix: string; readonly text: string } {
  if (!isDeprecated(gone)) return { suffix: '-without-deprecation', text: 'It was not deprecated.' };
  const sunset = sunsetOf(gone);
  if (sunset !== undefined && sunset > options.today) {
    return { suffix: '-before-sunset', text: `It was promised to work until ${sunset}.` };
  }
  return { suffix: '', text: sunset === undefined ? 'It was deprecated.' : `It was deprecated with the sunset date ${sunset}.` };
}

/**
 * What changed between two versions of an operation, parameter or property in its way to removal.
 * @param prefix of the ids, e.g. `operation`
 * @param subject begins the headlines, e.g. "The query parameter `limit`"
 */
export function lifecycleChanges(older: Part, newer: Part, prefix: string, subject: Headline, options: ComparisonOptions): Draft[] {
  const drafts: Draft[] = [];
  const report: Report = (what, impact, keyword, fact, details) => {
    const part = newer.get(keyword) ?? newer;
    const message: Headline = (operations) => `${subject(operations)} ${fact}`;
    drafts.push({ id: `${prefix}-${what}`, impact, message, details, part, before: older.get(keyword) ?? older });
  };
  stabilityChange(older, newer, report);
  const wasDeprecated = isDeprecated(older);
  if (!isDeprecated(newer)) {
    if (wasDeprecated) report('reactivated', 'neutral', 'deprecated', 'is no longer deprecated');
    return drafts;
  }
  const [before, now] = [sunsetOf(older), sunsetOf(newer)];
  const written = newer.fields['x-sunset'] !== undefined;
  const unknownEnd = 'Clients do not know how long it works.';
  if (!wasDeprecated)
    report('deprecated', 'neutral', 'deprecated', `is now deprecated${now === undefined ? '' : ` and works until ${now}`}`);
  if (written && now === undefined && newer.fields['x-sunset'] !== older.fields['x-sunset']) {
    report('sunset-invalid', 'risky', 'x-sunset', 'has an x-sunset that is not a date such as 2027-03-31', unknownEnd);
  }
  if (wasDeprecated && before !== undefined && !written) {
    report('sunset-removed', 'risky', 'x-sunset', `no longer has the sunset date ${before}`, unknownEnd);
  }
  if (wasDeprecated && before !== undefined && now !== undefined && now < before) {
    report('sunset-moved-forward', 'risky', 'x-sunset', `now ends on ${now} instead of ${before}`);
  } else if (now !== undefined && now !== before && daysUntil(now, options.today) < options.deprecationDays) {
    const fact = `ends on ${now}, with less than ${options.deprecationDays} days of notice`;
    report('sunset-too-near', 'risky', 'x-sunset', fact, `The manifest promises ${options.deprecationDays} days.`);
  }
  if (!wasDeprecated && !written) {
    const impact = options.deprecationDays > 0 ? 'risky' : 'neutral';
    report('deprecated-without-sunset', impact, 'deprecated', 'is deprecated without a sunset date', unknownEnd);
  }
  if (!wasDeprecated && !namesReplacement(newer)) {
    const details = 'The description does not say what to use instead.';
    report('deprecated-without-replacement', 'neutral', 'deprecated', 'is deprecated without a replacement', details);
  }
  return drafts;
}

/** Adds a change. @param keyword where it is written @param fact follows the subject in the headline */
type Report = (what: string, impact: ApiImpact, keyword: string, fact: string, details?: string) => void;

const levels = ['draft', 'alpha', 'beta', 'stable'];

/** How far an operation, parameter or property is in its making; undefined for an unknown level. Default: stable. */
function levelOf(part: Part): number | undefined {
  const level = levels.indexOf(String(part.fields['x-stability-level'] ?? 'stable'));
  return level < 0 ? undefined : level;
}

/** True for a draft or an alpha, which may change in any way. */
export function isUnstable(part: Part): boolean {
  return (levelOf(part) ?? levels.length) < levels.indexOf('beta');
}

function stabilityChange(older: Part, newer: Part, report: Report) {
  const [before, now] = [levelOf(older), levelOf(newer)];
  const keyword = 'x-stability-level';
  if (now === undefined) {
    if (newer.fields[keyword] !== older.fields[keyword]) {
      report('stability-invalid', 'risky', keyword, `has an unknown ${keyword}`, `Known levels are ${listed(levels)}.`);
    }
    return;
  }
  if (before === undefined || before === now) return;
  const fact = `changes its stability from ${levels[before] ?? ''} to ${levels[now] ?? ''}`;
  if (now < before) report('stability-decreased', 'breaking', keyword, fact, 'Clients can no longer rely on the earlier promise.');
  else report('stability-increased', 'neutral', keyword, fact);
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
