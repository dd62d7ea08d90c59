import { capitalised, listed } from '../../core/wording';
import type { z } from 'zod';
import type { ManifestPath } from './document';
import {
  allowedValues,
  alternatives,
  childSchemas,
  descriptionOf,
  isOptional,
  keysOf,
  kindOf,
  schemasAt,
  type Schema,
} from './schema-walk';
import { manifestSchema } from './schema';
import { suggest } from './suggest';

export type Issue = z.core.$ZodIssue;

/** A schema error in words, and the part of the text that it is about. */
export interface WordedIssue {
  readonly path: ManifestPath;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly remedy: string;
  /** What the text at the place was probably meant to be. */
  readonly replacement?: string;
  /** True when something is absent, which may only be the consequence of a syntax error before it. */
  readonly absent: boolean;
}

/** The form of a file: its schema, and what it is called in a sentence. */
interface Form {
  readonly schema: Schema;
  readonly name: string;
}

const manifestForm: Form = { schema: manifestSchema, name: 'the manifest' };

/** Puts one issue of zod into words for the person who writes the file. `value` is what stands at the issue's path. */
export function wordIssue(issue: Issue, value: unknown, form: Form = manifestForm): WordedIssue[] {
  const path = issue.path as ManifestPath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], form));
  return [wordValueIssue(issue, path, value, form)];
}

function unknownKey(path: ManifestPath, form: Form): WordedIssue {
  const key = String(path.at(-1));
  const parents = schemasAt(path.slice(0, -1), form.schema).flatMap(alternatives);
  const known = [...new Set(parents.flatMap((parent) => Object.keys(keysOf(parent) ?? {})))];
  const near = suggest(key, known);
  return {
    path,
    part: 'key',
    absent: false,
    message: `\`${key}\` is not a key of ${placeName(path.slice(0, -1), form)}.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
    remedy: near === undefined ? `Remove it. Known keys: ${listed(known, 'and')}.` : `Write \`${near}\`.`,
    replacement: near,
  };
}

function wordValueIssue(issue: Issue, path: ManifestPath, value: unknown, form: Form): WordedIssue {
  const schemas = schemasAt(path, form.schema);
  const name = subject(path, form);
  const missing = (what: string): WordedIssue => {
    const meaning = schemas.length === 1 ? descriptionOf(schemas[0]!) : `${expectation(schemas)}.`;
    return {
      path: path.slice(0, -1),
      part: 'key',
      absent: true,
      message: `\`${what}\` is missing in ${placeName(path.slice(0, -1), form)}.`,
      remedy: meaning === undefined ? `Add \`${what}\`.` : `Add \`${what}\`: ${meaning}`,
    };
  };
  const at = (message: string, remedy: string, part: 'key' | 'value' = 'value'): WordedIssue => ({
    path,
    part,
    message,
    remedy,
    absent: false,
  });

  if (value === undefined && typeof path.at(-1) === 'string') return missing(String(path.at(-1)));
  const expected = expectation(schemas);
  if (value === null && issue.code !== 'too_small')
    return at(`${name} has no value.`, `Give it a value (${expected}), or remove it.`, 'key');
  switch (issue.code) {
    case 'invalid_key': {
      const rule = issue.issues[0]?.message ?? 'is not allowed';
      return at(`The name \`${String(path.at(-1))}\` ${rule}.`, 'Rename it.', 'key');
    }
    case 'too_small':
    case 'too_big': {
      if (issue.origin === 'array') return { ...at(`${name} must have at least one entry.`, 'Add an entry.', 'key'), absent: true };
      if (issue.origin === 'string') return at(`${name} must not be empty.`, 'Enter a value.');
      const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      return at(`${name} must be ${bound}, not ${quoted(value)}.`, `Write a number that is ${bound}.`);
    }
    case 'invalid_format': {
      if (issue.format === 'url') {
        return at(`${name} must be an address such as https://example.com/page, not ${quoted(value)}.`, 'Use a complete address.');
      }
      return at(`${name} ${issue.message}, but is ${quoted(value)}.`, 'Change the value.');
    }
    case 'invalid_value': {
      if (form === manifestForm && path.length === 1 && path[0] === 'manifest') {
        return at(
          `The manifest is written in format ${quoted(value)}; this version reads format 1.`,
          'Update Mem8 Upgrade, or write `manifest: 1`.',
        );
      }
      return wrongValue();
    }
    default:
      return wrongValue();
  }

  function wrongValue(): WordedIssue {
    const words = schemas.flatMap(alternatives).flatMap((schema) => allowedValues(schema) ?? []);
    const near = typeof value === 'string' ? suggest(value, words.map(String)) : undefined;
    if (near === undefined) return at(`${name} must be ${expected}, not ${quoted(value)}.`, 'Change the value.');
    const worded = at(`${name} must be ${expected}, not ${quoted(value)}. Did you mean \`${near}\`?`, `Write \`${near}\`.`);
    return { ...worded, replacement: near };
  }
}

