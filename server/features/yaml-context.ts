import type { ManifestPath } from '#engine/inputs/manifest/document';

/** Where in a YAML text one is about to type, found by indentation and open brackets alone so that it works in broken text. */
export interface YamlContext {
  /** The mapping or list that holds the cursor's line. */
  readonly parent: ManifestPath;
  /** The key before the cursor when a value is being typed, otherwise undefined. */
  readonly key: string | undefined;
  /** True in a list entry before any key: `- |`. */
  readonly isListEntry: boolean;
  /** What is already typed of the key or value. */
  readonly prefix: string;
}

/** What opens a level on a line: a dash opens a list entry, a key a mapping's value. `column` is where it stands. */
interface Opener {
  readonly column: number;
  /** Undefined for a dash. */
  readonly key: string | undefined;
}

export function yamlContextAt(text: string, offset: number): YamlContext {
  const flow = openFlowAt(text, offset);
  return flow ? flowContext(text, flow, offset) : blockContext(text, offset);
}

function blockContext(text: string, offset: number): YamlContext {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const before = text.slice(lineStart, offset);
  const { dashes, indent } = dashesOf(before);
  const rest = before.slice(indent);
  const keyed = /^(['"]?)([^:'"]+)\1:(?:\s+(.*)|)$/.exec(rest);
  const earlier = text.slice(0, lineStart).split(/\r\n|\r|\n/);
  const openers = [...earlier.flatMap(openersOf), ...dashes];
  return {
    parent: parentPath(openers, indent),
    key: keyed?.[2],
    isListEntry: dashes.length > 0 && !keyed,
    prefix: (keyed ? (keyed[3] ?? '') : rest).trimStart(),
  };
}

/** A bracket that is open at the cursor, with what stands in it before the cursor. */
interface OpenFlow {
  readonly start: number;
  readonly kind: '[' | '{';
  /** Entries that are finished: the number of commas. */
  commas: number;
  /** Where the entry begins that the cursor is in. */
  entryStart: number;
}

/** The brackets that are open at an offset, outermost first; undefined in block style. */
function openFlowAt(text: string, offset: number): OpenFlow[] | undefined {
  const open: OpenFlow[] = [];
  let quote = '';
  for (let at = 0; at < offset; at++) {
    const character = text[at] ?? '';
    const before = text[at - 1] ?? '\n';
    if (quote !== '') {
      if (quote === '"' && character === '\\') at++;
      else if (character === quote || character === '\n') quote = '';
      continue;
    }
    const startsToken = /[\s[{,:]/.test(before);
    if ((character === '"' || character === "'") && startsToken) quote = character;
    else if (character === '#' && /\s/.test(before)) at = endOfLine(text, at) - 1;
    else if ((character === '[' || character === '{') && (open.length > 0 || opensValue(text, at))) {
      open.push({ start: at, kind: character, commas: 0, entryStart: at + 1 });
    } else if (character === ']' || character === '}') open.pop();
    else if (character === ',') {
      const inner = open.at(-1);
      if (inner) [inner.commas, inner.entryStart] = [inner.commas + 1, at + 1];
    } else if (character === '\n' && open.length > 0 && /^([A-Za-z]|- )/.test(text.slice(at + 1, at + 3))) open.length = 0;
  }
  return open.length > 0 ? open : undefined;
}

/** A bracket inside a plain text means nothing. */
function opensValue(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /(^|[:-])\s*$/.test(text.slice(lineStart, at));
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function flowContext(text: string, open: readonly OpenFlow[], offset: number): YamlContext {
  const outer = blockContext(text, open[0]?.start ?? offset);
  const path: (string | number)[] = [...outer.parent, ...(outer.key === undefined ? [] : [outer.key])];
  for (const [depth, { kind, commas, entryStart }] of open.entries()) {
    const isInnermost = depth === open.length - 1;
    const entry = text.slice(entryStart, isInnermost ? offset : (open[depth + 1]?.start ?? offset)).trimStart();
    const keyed = /^(['"]?)([^:'"]+)\1:(?:\s+([\s\S]*)|)$/.exec(entry);
    if (kind === '[') {
      path.push(commas);
      if (isInnermost) return { parent: path, key: undefined, isListEntry: true, prefix: entry };
    } else if (isInnermost) {
      return { parent: path, key: keyed?.[2], isListEntry: false, prefix: keyed ? (keyed[3] ?? '').trimStart() : entry };
    } else if (keyed?.[2] !== undefined) path.push(keyed[2]);
  }
  return { parent: path, key: undefined, isListEntry: false, prefix: '' };
}

/** Walks the openers upward, keeping those that stand further left than everything below them. */
function parentPath(openers: readonly Opener[], indent: number): ManifestPath {
  const path: (string | number)[] = [];
  let limit = indent;
  let entry: number | undefined;
  for (const { column, key } of [...openers].reverse()) {
    if (key === undefined) {
      if (entry !== undefined && column === limit) entry++;
      else if (column < limit) {
        if (entry !== undefined) path.unshift(entry);
        entry = 0;
        limit = column;
      }
    } else if (column < limit || (entry !== undefined && column === limit)) {
      if (entry !== undefined) path.unshift(entry);
      path.unshift(key);
      entry = undefined;
      limit = column;
    }
  }
  if (entry !== undefined) path.unshift(entry);
  return path;
}

function openersOf(line: string): Opener[] {
  const { dashes, indent } = dashesOf(line);
  const key = /^(['"]?)([^\s#:'"][^:'"]*)\1:(?=\s|$)/.exec(line.slice(indent))?.[2];
  return key === undefined ? dashes : [...dashes, { column: indent, key }];
}

/** The dashes that open list entries on a line, and the column of what follows them. */
function dashesOf(line: string): { dashes: Opener[]; indent: number } {
  const dashes: Opener[] = [];
  let indent = /^ */.exec(line)?.[0].length ?? 0;
  while (/^-( |$)/.test(line.slice(indent))) {
    dashes.push({ column: indent, key: undefined });
    indent += /^- */.exec(line.slice(indent))?.[0].length ?? 1;
  }
  return { dashes, indent };
}
