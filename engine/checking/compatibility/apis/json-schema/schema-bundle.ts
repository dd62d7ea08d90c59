import type { Files } from '../../../../core/host';
import { parentFolder, resolvePath } from '../../../../core/paths';
import { outcomeOf, type Outcome, ProblemError } from '../../../../core/problem';
import { LineIndex } from '../../../../core/text';
import type { ApiDocument, ApiPlace } from '../api-format';
import { pointerTo, type SourceMap, sourceMap } from '../source-map';
import { remembered } from '../../../../core/remember';

/** A schema: an object of keywords, or true or false. */
export interface SchemaNode {
  readonly bundle: SchemaBundle;
  readonly file: string;
  /** JSON pointer in the file. */
  readonly pointer: string;
  readonly value: unknown;
}

/** A JSON Schema with the files that it refers to. */
export interface SchemaBundle {
  /** True up to draft 07, where keywords beside `$ref` mean nothing. */
  readonly refStandsAlone: boolean;
  readonly root: SchemaNode;
  readonly sources: ReadonlyMap<string, SourceMap>;
  /** Where `$id` and anchors are, by `file#name` or by the id itself. */
  readonly names: ReadonlyMap<string, { readonly file: string; readonly pointer: string }>;
}

/** The keywords of a schema; empty for true and false. */
export function keywordsOf({ value }: SchemaNode): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a keyword of a schema holds, as a schema. */
export function child(node: SchemaNode, ...steps: (string | number)[]): SchemaNode {
  let value = node.value;
  let pointer = node.pointer;
  for (const step of steps) {
    value = Array.isArray(value) ? (value as unknown[])[Number(step)] : isObject(value) ? value[String(step)] : undefined;
    pointer = pointerTo(pointer, step);
  }
  return { ...node, value, pointer };
}

/** The schemas in the list or map of a keyword. */
export function children(node: SchemaNode, keyword: string): { readonly name: string; readonly node: SchemaNode }[] {
  const held = keywordsOf(node)[keyword];
  if (typeof held !== 'object' || held === null) return [];
  return Object.keys(held).map((name) => ({ name, node: child(node, keyword, name) }));
}

/** The schema that `$ref` and its kin name; undefined where it is outside of the bundle. */
export function referenced(node: SchemaNode, reference: string): SchemaNode | undefined {
  const { bundle, file } = node;
  const named = locate(bundle, file, reference);
  const source = named && bundle.sources.get(named.file);
  if (!named || !source) return undefined;
  const value = valueAt(source.value, named.pointer);
  return value === undefined ? undefined : { bundle, ...named, value };
}

function locate({ names }: Pick<SchemaBundle, 'names'>, file: string, reference: string) {
  const [path = '', fragment = ''] = reference.split('#', 2);
  const target = path === '' ? { file, pointer: '' } : (names.get(path) ?? byPath(file, path));
  if (!target) return undefined;
  if (fragment === '') return target;
  const decoded = decodedFragment(fragment);
  return decoded.startsWith('/') ? { file: target.file, pointer: target.pointer + decoded } : names.get(`${target.file}#${decoded}`);
}

function byPath(file: string, path: string): { file: string; pointer: string } | undefined {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) ? undefined : { file: resolvePath(parentFolder(file), path), pointer: '' };
}

function decodedFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? (value as unknown[])[Number(name)] : isObject(value) ? value[name] : undefined;
  }
  return value;
}

/** Reads a schema and every file that it refers to by a path. */
export function readSchema(file: string, files: Files): Promise<Outcome<ApiDocument>> {
  return outcomeOf(async () => {
    const texts = new Map<string, string>();
    const pending = [file];
    const names: Names = new Map();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (texts.has(next)) continue;
      texts.set(next, await files.readText(next));
      const source = parsed(next, texts.get(next) ?? '');
      collectNames(next, source.value, '', names);
      for (const { reference } of references(source.value, '')) {
        const [path = ''] = reference.split('#', 1);
        const target = path === '' || names.has(path) ? undefined : byPath(next, path);
        if (target) pending.push(target.file);
      }
    }
    const document: ApiDocument = { kind: 'json-schema', file, sources: texts };
    bundleOf(document);
    return document;
  });
}

