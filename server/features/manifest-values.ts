import { checks, type Project } from '#engine/operations/checking';
import { checkGroups } from '#engine/core/finding';
import type { Files } from '#engine/core/host';
import { joined, parentFolder, resolvePath } from '#engine/core/paths';
import { outcomeOf } from '#engine/core/problem';
import type { ManifestDocument, ManifestPath } from '#engine/inputs/manifest/document';
import { namesIn, releaseIndexOf } from '#engine/inputs/manifest/editing/names';
import { nextVersions } from '#engine/inputs/manifest/editing/next-versions';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { featureOf } from '#engine/inputs/manifest/schema';
import { scalarText } from '#engine/inputs/manifest/write';
import { isManifestPath } from '#engine/inputs/manifest/find-manifest';
import { CompletionItemKind } from 'vscode-languageserver';

/** Something that one may type at a place of a manifest. The first of a list is the likeliest. */
export interface Suggestion {
  /** As it is written into the text, quoted where YAML needs it. */
  readonly text: string;
  /** Default: `text`. */
  readonly label?: string;
  readonly detail?: string;
  readonly documentation?: string;
  readonly kind: CompletionItemKind;
}

/** Values that the project itself suggests at a path, which has no keys of its own after it. */
export async function suggestedValues(project: Project, files: Files, path: ManifestPath, typed: string): Promise<Suggestion[]> {
  const document = project.manifest;
  if (!document) return [];
  const at = (pattern: string) => matches(path, pattern);
  if (at('releases.*.version')) return versionsAfter(document, path);
  if (at('releases.*.from')) return rangesBefore(document, path);
  if (at('releases.*.downgrade')) return releasesBefore(document, path).map((version) => value(version));
  if (at('releases.*.migrations.*') || at('releases.*.migrations.*.id')) return unlistedMigrations(project, document);
  if (at('releases.*.features.*.needs.*') || at('releases.*.features.*.replacement') || at('releases.*.migrations.*.feature')) {
    return featuresUpTo(document, path);
  }
  if (at('releases.*.channels.*')) return declaredChannels(document);
  if (at('channels.*')) return channelsInUse(document);
  if (at('stops.*')) return versionsNotYet(document, 'stops');
  if (at('risks.*.from') || at('risks.*.to')) return rangesOfReleases(document);
  if (at('risks.*.fixedIn')) return versions(document).map((version) => value(version));
  if (at('migrations.minimum')) return ['15', '16', '17', '18'].map((major) => value(JSON.stringify(major)));
  if (path.at(-2) === 'requires') return requirementRanges(project, files, document, String(path.at(-1)));
  const wanted = fileKinds.find(([pattern]) => at(pattern));
  return wanted ? paths(files, document, typed, wanted[1]) : [];
}

/** Keys that the project itself suggests in the mapping at a path, each with what follows it. */
export function suggestedKeys(project: Project, path: ManifestPath): Suggestion[] {
  const document = project.manifest;
  if (!document) return [];
  const at = (pattern: string) => matches(path, pattern);
  const present = new Set(namesIn(document).flatMap(({ path: each, part }) => (part === 'key' && isIn(each, path) ? [each.at(-1)] : [])));
  const fresh = (suggestions: Suggestion[]) => suggestions.filter(({ label }) => !present.has(label));
  if (at('releases.*.features')) return fresh(featureKeys(document, path));
  if (at('releases.*.apis') || at('releases.*.formats')) return fresh(keysElsewhere(document, String(path.at(-1))));
  if (path.at(-1) === 'requires' && path[0] === 'releases') return fresh(requirementKeys(document));
  if (at('checks')) {
    const groups = checkGroups.map((group) => key(group, '', 'group of checks'));
    return fresh([...groups, ...checks.map(({ id, severity, summary }) => key(id, '', `check, ${severity}`, summary))]);
  }
  if (at('targets')) {
    return fresh([
      key('local', '{ driver: pglite, path: .mem8/local }', 'an embedded database in a folder'),
      key('staging', '{ driver: postgresql, url: "${env:STAGING_DATABASE_URL}" }', 'a server'),
      key('production', '{ driver: postgresql, url: "${env:DATABASE_URL}", protected: true }', 'a server; every run asks first'),
    ]);
  }
  return [];
}

