import { referencedId } from '#engine/manifest/schema';
import {
  allowedValues,
  alternatives,
  childSchemas,
  defaultOf,
  descriptionOf,
  isOptional,
  keysOf,
  kindOf,
  type Schema,
  schemasAt,
} from '#engine/manifest/schema-walk';
import type { Project } from '#engine/project/project';
import { type CompletionItem, CompletionItemKind, type Connection } from 'vscode-languageserver';
import { toOffset } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf } from '../uris';
import type { Workspace } from '../workspace';
import { type YamlContext, yamlContextAt } from './yaml-context';

/** In a manifest: keys, fixed values, versions, migration ids, feature names. */
export function registerCompletion(connection: Connection, workspace: Workspace): void {
  connection.onCompletion(({ textDocument, position }, token) =>
    runSafe<CompletionItem[]>(workspace.logger, 'textDocument/completion', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
      if (!project || !('ownedFiles' in project) || !project.manifest || project.manifest.path !== path) return [];
      const { text } = project.manifest;
      return completionsAt(project, yamlContextAt(text, toOffset(text, position)));
    }),
  );
}

function completionsAt(project: Project, context: YamlContext): CompletionItem[] {
  const parents = schemasAt(context.parent);
  if (context.key !== undefined) {
    const schemas = childSchemas(parents, context.key).flatMap(alternatives);
    return [...fixedValues(schemas), ...projectValues(project, [...context.parent, context.key])];
  }
  const values = context.isListEntry ? projectValues(project, context.parent) : [];
  return [...values, ...keys(parents.flatMap(alternatives)), ...recordKeys(project, context.parent)];
}

function keys(schemas: readonly Schema[]): CompletionItem[] {
  return schemas.flatMap((schema) =>
    Object.entries(keysOf(schema) ?? {}).map(([key, child]) => {
      const isScalar = alternatives(child).every((each) => !['object', 'record', 'array'].includes(kindOf(each)));
      const standard = defaultOf(child);
      return {
        label: key,
        kind: CompletionItemKind.Property,
        detail: isOptional(child)
          ? typeof standard === 'object' || standard === undefined
            ? 'optional'
            : `default ${JSON.stringify(standard)}`
          : 'required',
        documentation: descriptionOf(child) ?? '',
        insertText: isScalar ? `${key}: ` : `${key}:`,
        sortText: `${isOptional(child) ? 1 : 0}${key}`,
      };
    }),
  );
}

function fixedValues(schemas: readonly Schema[]): CompletionItem[] {
  const values = schemas.flatMap((schema) => (kindOf(schema) === 'boolean' ? [true, false] : (allowedValues(schema) ?? [])));
  return values.map((value) => ({ label: String(value), kind: CompletionItemKind.EnumMember }));
}

/** Keys that the project itself suggests: features and APIs of other releases. */
function recordKeys(project: Project, path: YamlContext['parent']): CompletionItem[] {
  const last = path.at(-1);
  if (path[0] !== 'releases' || (last !== 'features' && last !== 'apis')) return [];
  const names = new Set(project.manifest?.manifest?.releases.flatMap((release) => Object.keys(release[last])));
  return [...names].map((name) => ({ label: name, kind: CompletionItemKind.Property, insertText: `${name}: ` }));
}

/** Values that the project itself suggests: migration ids in a release's list, versions and ranges. */
function projectValues(project: Project, path: YamlContext['parent']): CompletionItem[] {
  const releases = project.manifest?.manifest?.releases ?? [];
  const [root, index, key] = path;
  if (root === 'releases' && key === 'migrations' && path.length <= 5) {
    const referenced = new Set(releases.flatMap(({ migrations }) => migrations.map(referencedId)));
    return (project.directory?.migrations ?? []).map(({ id, name }) => ({
      label: id,
      kind: CompletionItemKind.Reference,
      detail: referenced.has(id) ? 'already in a release' : 'in no release yet',
      documentation: name,
      sortText: `${referenced.has(id) ? 1 : 0}${id}`,
    }));
  }
  const versions = releases.map(({ version }) => version);
  if (root === 'stops') return versions.map((version) => ({ label: version, kind: CompletionItemKind.Value }));
  if (root === 'releases' && key === 'from') {
    const place = project.manifest?.releaseIndexes.indexOf(Number(index)) ?? -1;
    const before = releases[place - 1]?.version;
    const own = releases[place]?.version;
    const ranges = before === undefined ? [] : [`"${before}"`, ...(own === undefined ? [] : [`">=${before} <${own}"`])];
    return [...ranges, ...versions.map((version) => `"^${version}"`)].map((label) => ({ label, kind: CompletionItemKind.Value }));
  }
  return [];
}
