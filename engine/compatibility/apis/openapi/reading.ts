import type { Files } from '../../../core/host';
import { type Outcome, outcomeOf, ProblemError } from '../../../core/problem';
import { LineIndex } from '../../../core/text';
import type { ApiDocument } from '../api-format';
import { pointerTo, type SourceMap, sourceMap } from '../source-map';
import { Description, isObject, referenceOf } from './description';

const describedAt = /(^|[^a-z])openapi[^/]*\.(ya?ml|json)$/i;
const firstKeys = /(^|[{,\s])["']?(openapi|swagger)["']?\s*:\s*["']?[23]\./;

/** True for OpenAPI, and for its forerunner Swagger, so that reading it can say what to do. */
export function isOpenApi(file: string, text: string): boolean {
  return firstKeys.test(text.slice(0, 4096)) || describedAt.test(file.slice(file.lastIndexOf('/') + 1));
}

/** Values that hold data and not parts of the description: a `$ref` in them is somebody's data. */
const data = new Set(['example', 'default', 'enum', 'const']);

/** Reads a description and the files that it refers to, one after the other, each once. Addresses in a network are not followed. */
export function readOpenApi(file: string, files: Files): Promise<Outcome<ApiDocument>> {
  return outcomeOf(async () => {
    const sources = new Map<string, string>();
    const maps = new Map<string, SourceMap>();
    const waiting = [file];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (sources.has(next)) continue;
      const text = await files.readText(next);
      sources.set(next, text);
      const map = sourceMap(next, text);
      if (!map.ok) throw new ProblemError(map.problem);
      maps.set(next, map.value);
      for (const { target, pointer } of otherFiles(map.value)) {
        if (sources.has(target) || waiting.includes(target)) continue;
        if ((await files.kind(target)) !== 'file') throw new ProblemError(missing(map.value, pointer, target));
        waiting.push(target);
      }
    }
    const document: ApiDocument = { kind: 'openapi', file, sources };
    const description = Description.of(document, maps);
    if (!description.ok) throw new ProblemError(description.problem);
    return document;
  });
}

function otherFiles(map: SourceMap): { readonly target: string; readonly pointer: string }[] {
  const found = new Map<string, string>();
  const seen = new Set<object>();
  const waiting: { readonly value: unknown; readonly pointer: string }[] = [{ value: map.value, pointer: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const reference = isObject(value) ? value.$ref : undefined;
    if (typeof reference === 'string' && !reference.startsWith('#')) {
      const { file } = referenceOf(map.file, reference);
      if (file !== undefined && file !== map.file && !found.has(file)) found.set(file, pointerTo(pointer, '$ref'));
    }
    const inNames = /(^|\/)(properties|schemas|parameters|patternProperties|responses)$/.test(pointer);
    for (const [key, inside] of Object.entries(value).reverse()) {
      if (typeof inside !== 'object' || (!inNames && data.has(key))) continue;
      waiting.push({ value: inside, pointer: pointerTo(pointer, key) });
    }
  }
  return [...found].map(([target, pointer]) => ({ target, pointer }));
}

function missing(map: SourceMap, pointer: string, target: string) {
  const { start } = map.rangesOf(pointer)?.value ?? { start: 0 };
  return {
    code: 'api-invalid' as const,
    message: `${map.file} refers to ${target}, but there is no such file.`,
    remedy: 'Add the file or correct the $ref.',
    file: map.file,
    line: new LineIndex(map.text).positionAt(start).line + 1,
  };
}
