import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { wellNamed } from '../../../checks/testing/well-written';
import { memoryFiles } from '../../../../host/memory-files';
import type { ApiChange } from '../api-format';
import { openApiFormat } from './openapi-format';

/**
 * A pair of fragments and what changed between them. In a fragment `<a|text>` marks a place by the label a; in `changes` each label
 * has "impact id" of what is reported at that place of the newer fragment, or a list of them. A label that the older fragment has too
 * is also where `before` must be. `elsewhere` lists what is reported outside the fragment. Nothing else may be reported.
 */
interface Case {
  readonly name: string;
  /** What the fragments are a part of: one of the places below. */
  readonly in: keyof typeof places;
  readonly version?: string;
  readonly today?: string;
  readonly days?: number;
  readonly older: string;
  readonly newer: string;
  readonly changes?: Readonly<Record<string, string | readonly string[]>>;
  readonly elsewhere?: readonly string[];
  /** Labels whose changes were announced. */
  readonly announced?: readonly string[];
}

const json = ['content', 'application/json', 'schema'];
const places = {
  request: ['paths', '/things', 'post', 'requestBody', ...json],
  response: ['paths', '/things', 'get', 'responses', '"200"', ...json],
  parameters: ['paths', '/things', 'get', 'parameters'],
  responses: ['paths', '/things', 'get', 'responses'],
  operation: ['paths', '/things', 'post'],
  paths: ['paths'],
  webhook: ['webhooks', 'thingMade', 'post'],
  document: [],
};

const folder = join(import.meta.dirname, 'cases');
for (const file of readdirSync(folder)) {
  describe(file.replace('.yaml', '').replaceAll('-', ' '), () => {
    const cases = parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];
    test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
      const [older, newer] = [written(each, each.older), written(each, each.newer)];
      const changes = await compare(older.text, newer.text, each);
      const seen = changes.map((change) => {
        const label = [...newer.marks].find(
          ([, range]) => range.start === change.place.range.start && range.end === change.place.range.end,
        )?.[0];
        const { start, end } = change.place.range;
        const inside = start >= newer.start;
        return `${label ?? (inside ? `at "${newer.text.slice(start, end)}"` : 'elsewhere')}: ${change.impact} ${change.id}`;
      });
      const expected = [
        ...Object.entries(each.changes ?? {}).flatMap(([label, all]) => [all].flat().map((text) => `${label}: ${text}`)),
        ...(each.elsewhere ?? []).map((text) => `elsewhere: ${text}`),
      ];
      expect(seen.sort()).toEqual(expected.sort());
      for (const change of wellNamed(changes)) checkBefore(change, older, newer);
      const announced = changes.filter((change) => change.announced).map((change) => change.id);
      expect(announced).toEqual(each.announced ?? []);
    });
  });
}

test('every id that a case expects is on the page about changes, by itself or with a star for what it is about', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/api-changes.md'), 'utf8');
  const expected = readdirSync(folder).flatMap((file) =>
    (parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[]).flatMap((each) =>
      [...Object.values(each.changes ?? {}).flat(), ...(each.elsewhere ?? [])].map((text) => text.split(' ')[1] ?? ''),
    ),
  );
  const about = [/^(operation|(request|response)-(body|property|parameter|header))-/, /^(request|response)-(parameter|header)-property-/];
  const missing = [...new Set(expected)].filter((id) => {
    const plain = id.replace(/^(webhook|callback)-(?=request|response)/, '');
    return ![id, plain, ...about.map((each) => plain.replace(each, '*-'))].some((candidate) => page.includes(`\`${candidate}\``));
  });
  expect(missing).toEqual([]);
});

function checkBefore(change: ApiChange, older: Written, newer: Written): void {
  const labels = [...newer.marks].filter(([, range]) => range.start === change.place.range.start && range.end === change.place.range.end);
  for (const [label] of labels) {
    const before = older.marks.get(label);
    if (before)
      expect(older.text.slice(change.before?.range.start, change.before?.range.end)).toBe(older.text.slice(before.start, before.end));
    if (before) expect(change.before?.range).toEqual(before);
  }
}

interface Written {
  readonly text: string;
  readonly start: number;
  readonly marks: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
}

function written(each: Case, fragment: string): Written {
  const keys = places[each.in];
  const head = [`openapi: ${each.version ?? '3.0.3'}`, ...keys.map((key, depth) => `${'  '.repeat(depth)}${key}:`)].join('\n');
  const indented = fragment.replace(/^(?=.)/gm, '  '.repeat(keys.length));
  const marks = new Map<string, { start: number; end: number }>();
  let text = `${head}\n`;
  const { length: start } = text;
  let from = 0;
  for (const match of indented.matchAll(/<(\w+)\|([^>]*)>/g)) {
    text += indented.slice(from, match.index);
    marks.set(match[1] ?? '', { start: text.length, end: text.length + (match[2] ?? '').length });
    text += match[2] ?? '';
    from = match.index + match[0].length;
  }
  return { text: text + indented.slice(from), start, marks };
}

async function compare(older: string, newer: string, options: { readonly today?: string; readonly days?: number }) {
  const files = memoryFiles({ '/older.yaml': older, '/newer.yaml': newer });
  const [before, now] = [await openApiFormat.read('/older.yaml', files), await openApiFormat.read('/newer.yaml', files)];
  if (!before.ok) throw new Error(JSON.stringify(before.problem));
  if (!now.ok) throw new Error(JSON.stringify(now.problem));
  const result = await openApiFormat.compare(before.value, now.value, {
    today: options.today ?? '2030-01-01',
    deprecationDays: options.days ?? 0,
    compatibility: 'backward',
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
