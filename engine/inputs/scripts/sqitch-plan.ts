import type { TextRange } from '../../core/text';
import { linesOf } from './sections';

/** One change of a sqitch plan. */
export interface PlannedChange {
  readonly name: string;
  /** Changes that must be deployed before it, as written: `name`, `name@tag`, `@tag`, `project:name`. */
  readonly requires: readonly { readonly text: string; readonly range: TextRange }[];
  /** The name in the plan. */
  readonly range: TextRange;
  /** The tags between this change and the next one of the same name, nearest first; empty when it is not reworked. */
  readonly reworkTags: readonly string[];
}

export interface SqitchPlan {
  readonly project: string | undefined;
  readonly changes: readonly PlannedChange[];
  /** Tag name (without `@`) to the number of changes before it. */
  readonly tags: ReadonlyMap<string, number>;
  /** Lines that are no pragma, tag, comment, or change to deploy with its time and planner. */
  readonly unknown: readonly TextRange[];
}

const planned = String.raw`\s+\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\s+[^<]+<[^>]+>\s*(?:#.*)?$`;
const changeLine = new RegExp(String.raw`^(\s*)(\+?\s*)([^\s:@#\\%+[\]-][^\s:@#\\]*)(?:\s*\[([^\]]*)\])?${planned}`);
const tagLine = new RegExp(String.raw`^\s*@([^\s:@#\\/]+)${planned}`);

/** Parses `sqitch.plan`. Never fails: lines that it does not understand are in `unknown`. */
export function parseSqitchPlan(text: string): SqitchPlan {
  const changes: (Omit<PlannedChange, 'reworkTags'> & { index: number })[] = [];
  const tags = new Map<string, number>();
  const unknown: TextRange[] = [];
  let project: string | undefined;
  for (const line of linesOf(text)) {
    if (/^\s*(#.*)?$/.test(line.text)) continue;
    const pragma = /^\s*%\s*([\w-]+)(?:\s*=\s*([^\s#]+))?\s*(?:#.*)?$/.exec(line.text);
    const tag = tagLine.exec(line.text);
    const change = changeLine.exec(line.text);
    if (pragma) project = pragma[1] === 'project' ? pragma[2] : project;
    else if (tag) tags.set(tag[1] ?? '', changes.length);
    else if (change) {
      const start = line.start + (change[1] ?? '').length + (change[2] ?? '').length;
      const name = change[3] ?? '';
      const requires = requiresOf(change[4] ?? '', line.start + line.text.indexOf('[') + 1);
      changes.push({ name, requires, range: { start, end: start + name.length }, index: changes.length });
    } else unknown.push({ start: line.start, end: line.end });
  }
  return { project, tags, unknown, changes: changes.map((change) => ({ ...change, reworkTags: reworkTags(change, changes, tags) })) };
}

function requiresOf(list: string, offset: number): PlannedChange['requires'] {
  return [...list.matchAll(/\S+/g)]
    .filter((match) => !match[0].startsWith('!'))
    .map((match) => ({ text: match[0], range: { start: offset + match.index, end: offset + match.index + match[0].length } }));
}

function reworkTags(
  change: { name: string; index: number },
  changes: readonly { name: string; index: number }[],
  tags: ReadonlyMap<string, number>,
): string[] {
  const next = changes.find((other) => other.index > change.index && other.name === change.name);
  if (!next) return [];
  return [...tags].filter(([, before]) => before > change.index && before <= next.index).map(([tag]) => tag);
}
