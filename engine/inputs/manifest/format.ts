import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/**
 * The text of a manifest in one form: two spaces a level, lists further right than their key, one space after a colon and a dash, brackets with the
 * usual spaces, no white space at line ends, one blank line at most, and a line end at the end. Comments, quotes, order, line
 * breaks and the text inside values stay as they are. Undefined for a text that is not valid YAML, and where its form cannot be
 * changed without a doubt: it always reads as the same values.
 */
export function formatManifest(text: string): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const source = text.replace(/\r\n?/g, '\n');
  const before = valuesOf(source);
  if (!before || /^[ ]*\t/m.test(source)) return undefined;
  // White space inside a line first, because it moves what the lines below are aligned with.
  const spaced = applySpacing(source);
  const laidOut = spaced === undefined ? undefined : indent(spaced);
  if (laidOut === undefined) return undefined;
  const formatted = laidOut === '' ? '' : `${laidOut}\n`;
  if (valuesOf(formatted)?.values !== before.values) return undefined;
  return formatted.replaceAll('\n', eol);
}

function parse(text: string) {
  return parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
}

function valuesOf(text: string): { values: string } | undefined {
  const document = parse(text);
  if (document.errors.length > 0) return undefined;
  try {
    return { values: JSON.stringify(document.toJS({ maxAliasCount: 1000 }) ?? null) };
  } catch {
    return undefined;
  }
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The spaces between the tokens of a line. */
function applySpacing(text: string): string | undefined {
  const found: Replacement[] = [];
  const replace = (start: number, end: number, wanted: RegExp, by: string): void => {
    if (start <= end && wanted.test(text.slice(start, end)) && text.slice(start, end) !== by) found.push({ start, end, text: by });
  };
  const visitPair = (pair: Pair<Node | null, Node | null>): void => {
    const [keyEnd, valueStart] = [endOf(pair.key), startOf(pair.value)];
    if (keyEnd !== undefined && valueStart !== undefined) replace(keyEnd, valueStart, /^ *: +$/, ': ');
    if (pair.value) visit(pair.value);
  };
  const visitFlow = (node: YAMLMap | YAMLSeq): void => {
    const [start, end] = [startOf(node), endOf(node)];
    const items = node.items as (Node | Pair<Node | null, Node | null> | null)[];
    if (start === undefined || end === undefined) return;
    const padding = isMap(node) ? ' ' : '';
    let previous: number | undefined;
    for (const item of items) {
      const first = isPair(item) ? startOf(item.key as Node | null) : startOf(item);
      const last = isPair(item) ? (endOf(item.value as Node | null) ?? endOf(item.key as Node | null)) : endOf(item);
      if (first === undefined || last === undefined) return;
      if (previous === undefined) replace(start + 1, first, /^ *$/, padding);
      else replace(previous, first, /^ *, *$/, ', ');
      previous = last;
    }
    if (previous !== undefined) replace(previous, end - 1, /^ *$/, padding);
    else replace(start + 1, end - 1, /^ *$/, '');
  };
  const visit = (node: Node): void => {
    if (!isCollection(node)) return;
    if (node.flow === true && (isMap(node) || isSeq(node))) visitFlow(node);
    for (const item of node.items) {
      if (isPair(item)) visitPair(item as Pair<Node | null, Node | null>);
      else if (item) visit(item as Node);
    }
  };
  const root = parse(text).contents;
  if (root) visit(root as Node);
  let result = text;
  for (const { start, end, text: by } of found.sort((a, b) => b.start - a.start)) result = result.slice(0, start) + by + result.slice(end);
  return result;
}

/** How a line is laid out: at a column of its own, moved as the line that its value begins on, or moved by so many columns. */
type LinePlan = { readonly column: number } | { readonly with: number } | { readonly by: number };

function indent(text: string): string | undefined {
  const lines = text.split('\n');
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  const lineOf = (at: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const plans = new Map<number, LinePlan>();
  /** Lines whose end belongs to a text, so that white space there means something. */
  const texts = new Set<number>();
  let isPlain = true;

  const continued = (node: Node, column: number): void => {
    const [start, end] = [startOf(node) ?? 0, endOf(node) ?? 0];
    const first = lineOf(start);
    const last = lineOf(Math.max(start, end - 1));
    // A block of text begins where its first line does, unless its header says otherwise.
    const isBlock = isScalar(node) && node.type?.startsWith('BLOCK') === true && !/^[|>][+-]?[1-9]/.test(text.slice(start, start + 3));
    const content = isBlock ? lines.slice(first + 1, last + 1).find((line) => line.trim() !== '') : undefined;
    const by = content === undefined ? undefined : column - widthOf(content);
    for (let line = first + 1; line <= last; line++) plans.set(line, by === undefined ? { with: first } : { by });
    if (isScalar(node)) for (let line = first; line < last || (node.type?.startsWith('BLOCK') && line <= last); line++) texts.add(line);
  };
  const visitValue = (node: Node | null | undefined, column: number): void => {
    if (!node) return;
    if (isCollection(node) && node.flow !== true) visitBlock(node as YAMLMap | YAMLSeq, column);
    else continued(node, column);
  };
  const visitBlock = (node: YAMLMap | YAMLSeq, column: number): void => {
    for (const item of node.items as (Node | Pair<Node | null, Node | null> | null)[]) {
      if (isPair(item)) {
        const start = startOf(item.key as Node | null);
        if (start === undefined) return void (isPlain = false);
        const line = lineOf(start);
        if ((lines[line] ?? '').slice(0, start - (starts[line] ?? 0)).trim() === '') plans.set(line, { column });
        visitValue(item.value as Node | null, column + 2);
      } else {
        // The dash must be on the line of what it introduces; an anchor or a tag between them would move too.
        const start = startOf(item);
        if (start === undefined) return void (isPlain = false);
        const line = lineOf(start);
        const lead = (lines[line] ?? '').slice(0, start - (starts[line] ?? 0));
        if (!/^ *(- +)+$/.test(lead)) return void (isPlain = false);
        if (/^ *- +$/.test(lead)) plans.set(line, { column });
        visitValue(item as Node, column + 2);
      }
    }
  };
  const root = parse(text).contents as Node | null;
  if (root) visitValue(root, 0);
  if (!isPlain) return undefined;
  return laidOut(lines, plans, texts);
}

function laidOut(lines: readonly string[], plans: ReadonlyMap<number, LinePlan>, texts: ReadonlySet<number>): string {
  const widths = lines.map(widthOf);
  const columns = lines.map((_, line) => columnOf(line, widths, plans));
  const result: string[] = [];
  lines.forEach((line, index) => {
    const isText = texts.has(index);
    const isBlank = line.trim() === '';
    if (isBlank && !isText) {
      if (result.length > 0 && result.at(-1) !== '') result.push('');
      return;
    }
    const column = columns[index] ?? commentColumn(index, lines, widths, columns);
    const inside = line.slice(widths[index] ?? 0);
    const moved =
      isBlank && isText ? ' '.repeat(Math.max(0, line.length + column - (widths[index] ?? 0))) : ' '.repeat(Math.max(0, column)) + inside;
    const oneSpace = isText && !('column' in (plans.get(index) ?? { column: 0 })) ? moved : moved.replace(/^( *(?:- )*?)- +(?=\S)/, '$1- ');
    result.push(isText ? oneSpace : oneSpace.trimEnd());
  });
  while (result.at(-1) === '') result.pop();
  return result.join('\n');
}

function widthOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function columnOf(line: number, widths: readonly number[], plans: ReadonlyMap<number, LinePlan>): number | undefined {
  const plan = plans.get(line);
  if (!plan) return undefined;
  if ('column' in plan) return plan.column;
  if ('by' in plan) return (widths[line] ?? 0) + plan.by;
  const lead = columnOf(plan.with, widths, plans) ?? widths[plan.with] ?? 0;
  return (widths[line] ?? 0) + lead - (widths[plan.with] ?? 0);
}

/** A comment goes with the line below it, or with one above it that is as far right. */
function commentColumn(
  index: number,
  lines: readonly string[],
  widths: readonly number[],
  columns: readonly (number | undefined)[],
): number {
  const own = widths[index] ?? 0;
  const below = lines.findIndex((_, line) => line > index && columns[line] !== undefined);
  if (below >= 0 && own <= (widths[below] ?? 0)) return columns[below] ?? 0;
  for (let line = index - 1; line >= 0; line--) if (columns[line] !== undefined && (widths[line] ?? 0) <= own) return columns[line] ?? 0;
  return below >= 0 ? (columns[below] ?? 0) : 0;
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

/** Where the node's own text ends. */
function endOf(node: Node | null | undefined): number | undefined {
  return isAlias(node) || isScalar(node) || isCollection(node) ? node.range?.[1] : undefined;
}