/** What may stand at paths that name files and folders, relative to the manifest. */
const fileKinds: readonly (readonly [pattern: string, file: RegExp | undefined])[] = [
  ['releases.*.apis.*', /\.(ya?ml|json|graphql|graphqls|gql|proto)$/i],
  ['releases.*.apis.*.file', /\.(ya?ml|json|graphql|graphqls|gql|proto)$/i],
  ['releases.*.queries', /\.\w+$/],
  ['releases.*.queries.*', /\.\w+$/],
  ['migrations.directory', undefined],
  ['migrations.baseline', /\.sql$/i],
  ['migrations.statistics', /\.json$/i],
  ['systems.*', /upgrade\.ya?ml$/i],
];

function matches(path: ManifestPath, pattern: string): boolean {
  const steps = pattern.split('.');
  return steps.length === path.length && steps.every((step, index) => step === '*' || step === path[index]);
}

function isIn(path: ManifestPath, parent: ManifestPath): boolean {
  return path.length === parent.length + 1 && parent.every((step, index) => path[index] === step);
}

function value(text: string, detail?: string): Suggestion {
  return { text, kind: CompletionItemKind.Value, detail };
}

function key(label: string, follows: string, detail: string, documentation?: string): Suggestion {
  const text = `${label}: ${follows}`;
  return { text, label, detail, kind: CompletionItemKind.Property, documentation };
}

/** The versions of all releases with their places in the text, also of releases that are broken just now. */
function placedVersions(document: ManifestDocument): { version: string; index: number }[] {
  return namesIn(document).flatMap(({ kind, text, path, isDefinition }) => {
    const index = releaseIndexOf(path);
    return kind === 'release' && isDefinition && index !== undefined ? [{ version: text, index }] : [];
  });
}

function versions(document: ManifestDocument): string[] {
  return placedVersions(document)
    .map(({ version }) => version)
    .reverse();
}

/** The releases before the one that a path is in, the latest first. */
function releasesBefore(document: ManifestDocument, path: ManifestPath): string[] {
  const own = releaseIndexOf(path) ?? Infinity;
  return placedVersions(document)
    .filter(({ index }) => index < own)
    .map(({ version }) => version)
    .reverse();
}

function versionsAfter(document: ManifestDocument, path: ManifestPath): Suggestion[] {
  const [last] = releasesBefore(document, path);
  if (last === undefined) return ['0.1.0', '1.0.0'].map((version) => value(version, 'a first release'));
  const taken = new Set(versions(document));
  return nextVersions(last)
    .filter(({ version }) => !taken.has(version))
    .map(({ version, bump }) => value(version, `the next ${bump} after ${last}`));
}

function rangesBefore(document: ManifestDocument, path: ManifestPath): Suggestion[] {
  const before = releasesBefore(document, path);
  const own = placedVersions(document).find(({ index }) => index === releaseIndexOf(path))?.version;
  const [last] = before;
  const first = before.at(-1);
  if (last === undefined) return [];
  const ranges: [range: string, detail: string][] = [[last, 'only the release before']];
  if (own !== undefined) ranges.push([`>=${last} <${own}`, `from ${last} on`]);
  if (own !== undefined && first !== undefined && first !== last) ranges.push([`>=${first} <${own}`, 'from every earlier release']);
  ranges.push(...before.map((version): [string, string] => [`^${version}`, `${version} and later ones that are compatible with it`]));
  return unique(ranges.map(([range, detail]) => value(JSON.stringify(range), detail)));
}

function rangesOfReleases(document: ManifestDocument): Suggestion[] {
  const all = versions(document);
  return all.flatMap((version) => [
    value(JSON.stringify(version)),
    value(JSON.stringify(`>=${version}`)),
    value(JSON.stringify(`<${version}`)),
  ]);
}

function versionsNotYet(document: ManifestDocument, list: string): Suggestion[] {
  const listed = new Set(namesIn(document).flatMap(({ text, path }) => (path[0] === list ? [text] : [])));
  return versions(document)
    .filter((version) => !listed.has(version))
    .map((version) => value(version));
}

function unlistedMigrations(project: Project, document: ManifestDocument): Suggestion[] {
  const listed = new Set(namesIn(document).flatMap(({ kind, text }) => (kind === 'migration' ? [text] : [])));
  return (project.directory?.migrations ?? [])
    .filter(({ id, repeatable }) => !repeatable && !listed.has(id))
    .map(({ id, name }) => ({
      text: scalarText(id),
      label: id,
      kind: CompletionItemKind.Reference,
      detail: 'not in a release yet',
      documentation: name,
    }));
}

