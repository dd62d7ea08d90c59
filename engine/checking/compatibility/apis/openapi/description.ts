import { failure, type Outcome, success } from '../../../../core/problem';
import { baseName, parentFolder, resolvePath } from '../../../../core/paths';
import type { TextRange } from '../../../../core/text';
import type { ApiDocument, ApiPlace } from '../api-format';
import { pointerSteps, pointerTo, type SourceMap, sourceMap } from '../source-map';

export type Fields = Readonly<Record<string, unknown>>;

/** The value when it is an object, else an object without fields. */
function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of a description and where it is. */
export class Part {
  /** @param name the last step of the pointer, e.g. `Pet` of `#/components/schemas/Pet`; empty for the whole file */
  constructor(
    readonly description: Description,
    readonly file: string,
    readonly parent: Part | undefined,
    readonly name: string,
    readonly value: unknown,
  ) {}

  /** The JSON pointer in the file; made on demand, because only what is reported needs one. */
  get pointer(): string {
    return this.parent ? pointerTo(this.parent.pointer, this.name) : '';
  }

  /** Equal for parts that are the same place, unlike for all others. Of no meaning outside of the description. */
  get key(): number | string {
    return this.description.keyOf(this);
  }

  /** The name of a schema of the components, of a file that is a schema, or of an entry of another file. */
  get schemaName(): string | undefined {
    const { parent, file, name } = this;
    if (!parent) return baseName(file).replace(/\.\w+$/, '');
    if (!parent.parent) return file === this.description.document.file ? undefined : name;
    return parent.name === 'schemas' && parent.parent.name === 'components' && !parent.parent.parent?.parent ? name : undefined;
  }

  get fields(): Fields {
    return fieldsOf(this.value);
  }

  /** Names the place: two parts with the same identity are the same text. */
  get identity(): string {
    return `${this.file}#${this.pointer}`;
  }

  /** The value of a key or the item at an index, as it is written: a `$ref` is not followed. */
  get(step: string | number): Part | undefined {
    const { value } = this;
    const inside = Array.isArray(value)
      ? (value as unknown[])[Number(step)]
      : isObject(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined;
    return inside === undefined ? undefined : new Part(this.description, this.file, this, String(step), inside);
  }

  /** As `get`, with `$ref` followed. */
  follow(step: string | number): Part | undefined {
    return this.get(step)?.resolved;
  }

  /** The entries of an object or the items of a list, in order, as they are written. */
  get children(): Part[] {
    const { value } = this;
    const steps = Array.isArray(value) ? value.keys() : isObject(value) ? Object.keys(value) : [];
    return [...steps].flatMap((step) => this.get(step) ?? []);
  }

  /** What the part's `$ref` leads to, over several; the part itself when it has none or when it leads nowhere. */
  get resolved(): Part {
    const { $ref } = this.fields;
    if (typeof $ref !== 'string') return this;
    let part = this.description.target(this, $ref);
    if (!part) return this;
    const seen = new Set([this.value]);
    while (typeof part.fields.$ref === 'string' && !seen.has(part.value)) {
      seen.add(part.value);
      const next = this.description.target(part, part.fields.$ref);
      if (!next) break;
      part = next;
    }
    return part;
  }

  /** The smallest telling piece of text: a plain value itself, the key of anything larger, the name of an item of a list. */
  get place(): ApiPlace {
    return { file: this.file, range: this.#range() };
  }

  #range(): TextRange {
    const ranges = this.description.source(this.file)?.rangesOf(this.pointer);
    if (!ranges) return { start: 0, end: 0 };
    if (typeof this.value !== 'object' || this.value === null) return ranges.value;
    if (ranges.key) return ranges.key;
    const telling =
      ['name', '$ref', 'url', 'openapi', 'title', 'type'].find((key) => typeof this.fields[key] === 'string') ?? Object.keys(this.value)[0];
    const inside = telling === undefined ? undefined : this.description.source(this.file)?.rangesOf(pointerTo(this.pointer, telling));
    return inside ? (typeof this.fields[telling ?? ''] === 'string' ? inside.value : (inside.key ?? inside.value)) : ranges.value;
  }
}

const known = new WeakMap<ApiDocument, Description>();

/** The files of a description, read on demand. */
export class Description {
  readonly #sources = new Map<string, SourceMap | undefined>();
  /** By the file that refers, then by the reference. */
  readonly #targets = new Map<string, Map<string, Part | undefined>>();
  readonly #keys = new Map<object, number>();

