import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Alias, ErrorCode, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { TextRange } from '../../core/text';
import type { ManifestPath } from './document';
import type { Place } from './place';
import { manifestSchema } from './schema';
import { alternatives, childSchemas, kindOf, type Schema } from './schema-walk';
import { suggest } from './suggest';

/** Values may be nested this deep; a manifest needs eight. */
const depthLimit = 64;
/** So many values may come into being through aliases; more is taken for an attack or a mistake. */
const aliasLimit = 100_000;
const problemLimit = 50;

export interface SyntaxProblem {
  readonly range: TextRange;
  readonly path: ManifestPath;
  readonly message: string;
  readonly remedy: string;
}

interface YamlTree {
  /** Plain values; undefined for a text without any. Objects and lists are never shared. */
  readonly value: unknown;
  readonly place: Place | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Reads YAML 1.2 into values and their places, keeping everything that can be kept when the text is broken.
 * @param schema the form of the whole; it decides what a plain scalar is
 */
export function readYaml(text: string, schema: Schema = manifestSchema): YamlTree {
  const tooDeep = nestingOver(text, depthLimit * 2);
  if (tooDeep !== undefined) {
    const range = { start: tooDeep, end: tooDeep + 1 };
    return { value: undefined, place: undefined, problems: [tooDeeplyNested(range, [])] };
  }
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error', strict: true });
  const problems: SyntaxProblem[] = [...document.errors, ...document.warnings].slice(0, problemLimit).map((error) => ({
    range: trimmed(text, { start: error.pos[0], end: Math.min(error.pos[1], text.length) }),
    path: [],
    ...wordingOf(error.code, error.message),
  }));
  if (!document.contents) return { value: undefined, place: undefined, problems };
  const reader = new TreeReader(text);
  const root = reader.read(document.contents, [schema], []);
  return { value: root.value, place: root.place, problems: [...problems, ...reader.problems].slice(0, problemLimit) };
}

interface Entry {
  readonly value: unknown;
  readonly place: Place;
}

class TreeReader {
  readonly problems: SyntaxProblem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #aliased = 0;
  #insideAlias = 0;
  #saidTooMany = false;

  constructor(private readonly text: string) {}

  read(node: Node, schemas: readonly Schema[], path: ManifestPath, key?: TextRange): Entry {
    if (isAlias(node)) return this.#alias(node, schemas, path, key);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (this.#insideAlias > 0) this.#aliased++;
    const value = this.#rangeOf(node);
    if (path.length > depthLimit) {
      this.problems.push(tooDeeplyNested(value, path));
      return leaf(null, key, value);
    }
    this.#open.add(node);
    try {
      if (isMap(node)) return this.#map(node, schemas, path, key, value);
      if (isSeq(node)) return this.#list(node, schemas, path, key, value);
      return leaf(this.#scalar(node as Scalar, schemas, path), key, value);
    } finally {
      this.#open.delete(node);
    }
  }

  #alias(node: Alias, schemas: readonly Schema[], path: ManifestPath, key: TextRange | undefined): Entry {
    const value = this.#rangeOf(node);
    const target = this.#anchors.get(node.source);
    const complain = (message: string, remedy: string): Entry => {
      this.problems.push({ range: value, path, message, remedy });
      return leaf(null, key, value);
    };
    if (!target) {
      const near = suggest(node.source, this.#anchors.keys());
      const hint = near === undefined ? '' : ` Did you mean \`*${near}\`?`;
      return complain(
        `\`*${node.source}\` refers to an anchor that is not defined above it.${hint}`,
        `Define \`&${node.source}\` before it is used.`,
      );
    }
    if (this.#open.has(target)) return complain(`\`*${node.source}\` contains itself.`, 'Write the value out instead of the alias.');
    if (this.#aliased > aliasLimit) {
      if (this.#saidTooMany) return leaf(null, key, value);
      this.#saidTooMany = true;
      return complain(`Aliases expand to more than ${aliasLimit} values.`, 'Write the values out, or use fewer aliases of aliases.');
    }
    this.#insideAlias++;
    const copy = this.read(target, schemas, path, key);
    this.#insideAlias--;
    return { value: copy.value, place: { ...copy.place, key, value, elsewhere: true } };
  }

  #map(node: YAMLMap, schemas: readonly Schema[], path: ManifestPath, key: TextRange | undefined, value: TextRange): Entry {
    const result: Record<string, unknown> = {};
    const children = new Map<string | number, Place>();
    const merges: Node[] = [];
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const name = this.#keyName(pair, path);
      if (!name) continue;
      if (name.text === '<<' && pair.value) {
        merges.push(pair.value);
        continue;
      }
      const childPath = [...path, name.text];
      if (children.has(name.text)) {
        this.problems.push({
          range: name.range,
          path: childPath,
          message: `\`${name.text}\` is given twice here; the first value is used.`,
          remedy: `Remove one of the two \`${name.text}\`.`,
        });
        continue;
      }
      const empty = leaf(null, name.range, { start: name.range.end, end: name.range.end });
      const child = pair.value ? this.read(pair.value, childSchemas(schemas, name.text), childPath, name.range) : empty;
      result[name.text] = child.value;
      children.set(name.text, child.place);
    }
    for (const source of merges) this.#merge(source, schemas, path, result, children);
    return { value: result, place: { key, value, children, flow: node.flow === true, elsewhere: false } };
  }

  #keyName(pair: Pair<Node | null, Node | null>, path: ManifestPath): { text: string; range: TextRange } | undefined {
    const node = pair.key;
    const source = isAlias(node) ? this.#anchors.get(node.source) : node;
    const range = node ? this.#rangeOf(node) : { start: 0, end: 0 };
    if (!node) return undefined;
    if (!isScalar(source)) {
      this.problems.push({ range, path, message: 'A key must be a single word or text.', remedy: 'Write the key as text.' });
      return undefined;
    }
    const text = typeof source.value === 'string' ? source.value : (source.source ?? String(source.value));
    if (text === '__proto__') {
      this.problems.push({ range, path, message: '`__proto__` cannot be used as a key.', remedy: 'Choose another name.' });
      return undefined;
    }
    return { text, range };
  }