/** Features of the release that a path is in, then those of earlier ones. */
function featuresUpTo(document: ManifestDocument, path: ManifestPath): Suggestion[] {
  const own = releaseIndexOf(path) ?? 0;
  const found = namesIn(document)
    .flatMap(({ kind, text, isDefinition, path: each }) => {
      const index = releaseIndexOf(each);
      return kind === 'feature' && isDefinition && index !== undefined && index <= own && text !== path[3] ? [{ text, index }] : [];
    })
    .sort((a, b) => b.index - a.index);
  return unique(found.map(({ text, index }) => value(text, index === own ? 'of this release' : 'of an earlier release')));
}

/** Features of other releases with the stage that they had last before this one. */
function featureKeys(document: ManifestDocument, path: ManifestPath): Suggestion[] {
  const releases = document.manifest?.releases ?? [];
  const own = releaseIndexOf(path) ?? releases.length;
  const stages = new Map<string, { stage: string; version: string }>();
  for (const [index, { features, version }] of releases.entries()) {
    const isBefore = (document.releaseIndexes[index] ?? index) < own;
    for (const [name, feature] of Object.entries(features)) {
      if (isBefore || !stages.has(name)) stages.set(name, { stage: featureOf(feature).stage, version });
    }
  }
  return [...stages].map(([name, { stage, version }]) => key(name, stage, `${stage} in ${version}`));
}

function keysElsewhere(document: ManifestDocument, list: string): Suggestion[] {
  const kind = list === 'apis' ? 'api' : 'format';
  return unique(namesIn(document).flatMap((name) => (name.kind === kind ? [key(name.text, '', 'of another release')] : [])));
}

function declaredChannels(document: ManifestDocument): Suggestion[] {
  return unique(namesIn(document).flatMap(({ kind, text, isDefinition }) => (kind === 'channel' && isDefinition ? [value(text)] : [])));
}

function channelsInUse(document: ManifestDocument): Suggestion[] {
  const names = namesIn(document).filter(({ kind }) => kind === 'channel');
  const declared = new Set(names.filter(({ isDefinition }) => isDefinition).map(({ text }) => text));
  const used = names.filter(({ text }) => !declared.has(text)).map(({ text }) => value(text, 'named by a release'));
  return unique([...used, ...['candidate', 'stable'].filter((name) => !declared.has(name)).map((name) => value(name, 'a common name'))]);
}

function requirementKeys(document: ManifestDocument): Suggestion[] {
  const systems = namesIn(document).filter(({ kind }) => kind === 'system');
  return unique([
    key('postgresql', '', 'the server'),
    ...systems.map(({ text, isDefinition }) => key(text, '', isDefinition ? 'another system' : 'required elsewhere')),
    key('node', '', 'a runtime'),
  ]);
}

async function requirementRanges(project: Project, files: Files, document: ManifestDocument, name: string): Promise<Suggestion[]> {
  const manifest = document.manifest?.systems[name];
  if (manifest === undefined)
    return name === 'postgresql' ? [value(JSON.stringify(`>=${project.minimum}`), 'the value of migrations.minimum')] : [];
  const path = resolvePath(parentFolder(document.path), manifest);
  const text = await outcomeOf(() => files.readText(path));
  if (!text.ok) return [];
  const theirs = versions(parseManifest(path, text.value));
  return theirs.flatMap((version) =>
    [`^${version}`, `>=${version}`, version].map((range) => value(JSON.stringify(range), `release of ${name}`)),
  );
}

/** Files and folders below the folder that is typed so far. */
async function paths(files: Files, document: ManifestDocument, typed: string, wanted: RegExp | undefined): Promise<Suggestion[]> {
  const base = typed.replace(/^["']/, '').replace(/[^/]*$/, '');
  const folder = resolvePath(parentFolder(document.path), base);
  const names = await outcomeOf(() => files.list(folder));
  if (!names.ok) return [];
  return names.value.flatMap((name): Suggestion[] => {
    const isFolder = name.endsWith('/');
    if (name.startsWith('.') || name === 'node_modules/') return [];
    if (isFolder) return [{ text: scalarText(base + name.slice(0, -1)), kind: CompletionItemKind.Folder }];
    const isOwn = joined(folder, name) === document.path;
    const fits = wanted?.test(name) === true && !isOwn && (isManifestPath(name) ? wanted.source.startsWith('upgrade') : true);
    return fits ? [{ text: scalarText(base + name), kind: CompletionItemKind.File }] : [];
  });
}

function unique(suggestions: readonly Suggestion[]): Suggestion[] {
  const seen = new Set<string>();
  return suggestions.filter(({ text }) => !seen.has(text) && seen.add(text));
}