/** The schema of a document. @throws ProblemError `api-invalid` */
export const bundleOf = remembered(makeBundle);

function makeBundle({ file, sources: texts }: ApiDocument): SchemaBundle {
  const sources = new Map([...texts].map(([name, text]) => [name, parsed(name, text)]));
  const names: Names = new Map();
  for (const [name, { value }] of sources) collectNames(name, value, '', names);
  const value = sources.get(file)?.value;
  if (!isObject(value) && typeof value !== 'boolean') throw new ProblemError(invalid(file, 1, 'A schema is an object, true or false'));
  const dialect = isObject(value) ? String(value['$schema'] ?? '') : '';
  const bundle: { -readonly [Key in keyof SchemaBundle]: SchemaBundle[Key] } = {
    refStandsAlone: /draft-0[3-7]/.test(dialect),
    root: undefined as unknown as SchemaNode,
    sources,
    names,
  };
  bundle.root = { bundle, file, pointer: '', value };
  for (const [name, source] of sources) {
    for (const { reference, pointer } of references(source.value, '')) {
      const isInside = /^[^:]*#|^#/.test(reference) && !/^[a-z][a-z0-9+.-]*:/i.test(reference);
      if (!isInside || referenced({ ...bundle.root, file: name }, reference)) continue;
      const range = source.rangesOf(pointer)?.value;
      const line = new LineIndex(source.text).positionAt(range?.start ?? 0).line + 1;
      throw new ProblemError(invalid(name, line, `${reference} is not defined`));
    }
  }
  return bundle;
}

function parsed(file: string, text: string): SourceMap {
  const source = sourceMap(file, text);
  if (!source.ok) throw new ProblemError(source.problem);
  return source.value;
}

function invalid(file: string, line: number, cause: string) {
  return {
    code: 'api-invalid',
    message: `${file} is not a valid JSON Schema.`,
    remedy: 'Correct the schema here.',
    file,
    line,
    cause,
  } as const;
}

type Names = Map<string, { readonly file: string; readonly pointer: string }>;

/** Keywords that hold data and not schemas. */
const plain = new Set(['const', 'enum', 'default', 'examples', 'example']);

function collectNames(file: string, value: unknown, pointer: string, names: Names): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) {
    for (const key of ['$id', '$anchor', '$dynamicAnchor']) {
      const name = value[key];
      if (typeof name !== 'string') continue;
      const isAnchor = key !== '$id' || name.startsWith('#');
      names.set(isAnchor ? `${file}#${name.replace(/^#/, '')}` : name.replace(/#$/, ''), { file, pointer });
    }
  }
  for (const [key, inner] of Object.entries(value)) if (!plain.has(key)) collectNames(file, inner, pointerTo(pointer, key), names);
}

/** Every `$ref` with its place. */
function* references(value: unknown, pointer: string): Iterable<{ readonly reference: string; readonly pointer: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = pointerTo(pointer, key);
    if (key === '$ref' && typeof inner === 'string') yield { reference: inner, pointer: at };
    else if (!plain.has(key)) yield* references(inner, at);
  }
}

/** Where a keyword of a schema is, or the schema itself where it does not have the keyword. */
export function placeOf(node: SchemaNode, keyword?: string): ApiPlace {
  const source = node.bundle.sources.get(node.file);
  const own = keyword === undefined ? undefined : source?.rangesOf(pointerTo(node.pointer, keyword));
  let pointer = node.pointer;
  let found = own ?? source?.rangesOf(pointer);
  // The whole of a schema is too much to mark where its name is known.
  while (!found && pointer !== '') found = source?.rangesOf((pointer = pointer.slice(0, pointer.lastIndexOf('/'))));
  const range = own?.value ?? found?.key ?? { start: 0, end: firstLineLength(source?.text ?? '') };
  return { file: node.file, range };
}

function firstLineLength(text: string): number {
  const end = text.search(/\r|\n/);
  return end < 0 ? text.length : end;
}
