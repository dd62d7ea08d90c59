import { type Node as JsonNode, parseTree, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node as YamlNode, type Pair, parseDocument } from 'yaml';
import { failure, type Outcome, success } from '../../../core/problem';
import { LineIndex, type TextRange } from '../../../core/text';
import { remembered } from '../../../core/remember';

/** Where a value of a YAML or JSON text is. */
interface SourceRanges {
  /** Its key; undefined for the root and for items of lists. */
  readonly key?: TextRange;
  readonly value: TextRange;
}

/** The plain value of a YAML or JSON text, and where its parts are. */
export interface SourceMap {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** @param pointer a JSON pointer, `''` for the root @returns undefined where the text has no such value */
  rangesOf(pointer: string): SourceRanges | undefined;
}

/** Reads a text as JSON, else as YAML. Fails with `api-invalid`, naming the line. */
export function sourceMap(file: string, text: string): Outcome<SourceMap> {
  const looksLikeJson = /^\s*[{[]/.test(text);
  if (looksLikeJson) {
    const parsed = parsedJson(text);
    if (parsed) return success({ file, text, value: parsed.value, rangesOf: jsonRanges(text) });
    if (/\.json$/i.test(file)) return jsonFailure(file, text);
  }
  // Checking that keys are unique takes a time that grows with the square of their number.
  const document = parseDocument(text, { uniqueKeys: false, merge: true, logLevel: 'silent', prettyErrors: false });
  const error = document.errors[0];
  if (error) return invalid(file, text, error.pos[0], error.message);
  try {
    return success({ file, text, value: document.toJS({ maxAliasCount: 10_000 }), rangesOf: yamlRanges(text, document) });
  } catch (cause) {
    return invalid(file, text, 0, cause instanceof Error ? cause.message : String(cause));
  }
}

/** The steps of a JSON pointer, unescaped. */
export function pointerSteps(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer of what `step` names inside the value at `pointer`. */
export function pointerTo(pointer: string, step: string | number): string {
  const text = String(step);
  return `${pointer}/${/[~/]/.test(text) ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`;
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function jsonFailure(file: string, text: string): Outcome<SourceMap> {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  const offset = first?.offset ?? text.length;
  return invalid(file, text, offset, first ? `${printParseErrorCode(first.error)} at offset ${offset}` : 'The JSON is not complete');
}

function invalid(file: string, text: string, offset: number, cause: string): Outcome<SourceMap> {
  return failure({
    code: 'api-invalid',
    message: `${file} is neither JSON nor YAML.`,
    remedy: 'Correct the syntax on this line.',
    file,
    line: new LineIndex(text).positionAt(offset).line + 1,
    cause,
  });
}

/** The tree with places takes some twenty times the memory of the text, so it is made when the first place is asked for. */
function jsonRanges(text: string): SourceMap['rangesOf'] {
  let root: JsonNode | undefined;
  const childrenOf = remembered((node: JsonNode) => {
    const children = new Map<string, { readonly key?: JsonNode; readonly value: JsonNode }>();
    for (const [index, child] of (node.children ?? []).entries()) {
      const [key, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
      if (value) children.set(node.type === 'object' ? String(key?.value) : String(index), { key, value });
    }
    return children;
  });
  const rangeOf = (node: JsonNode): TextRange => ({ start: node.offset, end: node.offset + node.length });
  return (pointer) => {
    root ??= parseTree(text);
    let at: { readonly key?: JsonNode; readonly value: JsonNode } | undefined = root && { value: root };
    for (const step of pointerSteps(pointer)) at = at && childrenOf(at.value).get(step);
    return at && { key: at.key && rangeOf(at.key), value: rangeOf(at.value) };
  };
}

function yamlRanges(text: string, document: Document.Parsed): SourceMap['rangesOf'] {
  interface Found {
    readonly key?: YamlNode;
    readonly value: YamlNode | null;
  }
  const target = (node: YamlNode | null | undefined) => (isAlias(node) ? node.resolve(document) : (node ?? undefined));
  const childrenOf = remembered((node: YamlNode): Map<string, Found> => {
    const children = new Map<string, Found>();
    if (isSeq<YamlNode>(node)) for (const [index, value] of node.items.entries()) children.set(String(index), { value });
    if (!isMap<YamlNode, YamlNode | null>(node)) return children;
    for (const { key, value } of node.items as Pair<YamlNode, YamlNode | null>[]) {
      if (isScalar(key) && !isMergeKey(key.value)) children.set(String(key.value), { key, value });
    }
    for (const { key, value } of node.items as Pair<YamlNode, YamlNode | null>[]) {
      if (!isScalar(key) || !isMergeKey(key.value)) continue;
      const merged = target(value);
      for (const part of isSeq<YamlNode>(merged) ? merged.items : [merged]) {
        const map = target(part);
        for (const [name, found] of map ? childrenOf(map) : []) if (!children.has(name)) children.set(name, found);
      }
    }
    return children;
  });
  const rangeOf = (node: YamlNode): TextRange => {
    const [start, end] = node.range ?? [0, 0];
    return { start, end: start + text.slice(start, end).trimEnd().length };
  };
  return (pointer) => {
    let at: Found | undefined = { value: document.contents };
    for (const step of pointerSteps(pointer)) {
      const inside: YamlNode | undefined = target(at?.value);
      at = inside && childrenOf(inside).get(step);
    }
    if (!at) return undefined;
    const key = at.key && rangeOf(at.key);
    return { key, value: at.value ? rangeOf(at.value) : (key ?? { start: 0, end: 0 }) };
  };
}

function isMergeKey(key: unknown): boolean {
  return key === '<<' || (typeof key === 'symbol' && key.description === '<<');
}
