import { examples } from './examples';
import { manifestSchema } from './schema';
import {
  allowedValues,
  alternatives,
  arrayEntry,
  defaultOf,
  descriptionOf,
  isOptional,
  keysOf,
  kindOf,
  recordValue,
  unwrap,
  type Schema,
} from './schema-walk';
import { expectation } from './wording';

/** The text of docs/manifest.md: every key with its type, default, meaning and an example, generated from the schema. */
export function manifestReference(): string {
  const lines = [
    '# The upgrade manifest',
    '',
    '<!-- Generated from engine/inputs/manifest/schema.ts; `npx vitest run engine/inputs/manifest/reference.test.ts --update` renews it. -->',
    '',
    `${descriptionOf(manifestSchema) ?? ''} The file is called \`upgrade.yaml\` or ends with \`.upgrade.yaml\`.`,
    'Text that looks like a number does not need quotes: `version: 1.10` is the text `1.10`.',
    '',
    '```yaml',
    ...fullExample,
    '```',
    '',
    'Editors with JSON Schema support can use `docs/manifest.schema.json`.',
    '',
    '## Keys',
    '',
  ];
  const keys = collect([manifestSchema], '');
  for (const { path } of keys) lines.push(`${'  '.repeat(depthOf(path))}- [\`${lastKey(path)}\`](#${anchorOf(path)})`);
  for (const key of keys) lines.push('', ...sectionOf(key));
  return `${lines.join('\n')}\n`;
}

/** Where the reference describes a key: `releases.*.version` is at `#releases-version`. */
export function anchorOf(path: string): string {
  return path.replaceAll('.*', '').replaceAll('.', '-').toLowerCase();
}

/** A key with the schemas that its value may fit, and what it means, for each kind of mapping that it may be in. */
interface DescribedKey {
  readonly path: string;
  readonly schemas: readonly Schema[];
  readonly meanings: readonly string[];
}

/** Every key of a manifest with the schemas that its value may fit; list places and free names are `*`. */
export function manifestKeys(): DescribedKey[] {
  return collect([manifestSchema], '');
}

function collect(parents: readonly Schema[], prefix: string): DescribedKey[] {
  const found = new Map<string, Schema[]>();
  const meanings = new Map<string, string[]>();
  for (const parent of parents.flatMap(alternatives)) {
    const kind = kindName(parent);
    for (const [key, schema] of Object.entries(keysOf(parent) ?? {})) {
      const description = descriptionOf(schema);
      found.set(key, [...(found.get(key) ?? []), schema]);
      const meaning = description === undefined || kind === undefined ? description : `${kind}: ${description}`;
      if (meaning !== undefined && !meanings.get(key)?.includes(meaning)) meanings.set(key, [...(meanings.get(key) ?? []), meaning]);
    }
  }
  return [...found].flatMap(([key, schemas]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    // Both lists of checks hold the same; they are described once.
    const isTwin = path === 'releases.*.checks.before';
    return [{ path, schemas, meanings: meanings.get(key) ?? [] }, ...(isTwin ? [] : inside(schemas, path))];
  });
}

/** The kind of a mapping that a literal of its own tells apart, e.g. `driver: pglite`. */
function kindName(schema: Schema): string | undefined {
  if (schema === manifestSchema) return undefined;
  for (const [key, child] of Object.entries(keysOf(schema) ?? {})) {
    const values = kindOf(child) === 'literal' ? allowedValues(child) : undefined;
    if (values?.length === 1) return `\`${key}: ${String(values[0])}\``;
  }
  return undefined;
}

function inside(schemas: readonly Schema[], path: string): DescribedKey[] {
  const bare = schemas.flatMap(alternatives);
  const members = bare.flatMap((schema) => arrayEntry(schema) ?? recordValue(schema) ?? []);
  if (members.length > 0) return collect(members, `${path}.*`);
  return collect(bare, path);
}

function sectionOf({ path, schemas, meanings }: DescribedKey): string[] {
  const required = schemas.every((schema) => !isOptional(schema));
  const rows = [`Type: ${typeOf(schemas)}`, defaultText(schemas, required)];
  const example = examples[path];
  return [
    `${'#'.repeat(Math.min(6, depthOf(path) + 3))} <a id="${anchorOf(path)}"></a>\`${path}\``,
    '',
    ...(meanings.length > 1 ? meanings.map((meaning) => `- ${meaning}`) : meanings),
    '',
    rows.filter((row) => row !== '').join(' · '),
    ...(example === undefined ? [] : ['', '```yaml', `${lastKey(path)}: ${example}`, '```']),
  ];
}

function typeOf(schemas: readonly Schema[]): string {
  const [only] = schemas.length === 1 ? schemas.map(unwrap) : [];
  const entry = only && arrayEntry(only);
  if (entry) return `list of ${typeOf([entry])}`;
  const value = only && recordValue(only);
  if (value) return `mapping of names to ${typeOf([value])}`;
  if (only && kindOf(only) === 'object') return 'mapping';
  return expectation(schemas);
}

function defaultText(schemas: readonly Schema[], required: boolean): string {
  if (required) return 'required';
  const values = [...new Set(schemas.map(defaultOf).filter((value) => value !== undefined))];
  const shown = values.map((value) => `\`${JSON.stringify(value)}\``);
  if (shown.length === 0) return 'optional';
  // A target's protection is the only key whose default depends on its neighbour.
  return `default: ${shown.join(' or ')}${shown.length > 1 ? ', see above' : ''}`;
}

function depthOf(path: string): number {
  return path.replaceAll('.*', '').split('.').length - 1;
}

function lastKey(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

const fullExample = `manifest: 1
system: mem8
window: 1
migrations: { directory: migrations, minimum: "15" }
targets:
  local: { driver: pglite, path: .mem8/local }
  production: { driver: postgresql, url: "\${env:MEM8_DATABASE_URL}" }
releases:
  - version: 1.0.0
    migrations: [0001_memories]
  - version: 1.1.0
    from: ">=1.0.0 <1.1.0"
    requires: { postgresql: ">=15" }
    features: { wave-memory: stable, phase-search: preview }
    migrations:
      - { id: 0002_add_arousal, phase: expand }
      - id: 0003_fill_arousal
        phase: migrate
        transform:
          table: memories
          key: id
          where: arousal IS NULL
          set: { arousal: arousal_raw / 255.0 }
          undo: { arousal: "NULL" }
    checks:
      after:
        - { sql: SELECT count(*) FROM memories WHERE arousal IS NULL, expect: 0 }
stops: [1.1.0]`.split('\n');

/** The example at the head of the reference. */
export const referenceExample = fullExample.join('\n');
