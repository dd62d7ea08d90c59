import type { ManifestPath } from '#engine/manifest/document';

/** Where in a block-style YAML text one is about to type, found by indentation alone so that it works in broken text. */
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
