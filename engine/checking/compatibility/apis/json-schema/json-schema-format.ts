import { outcomeOf } from '../../../../core/problem';
import { capitalised, sentences } from '../../../../core/wording';
import type { ApiChange, ApiFormat, ComparisonOptions } from '../api-format';
import { refusals } from './inclusion';
import type { Refusal, RefusalKind } from './refusal';
import { isSame } from './same-schema';
import { bundleOf, isObject, keywordsOf, placeOf, readSchema, type SchemaNode } from './schema-bundle';

const keywords = ['type', 'properties', '$ref', '$defs', 'definitions', 'items', 'allOf', 'anyOf', 'oneOf', 'enum', 'const'];

/**
 * JSON Schema: drafts 07, 2019-09 and 2020-12. A change is breaking when one of the schemas accepts a document that the other
 * refuses, in the direction that the mode forbids.
 */
export const jsonSchemaFormat: ApiFormat = {
  kind: 'json-schema',
  recognises(file, text) {
    if (/\.schema\.(json|ya?ml)$/i.test(file)) return true;
    if (/["']?\$schema["']?\s*:\s*["']?https?:\/\/json-schema\.org\//.test(text)) return true;
    if (!/\.(json|ya?ml)$/i.test(file) || /^\s*["']?(openapi|swagger|asyncapi)["']?\s*:/m.test(text)) return false;
    return keywords.some((keyword) => new RegExp(`^\\s{0,4}["']?\\${keyword}["']?\\s*:`, 'm').test(text));
  },
  read: readSchema,
  compare: (older, newer, options) => outcomeOf(async () => compareSchemas(bundleOf(older).root, bundleOf(newer).root, options)),
};

function compareSchemas(older: SchemaNode, newer: SchemaNode, { compatibility }: ComparisonOptions): ApiChange[] {
  if (isSame(older, newer)) return [];
  const mode = compatibility.replace('-transitive', '');
  const changes: ApiChange[] = [];
  const backward = refusals(older, newer).map((each) => changeOf(each, 'backward', older, newer));
  const forward = refusals(newer, older).map((each) => changeOf(each, 'forward', older, newer));
  const isPromised = (direction: string) => mode === direction || mode === 'full';
  const harmless = (change: ApiChange): ApiChange => ({ ...change, impact: 'addition' });
  changes.push(...(isPromised('backward') ? backward : backward.map(harmless)));
  changes.push(...(isPromised('forward') ? forward : forward.map(harmless)));
  const files = [...newer.bundle.sources.keys()];
  return changes.sort((a, b) => files.indexOf(a.place.file) - files.indexOf(b.place.file) || a.place.range.start - b.place.range.start);
}

function changeOf(refusal: Refusal, direction: 'backward' | 'forward', older: SchemaNode, newer: SchemaNode): ApiChange {
  const { kind, certain, reader, keyword, document, clause, more, path } = refusal;
  const isBackward = direction === 'backward';
  const readerPlace = placeOf(reader, keyword);
  const documentPlace = placeOf(document ?? (isBackward ? older : newer), document && keywordIn(document, keyword));
  const data = isBackward ? 'old data' : 'new data';
  const subject = path.length === 0 ? capitalised(data) : `\`${path.join('.').replaceAll('.[]', '[]')}\` in ${data}`;
  const consequence = isBackward
    ? `Data that earlier releases wrote ${certain ? 'is' : 'may be'} refused.`
    : `Earlier releases ${certain ? 'refuse' : 'may refuse'} data that this release writes.`;
  return {
    id: idOf(kind, direction),
    impact: certain ? 'breaking' : 'risky',
    message: `${subject} ${clause}`,
    details: sentences(more, consequence) ?? consequence,
    place: isBackward ? readerPlace : documentPlace,
    before: isBackward ? documentPlace : readerPlace,
  };
}

function keywordIn(node: SchemaNode, keyword: string | undefined): string | undefined {
  return keyword !== undefined && isObject(node.value) && keyword in keywordsOf(node) ? keyword : undefined;
}

/** From the older to the newer schema: what is added for one direction is removed for the other. */
function idOf(kind: RefusalKind, direction: 'backward' | 'forward'): string {
  const isBackward = direction === 'backward';
  switch (kind) {
    case 'required':
      return isBackward ? 'required-property-added' : 'required-property-removed';
    case 'closed':
      return isBackward ? 'property-removed-from-closed-model' : 'property-added-to-closed-model';
    case 'open':
      return isBackward ? 'property-added-to-open-model' : 'property-removed-from-open-model';
    case 'partially-open':
      return isBackward ? 'property-added-not-covered-by-partially-open-model' : 'property-removed-not-covered-by-partially-open-model';
    default:
      return `${kind}-${isBackward ? 'narrowed' : 'widened'}`;
  }
}