  private constructor(readonly document: ApiDocument) {}

  /**
   * Fails with `api-invalid` when the main file is not an OpenAPI description. Parsed once for each document.
   * @param maps the sources that are parsed already
   */
  static of(document: ApiDocument, maps: ReadonlyMap<string, SourceMap> = new Map()): Outcome<Description> {
    const before = known.get(document);
    if (before) return success(before);
    const main = maps.get(document.file);
    const map = main ? success(main) : sourceMap(document.file, document.sources.get(document.file) ?? '');
    if (!map.ok) return map;
    const problem = notDescription(map.value);
    if (problem) return failure(problem);
    const description = new Description(document);
    for (const [file, source] of maps) description.#sources.set(file, source);
    description.#sources.set(document.file, map.value);
    known.set(document, description);
    return success(description);
  }

  get root(): Part {
    return new Part(this, this.document.file, undefined, '', this.source(this.document.file)?.value);
  }

  /** Undefined for a file that is not part of the description, or that is broken. */
  source(file: string): SourceMap | undefined {
    if (!this.#sources.has(file)) {
      const text = this.document.sources.get(file);
      const map = text === undefined ? undefined : sourceMap(file, text);
      this.#sources.set(file, map?.ok ? map.value : undefined);
    }
    return this.#sources.get(file);
  }

  /** What a reference of a part leads to, one step; undefined when there is no such thing. */
  target(from: Part, reference: string): Part | undefined {
    let targets = this.#targets.get(from.file);
    if (!targets) this.#targets.set(from.file, (targets = new Map<string, Part | undefined>()));
    if (!targets.has(reference)) targets.set(reference, this.#find(from.file, reference));
    return targets.get(reference);
  }

  /** A number for each object; what an alias of YAML stands for is the same object. */
  keyOf(part: Part): number | string {
    const { value } = part;
    if (typeof value !== 'object' || value === null) return part.identity;
    let key = this.#keys.get(value);
    if (key === undefined) this.#keys.set(value, (key = this.#keys.size));
    return key;
  }

  #find(from: string, reference: string): Part | undefined {
    const { file, pointer } = referenceOf(from, reference);
    const value = file === undefined ? undefined : this.source(file)?.value;
    if (file === undefined || value === undefined) return undefined;
    let part: Part | undefined = new Part(this, file, undefined, '', value);
    if (pointer !== '' && !pointer.startsWith('/')) return anchored(part, pointer, 0);
    for (const step of pointerSteps(pointer)) {
      const inside: Part | undefined = part.get(step) ?? (typeof part.fields.$ref === 'string' ? part.resolved.get(step) : undefined);
      if (!inside) return undefined;
      part = inside;
    }
    return part;
  }
}

/** Where a reference leads; `file` is undefined for an address in a network. */
export function referenceOf(from: string, reference: string): { readonly file: string | undefined; readonly pointer: string } {
  const [address = '', fragment = ''] = reference.split('#', 2);
  const pointer = decoded(fragment);
  if (address === '') return { file: from, pointer };
  if (/^[a-z][a-z0-9+.-]+:/i.test(address)) return { file: undefined, pointer };
  return { file: resolvePath(parentFolder(from), decoded(address)), pointer };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Finds a schema by `$anchor`, as far down as anybody writes one. */
function anchored(part: Part, anchor: string, depth: number): Part | undefined {
  if (part.fields.$anchor === anchor) return part;
  if (depth > 8) return undefined;
  for (const child of part.children) {
    const found = typeof child.value === 'object' ? anchored(child, anchor, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function notDescription(map: SourceMap) {
  const { openapi, swagger } = fieldsOf(map.value);
  if (/^3\.\d/.test(String(openapi))) return undefined;
  const remedy =
    swagger === undefined
      ? 'Start the description with "openapi: 3.1.0" or another 3.x version.'
      : 'Convert the Swagger 2.0 description to OpenAPI 3, for example with swagger2openapi.';
  return {
    code: 'api-invalid' as const,
    message: `${map.file} is not an OpenAPI 3 description: its key "openapi" must be a version that starts with 3.`,
    remedy,
    file: map.file,
    line: 1,
  };
}
