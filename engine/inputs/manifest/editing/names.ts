import type { TextRange } from '../../../core/text';
import type { ManifestDocument, ManifestPath } from '../document';
import type { Place } from '../place';
import { readYaml } from '../yaml-tree';
import { remembered } from '../../../core/remember';

/** What a word of a manifest names or says. */
export type NameKind =
  | 'release'
  | 'range'
  | 'migration'
  | 'feature'
  | 'channel'
  | 'api'
  | 'format'
  | 'system'
  | 'target'
  | 'check'
  | 'stage'
  | 'phase'
  | 'severity'
  | 'path';

/** One place at which a manifest names something. */
export interface Name {
  readonly kind: NameKind;
  /** Without quotes. */
  readonly text: string;
  /** The word itself, without quotes. */
  readonly range: TextRange;
  readonly path: ManifestPath;
  readonly part: 'key' | 'value';
  /** True where the thing is introduced and not only referred to. */
  readonly isDefinition: boolean;
}

/** What stands at paths of this form; `*` is any key or list place. The last sign says whether the key or the value is meant. */
const patterns: readonly (readonly [pattern: string, kind: NameKind, part: 'key' | 'value', isDefinition: boolean])[] = [
  ['releases.*.version', 'release', 'value', true],
  ['releases.*.downgrade', 'release', 'value', false],
  ['stops.*', 'release', 'value', false],
  ['risks.*.fixedIn', 'release', 'value', false],
  ['releases.*.from', 'range', 'value', false],
  ['risks.*.from', 'range', 'value', false],
  ['risks.*.to', 'range', 'value', false],
  ['releases.*.requires.*', 'range', 'value', false],
  ['releases.*.features.*.requires.*', 'range', 'value', false],
  ['releases.*.migrations.*.requires.*', 'range', 'value', false],
  ['releases.*.requires.*', 'system', 'key', false],
  ['releases.*.features.*.requires.*', 'system', 'key', false],
  ['releases.*.migrations.*.requires.*', 'system', 'key', false],
  ['systems.*', 'system', 'key', true],
  ['releases.*.migrations.*', 'migration', 'value', true],
  ['releases.*.migrations.*.id', 'migration', 'value', true],
  ['releases.*.migrations.*.phase', 'phase', 'value', false],
  ['releases.*.features.*', 'feature', 'key', true],
  ['releases.*.features.*.needs.*', 'feature', 'value', false],
  ['releases.*.features.*.replacement', 'feature', 'value', false],
  ['releases.*.migrations.*.feature', 'feature', 'value', false],
  ['releases.*.features.*', 'stage', 'value', false],
  ['releases.*.features.*.stage', 'stage', 'value', false],
  ['channels.*', 'channel', 'value', true],
  ['releases.*.channels.*', 'channel', 'value', false],
  ['releases.*.apis.*', 'api', 'key', true],
  ['releases.*.formats.*', 'format', 'key', true],
  ['targets.*', 'target', 'key', true],
  ['checks.*', 'check', 'key', false],
  ['checks.*', 'severity', 'value', false],
  ['migrations.directory', 'path', 'value', false],
  ['migrations.baseline', 'path', 'value', false],
  ['migrations.statistics', 'path', 'value', false],
  ['releases.*.apis.*', 'path', 'value', false],
  ['releases.*.apis.*.file', 'path', 'value', false],
  ['releases.*.queries', 'path', 'value', false],
  ['releases.*.queries.*', 'path', 'value', false],
  ['systems.*', 'path', 'value', false],
];

const split = patterns.map(([pattern, kind, part, isDefinition]) => ({ steps: pattern.split('.'), kind, part, isDefinition }));

/**
 * Everything that a manifest names, in the order of the text, also where parts of it do not fit the schema. Words that the
 * text does not write out (aliases, merged keys, escapes) are left out, because they cannot be replaced by themselves.
 */
export const namesIn = remembered((document: ManifestDocument): readonly Name[] => {
  const { value, place } = readYaml(document.text);
  const found: Name[] = [];
  if (place) collect(document.text, place, value, [], found);
  return found.sort((a, b) => a.range.start - b.range.start);
});

function collect(text: string, place: Place, value: unknown, path: (string | number)[], found: Name[]): void {
  for (const { steps, kind, part, isDefinition } of split) {
    if (steps.length !== path.length || !steps.every((step, index) => step === '*' || step === path[index])) continue;
    const word = part === 'key' ? path.at(-1) : value;
    const range = part === 'key' ? place.key : place.value;
    if (typeof word !== 'string' || !range) continue;
    const bare = withoutQuotes(text, range);
    if (text.slice(bare.start, bare.end) === word) found.push({ kind, text: word, range: bare, path, part, isDefinition });
  }
  if (place.elsewhere) return;
  for (const [step, child] of place.children ?? []) {
    if (child.elsewhere && child.key && child.key.start < place.value.start) continue;
    const inside = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
    collect(text, child, inside, [...path, step], found);
  }
}

/** The range of a scalar without the quotes around it. */
function withoutQuotes(text: string, { start, end }: TextRange): TextRange {
  const quote = text[start];
  const isQuoted = (quote === '"' || quote === "'") && end - start >= 2 && text[end - 1] === quote;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** The name that an offset is in or at the end of; for a path, the one that is meant there. */
export function nameAt(document: ManifestDocument, offset: number): Name | undefined {
  return namesIn(document).find(({ range }) => range.start <= offset && offset <= range.end);
}

/** The versions that a range of the manifest writes out, with their places: `1.0.0` and `2.0.0` in `>=1.0.0 <2.0.0`. */
export function versionsInRange(range: Name): { readonly text: string; readonly range: TextRange }[] {
  return [...range.text.matchAll(/\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?/g)].map((match) => {
    const start = range.range.start + match.index;
    return { text: match[0], range: { start, end: start + match[0].length } };
  });
}

/** The place in the text's list of releases that a path is in. */
export function releaseIndexOf(path: ManifestPath): number | undefined {
  return path[0] === 'releases' && typeof path[1] === 'number' ? path[1] : undefined;
}
