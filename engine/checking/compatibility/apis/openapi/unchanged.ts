import type { Flow } from './change';
import { isObject, type Part } from './description';
import { fingerprint } from './schema-view';

const inLists = ['oneOf', 'anyOf', 'prefixItems'];
const single = ['items', 'additionalProperties', 'unevaluatedProperties'];

/**
 * Where two schemas that say the same refer to, for these may have changed. Undefined when the schemas differ, or when they are put
 * together with others, so that a change there has to be judged here.
 */
export function referencesOfUnchanged(older: Part, newer: Part, flow: Flow): readonly (readonly [Part, Part])[] | undefined {
  if (!isObject(older.value) || !isObject(newer.value)) return undefined;
  if (fingerprint(older.value) !== fingerprint(newer.value)) return undefined;
  const references: (readonly [Part, Part])[] = [];
  const hidden = flow === 'sent' ? 'readOnly' : 'writeOnly';
  const waiting: (readonly [Part | undefined, Part | undefined])[] = [[older, newer]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [left, right] = pair;
    if (!left || !right || !isObject(left.value) || left.value[hidden] === true) continue;
    const { allOf, $ref } = left.value;
    if (allOf !== undefined) return undefined;
    if ($ref !== undefined) {
      if (left === older || Object.keys(left.value).length > 1) return undefined;
      const targets = [left.resolved, right.resolved] as const;
      if (targets.every((target) => target.fields[hidden] !== true)) references.push(targets);
      continue;
    }
    for (const keyword of single) if (left.value[keyword] !== undefined) waiting.push([left.get(keyword), right.get(keyword)]);
    for (const keyword of [...inLists, 'properties']) {
      if (left.value[keyword] === undefined) continue;
      const [inside, other] = [left.get(keyword), right.get(keyword)];
      for (const child of inside?.children ?? []) waiting.push([child, other?.get(child.name)]);
    }
  }
  return references.reverse();
}
