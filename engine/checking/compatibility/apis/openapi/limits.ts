import { type Impacts, narrowed, perhapsNarrowed, perhapsWidened, replaced, widened } from './change';
import type { Part } from './description';
import type { SchemaView } from './schema-view';
import { kebab } from './words';

const upper = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'];
const lower = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'];
/** Counts cannot be below zero, so a least count of zero says nothing. */
const counts = new Set(['minLength', 'minItems', 'minProperties']);

interface Limit {
  readonly value: number;
  readonly part: Part;
}

type Report = (what: string, impacts: Impacts, fact: string, part: Part | undefined, before: Part | undefined) => void;

/** Compares bounds of numbers and of counts, `multipleOf` and `uniqueItems`. */
export function compareLimits(older: SchemaView, newer: SchemaView, report: Report): void {
  for (const keyword of [...upper, ...lower]) {
    const isUpper = upper.includes(keyword);
    const [before, now] = [limitOf(older, keyword, isUpper), limitOf(newer, keyword, isUpper)];
    if (before?.value === now?.value) continue;
    const name = kebab(keyword);
    const fact = `changes its ${keyword} from ${before?.value ?? ''} to ${now?.value ?? ''}`;
    if (!before) report(`${name}-set`, perhapsNarrowed, `now has the ${keyword} ${now?.value ?? ''}`, now?.part, undefined);
    else if (!now) report(`${name}-unset`, perhapsWidened, `no longer has the ${keyword} ${before.value}`, undefined, before.part);
    else if (now.value < before.value) report(`${name}-decreased`, isUpper ? narrowed : widened, fact, now.part, before.part);
    else report(`${name}-increased`, isUpper ? widened : narrowed, fact, now.part, before.part);
  }
  compareMultiples(older, newer, report);
  const [before, now] = [older.at('uniqueItems'), newer.at('uniqueItems')];
  if (now?.value === true && before?.value !== true) report('unique-items-required', narrowed, 'no longer allows equal items', now, before);
  if (before?.value === true && now?.value !== true) report('unique-items-dropped', widened, 'now allows equal items', now, before);
}

function compareMultiples(older: SchemaView, newer: SchemaView, report: Report): void {
  const [before, now] = [older.at('multipleOf'), newer.at('multipleOf')];
  const [step, newStep] = [before?.value, now?.value];
  if (step === newStep) return;
  if (typeof step !== 'number')
    return report('multiple-of-set', perhapsNarrowed, `must now be a multiple of ${String(newStep)}`, now, before);
  if (typeof newStep !== 'number')
    return report('multiple-of-unset', perhapsWidened, `no longer has to be a multiple of ${step}`, now, before);
  const fact = `must now be a multiple of ${newStep} instead of ${step}`;
  if (isMultiple(newStep, step)) report('multiple-of-narrowed', narrowed, fact, now, before);
  else if (isMultiple(step, newStep)) report('multiple-of-widened', widened, fact, now, before);
  else report('multiple-of-changed', replaced, fact, now, before);
}

function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

/** The tightest of the facets. In OpenAPI 3.0 `exclusiveMaximum: true` makes the `maximum` beside it exclusive. */
function limitOf(view: SchemaView, keyword: string, isUpper: boolean): Limit | undefined {
  let found: Limit | undefined;
  for (const facet of view.facets) {
    const limit = limitOfFacet(facet, keyword);
    if (limit && (!found || (isUpper ? limit.value < found.value : limit.value > found.value))) found = limit;
  }
  return found && !(counts.has(keyword) && found.value === 0) ? found : undefined;
}

function limitOfFacet(facet: Part, keyword: string): Limit | undefined {
  const exclusive = { maximum: 'exclusiveMaximum', minimum: 'exclusiveMinimum' }[keyword];
  if (exclusive !== undefined && facet.fields[exclusive] === true) return undefined;
  const inclusive = { exclusiveMaximum: 'maximum', exclusiveMinimum: 'minimum' }[keyword];
  const part = facet.get(inclusive !== undefined && facet.fields[keyword] === true ? inclusive : keyword);
  return part && typeof part.value === 'number' ? { value: part.value, part } : undefined;
}
