import { capitalised } from '../../../../core/wording';
import { narrowed, perhapsNarrowed, perhapsWidened, unclear, widened } from './change';
import type { SchemaPair } from './schema-pair';
import { fingerprint } from './schema-view';
import { acceptsTextsOf } from './text-values';
import { kebab, shown } from './words';

/** @param isRetyped true for texts that have other types than before: a pattern that they all match says nothing new */
export function comparePattern(pair: SchemaPair, isRetyped: boolean): void {
  const [before, now] = [pair.older.at('pattern'), pair.newer.at('pattern')];
  if (before?.value === now?.value) return;
  if (isRetyped && (acceptsTextsOf(now?.value, pair.older) || acceptsTextsOf(before?.value, pair.newer))) return;
  const [was, is] = [before, now].map((part) => String(part?.value));
  if (!before) pair.report('pattern-added', perhapsNarrowed, 'now has a pattern', now, before, `It must match ${is}.`);
  else if (!now) pair.report('pattern-removed', perhapsWidened, 'no longer has a pattern', now, before, `It had to match ${was}.`);
  else pair.report('pattern-changed', unclear, 'changes its pattern', now, before, `It had to match ${was} and must now match ${is}.`);
}

const conditions = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
];

/** Keywords whose meaning cannot be told apart further: having one more is narrower, having one less is wider. */
export function compareConditions(pair: SchemaPair): void {
  for (const keyword of conditions) {
    const [before, now] = [pair.older.at(keyword), pair.newer.at(keyword)];
    if (fingerprint(before?.value) === fingerprint(now?.value)) continue;
    const name = kebab(keyword);
    if (!before) pair.report(`${name}-added`, narrowed, `now has the condition \`${keyword}\``, now, before);
    else if (!now) pair.report(`${name}-removed`, widened, `no longer has the condition \`${keyword}\``, now, before);
    else pair.report(`${name}-changed`, unclear, `changes its condition \`${keyword}\``, now, before);
  }
}

/** Compares `default` of what is sent: the API fills it in where a client leaves the value out. */
export function compareDefault(pair: SchemaPair): void {
  if (pair.use.flow === 'received') return;
  const [before, now] = [pair.older.at('default'), pair.newer.at('default')];
  const [beforeText, nowText] = [fingerprint(before?.value), fingerprint(now?.value)];
  if (beforeText === nowText || (pair.use.text && before && now && String(before.value) === String(now.value))) return;
  const what = !before ? 'default-added' : !now ? 'default-removed' : 'default-changed';
  const [was, is] = [shown(beforeText), shown(nowText)];
  const fact = !before
    ? `now has the default ${is}`
    : !now
      ? `no longer has the default ${was}`
      : `changes its default from ${was} to ${is}`;
  pair.add({
    id: `${pair.use.where}-${what}`,
    impact: 'risky',
    message: (operations) => `${pair.use.subject(operations)} ${fact}`,
    details: `${capitalised(pair.messages)} that leave it out are handled differently.`,
    part: now ?? pair.parts.newer,
    before: before ?? pair.parts.older,
  });
}