  /** `<<: *base` and `<<: [*base, *other]`: keys that are there already win, as do earlier sources. */
  #merge(
    source: Node,
    schemas: readonly Schema[],
    path: ManifestPath,
    result: Record<string, unknown>,
    children: Map<string | number, Place>,
  ): void {
    const sources = isSeq(source) ? (source.items as Node[]) : [source];
    for (const each of sources) {
      const range = this.#rangeOf(each);
      const { value, place } = this.read(each, schemas, path);
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !place.children) {
        if (value !== null) {
          this.problems.push({
            range,
            path,
            message: '`<<` merges mappings only.',
            remedy: 'Refer to a mapping, e.g. `<<: *base`.',
          });
        }
        continue;
      }
      for (const [name, merged] of Object.entries(value)) {
        if (Object.hasOwn(result, name)) continue;
        result[name] = merged;
        const origin = place.children.get(name);
        if (origin) children.set(name, { ...origin, elsewhere: true });
      }
    }
  }

  #list(node: YAMLSeq, schemas: readonly Schema[], path: ManifestPath, key: TextRange | undefined, value: TextRange): Entry {
    const result: unknown[] = [];
    const children = new Map<string | number, Place>();
    for (const [index, item] of node.items.entries()) {
      const entry = isPair(item) ? undefined : (item as Node | null);
      const at = children.get(index - 1)?.value.end ?? value.start;
      const child = entry
        ? this.read(entry, childSchemas(schemas, index), [...path, index])
        : leaf(null, undefined, { start: at, end: at });
      result.push(child.value);
      children.set(index, child.place);
    }
    return { value: result, place: { key, value, children, flow: node.flow === true, elsewhere: false } };
  }

  /** A plain scalar keeps its spelling where the manifest wants text: `version: 1.10` is not the number 1.1. */
  #scalar(node: Scalar, schemas: readonly Schema[], path: ManifestPath): unknown {
    const { value, source } = node;
    if (typeof value === 'string' || source === undefined || source === '') return value;
    const kinds = schemas.flatMap(alternatives).map(kindOf);
    const wantsText = kinds.some((kind) => kind === 'string' || kind === 'enum');
    if (!wantsText || kinds.some((kind) => acceptsTyped(kind, value))) return value;
    const isExpression = path.at(-2) === 'set' || path.at(-2) === 'undo';
    return value === null && !isExpression ? null : source;
  }

  #rangeOf(node: Node): TextRange {
    const range = node.range ?? [0, 0, 0];
    return trimmed(this.text, { start: range[0], end: range[1] });
  }
}

function acceptsTyped(kind: string, value: unknown): boolean {
  return kind === (value === null ? 'null' : typeof value);
}

function leaf(value: unknown, key: TextRange | undefined, range: TextRange): Entry {
  return { value, place: { key, value: range, children: undefined, flow: false, elsewhere: false } };
}

function trimmed(text: string, range: TextRange): TextRange {
  let { start, end } = range;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  while (start < end && /\s/.test(text[start]!)) start++;
  return start < end ? { start, end } : range;
}

/** The offset at which brackets or list dashes are nested deeper than `limit`: the parser recurses and must not be given such a text. */
function nestingOver(text: string, limit: number): number | undefined {
  let brackets = 0;
  let dashes = 0;
  let leading = true;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === '\n') {
      leading = true;
      dashes = 0;
    } else if (leading && (character === '-' || character === '?')) dashes++;
    else if (character !== ' ') leading = false;
    if (character === '[' || character === '{') brackets++;
    else if ((character === ']' || character === '}') && brackets > 0) brackets--;
    if (brackets > limit || (leading && dashes > limit && text[offset + 1] === ' ')) return offset;
  }
  return undefined;
}

function tooDeeplyNested(range: TextRange, path: ManifestPath): SyntaxProblem {
  return {
    range,
    path,
    message: `The manifest is nested deeper than ${depthLimit} levels.`,
    remedy: 'Look for a misplaced bracket or wrong indentation.',
  };
}

const wordings: Partial<Record<ErrorCode, readonly [message: string, remedy: string]>> = {
  MULTIPLE_DOCS: [
    'The file contains more than one YAML document; only the first is read.',
    'Remove the `---` line and what follows it, or move that part to its own file.',
  ],
  TAB_AS_INDENT: ['A tab is used for indentation, which YAML does not allow.', 'Indent with spaces.'],
  RESOURCE_EXHAUSTION: ['The manifest is nested too deeply to be read.', 'Look for a misplaced bracket or wrong indentation.'],
  BAD_INDENT: [
    'The indentation does not match the lines around it.',
    'Align the line with the lines around it, or close the bracket or quote before it.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'A key must be on one line; a colon or a quote is missing nearby.',
    'Add the colon after the key, or the missing quote.',
  ],
};

function wordingOf(code: ErrorCode, message: string): { message: string; remedy: string } {
  if (code === 'MISSING_CHAR' && message.startsWith('Implicit map keys')) {
    return { message: 'A key without a colon.', remedy: 'Write `key: value`.' };
  }
  const known = wordings[code];
  if (known) return { message: known[0], remedy: known[1] };
  const sentence = message.replace(/\s+/g, ' ').replace(/[.;]?$/, '.');
  return { message: `YAML: ${sentence}`, remedy: 'Fix the YAML here.' };
}