/** What may stand at a place, e.g. "`down`, `restore` or a mapping with `none`". */
export function expectation(schemas: readonly Schema[]): string {
  const parts = schemas.flatMap(alternatives).flatMap((schema): string[] => {
    const values = allowedValues(schema);
    if (values) return values.map((value) => `\`${String(value)}\``);
    switch (kindOf(schema)) {
      case 'string':
        return ['text'];
      case 'number':
        return ['a whole number'];
      case 'boolean':
        return ['true or false'];
      case 'null':
        return ['null'];
      case 'array':
        return ['a list'];
      case 'record':
        return ['a mapping'];
      case 'object': {
        const required = Object.entries(keysOf(schema) ?? {}).flatMap(([key, child]) => (isOptional(child) ? [] : [`\`${key}\``]));
        return [required.length === 0 ? 'a mapping' : `a mapping with ${listed(required, 'and')}`];
      }
      default:
        return ['another value'];
    }
  });
  return listed([...new Set(parts)], 'or') || 'another value';
}

function subject(path: ManifestPath, form: Form): string {
  const last = path.at(-1);
  return typeof last === 'string' ? `\`${last}\`` : capitalised(placeName(path, form));
}

const entryNames: Readonly<Record<string, string>> = {
  releases: 'release',
  risks: 'risk',
  stops: 'stop',
  migrations: 'migration',
  before: 'check',
  after: 'check',
};

/** A place in words: `release 2`, `target \`local\``, `\`migrations\``. Counts from 1, as people do. */
function placeName(path: ManifestPath, form: Form): string {
  const last = path.at(-1);
  const parent = path.at(-2);
  if (last === undefined) return form.name;
  if (typeof last === 'number') {
    const name = entryNames[String(parent)];
    return name === undefined ? `entry ${last + 1} of \`${String(parent)}\`` : `${name} ${last + 1}`;
  }
  if (path.length === 2 && parent === 'targets') return `target \`${last}\``;
  return `\`${last}\``;
}

function quoted(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).slice(0, 3);
    return keys.length === 0
      ? 'an empty mapping'
      : `a mapping with ${listed(
          keys.map((key) => `\`${key}\``),
          'and',
        )}`;
  }
  const text = String(value);
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
}

/**
 * Replaces the issue of a union by the issues of the member that the value was meant for: the one of the right kind that
 * knows most of its keys. Where several are equally near, the issue stays as it is.
 */
export function resolveUnions(issue: Issue, valueAt: (path: ManifestPath) => unknown): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const path = issue.path as ManifestPath;
  if (valueAt(path) === null || valueAt(path) === undefined) return [issue];
  const ranked = issue.errors
    .map((errors) => ({ errors: errors as Issue[], distance: distanceOf(errors as Issue[]) }))
    .sort((a, b) => a.distance - b.distance);
  const [best, next] = ranked;
  if (!best || best.distance === Infinity || best.distance === next?.distance) return [issue];
  return best.errors.flatMap((inner) => resolveUnions({ ...inner, path: [...issue.path, ...inner.path] } as Issue, valueAt));
}

function distanceOf(errors: readonly Issue[]): number {
  let distance = 0;
  for (const error of errors) {
    if (error.path.length === 0 && error.code === 'invalid_type') return Infinity;
    distance += error.code === 'unrecognized_keys' ? error.keys.length : 1;
  }
  return distance;
}

/** True when the value at a path may be left out without harm to the rest. */
export function mayBeLeftOut(path: ManifestPath): boolean {
  const key = path.at(-1);
  if (key === undefined) return false;
  const parents = schemasAt(path.slice(0, -1)).flatMap(alternatives);
  if (typeof key === 'number' || parents.some((parent) => kindOf(parent) === 'record')) return true;
  const children = childSchemas(parents, key);
  return children.length > 0 && children.every(isOptional);
}
