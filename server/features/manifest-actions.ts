import type { TextEdit } from '#engine/core/finding';
import type { TextRange } from '#engine/core/text';
import { scriptTemplate } from '#engine/inputs/scripts/index';
import type { Migration } from '#engine/core/scripts';
import type { ManifestDocument, ManifestPath } from '#engine/inputs/manifest/document';
import { addToList, setEntryKeys } from '#engine/inputs/manifest/editing/lists';
import { phaseOf } from '#engine/inputs/manifest/editing/migration-phase';
import { type Name, namesIn, releaseIndexOf } from '#engine/inputs/manifest/editing/names';
import { newMigrationFiles } from '#engine/inputs/manifest/editing/new-migration';
import { splitRelease } from '#engine/inputs/manifest/editing/split-release';
import { type MigrationReference, referencedId, type Release } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import { inverseOf, loadSqlParser, parseScript } from '#engine/operations/statement-facts';
import { hashOf } from '#engine/inputs/sources';

/** Something that can be done at a place of a manifest, whether anything is wrong there or not. */
export interface ManifestAction {
  readonly title: string;
  /** Edits of files; of a file that does not exist the whole text. */
  readonly edits: readonly TextEdit[];
}

/** So many single migrations are offered for one release; more are offered all at once. */
const offeredOneByOne = 3;

/** What can be done in the releases and migrations that a range of the manifest touches. */
export async function manifestActions(project: Project, range: TextRange): Promise<ManifestAction[]> {
  const document = project.manifest;
  const releases = document?.manifest?.releases;
  if (!document || !releases) return [];
  const index = releases.findIndex((_, position) => touches(document, ['releases', document.releaseIndexes[position] ?? position], range));
  const release = releases[index];
  if (!release) return [];
  await loadSqlParser();
  const migration = migrationIn(document, range);
  const place: ReleasePlace = { project, document, release, index, path: ['releases', document.releaseIndexes[index] ?? index] };
  return [
    ...(migration ? migrationActions(place, migration) : []),
    ...unlistedActions(place),
    ...splitActions(place),
    ...phaseActions(place),
    ...hashActions(place),
    ...stopActions(place),
  ];
}

interface ReleasePlace {
  readonly project: Project;
  readonly document: ManifestDocument;
  readonly release: Release;
  /** In `manifest.releases`. */
  readonly index: number;
  readonly path: ManifestPath;
}

function touches(document: ManifestDocument, path: ManifestPath, { start, end }: TextRange): boolean {
  const range = document.rangeOf(path);
  return range.start <= end && start <= range.end;
}

function migrationIn(document: ManifestDocument, range: TextRange): Name | undefined {
  return namesIn(document).find(({ kind, path }) => kind === 'migration' && touches(document, path.slice(0, 4), range));
}

function migrationActions({ project, document }: ReleasePlace, { text: id, path }: Name): ManifestAction[] {
  const { directory } = project;
  const isTransform =
    path.length > 4 && /^transform/m.test(document.text.slice(...rangeOfKey(document, [...path.slice(0, 4), 'transform'])));
  if (!directory || isTransform) return [];
  const migration = directory.migrations.find((each) => each.id === id);
  if (!migration) {
    const files = newMigrationFiles(directory, id);
    const edits = files.map(({ file, text }) => ({ file, range: { start: 0, end: 0 }, newText: text }));
    const isUnread = directory.problems.some(({ file }) => files.some((each) => each.file === file));
    return files.length === 0 || isUnread ? [] : [{ title: `Create the ${files.length === 1 ? 'script' : 'scripts'} of ${id}`, edits }];
  }
  const inverse = migration.down ? undefined : inverseOf(parseScript(migration.up));
  const template = directory.runner.hasDowns ? scriptTemplate(directory, migration, inverse) : undefined;
  if (!template) return [];
  const edit = template.kind === 'file' ? { file: template.file, range: { start: 0, end: 0 }, newText: template.text } : template.edit;
  return [{ title: `Create the down script of ${id}${inverse === undefined ? ', to be filled in' : ''}`, edits: [edit] }];
}

function rangeOfKey(document: ManifestDocument, path: ManifestPath): [start: number, end: number] {
  const { start, end } = document.rangeOf(path, 'key');
  return [start, end];
}

function unlistedActions({ project, document, release, path }: ReleasePlace): ManifestAction[] {
  const listed = new Set(namesIn(document).flatMap(({ kind, text }) => (kind === 'migration' ? [text] : [])));
  const unlisted = (project.directory?.migrations ?? []).filter(({ id, repeatable }) => !repeatable && !listed.has(id)).map(({ id }) => id);
  const add = (ids: readonly string[], title: string): ManifestAction[] => {
    const edit = addToList(document, [...path, 'migrations'], ids);
    return edit ? [{ title, edits: [edit] }] : [];
  };
  const single = unlisted.slice(0, offeredOneByOne).flatMap((id) => add([id], `Add ${id} to release ${release.version}`));
  return unlisted.length < 2
    ? single
    : [...single, ...add(unlisted, `Add all ${unlisted.length} unlisted migrations to ${release.version}`)];
}

function splitActions({ document, release, index }: ReleasePlace): ManifestAction[] {
  const split = splitRelease(document, index);
  return split
    ? [{ title: `Move the contract migrations of ${release.version} to a new release ${split.version}`, edits: split.edits }]
    : [];
}

/** The references of a release with their places in the text; none where broken entries would shift them. */
function references({ document, release, path }: ReleasePlace): { reference: MigrationReference; id: string; path: ManifestPath }[] {
  const index = releaseIndexOf(path);
  const names = namesIn(document).filter(({ kind, path: each }) => kind === 'migration' && releaseIndexOf(each) === index);
  return names.flatMap(({ text, path: each }) => {
    const reference = release.migrations.find((candidate) => referencedId(candidate) === text);
    return reference === undefined ? [] : [{ reference, id: text, path: each.slice(0, 4) }];
  });
}

function phaseActions(place: ReleasePlace): ManifestAction[] {
  const edits = references(place).flatMap(({ reference, id, path }) => {
    if (typeof reference !== 'string' && reference.phase !== undefined) return [];
    const hasTransform = typeof reference !== 'string' && reference.transform !== undefined;
    const script = migrationOf(place, id)?.up;
    const phase = hasTransform ? 'migrate' : script === undefined ? undefined : phaseOf(parseScript(script));
    return phase === undefined ? [] : (setEntryKeys(place.document, path, id, { phase }) ?? []);
  });
  return edits.length === 0 ? [] : [{ title: `Add the phases of the migrations of ${place.release.version}`, edits }];
}

function hashActions(place: ReleasePlace): ManifestAction[] {
  const edits = references(place).flatMap(({ reference, id, path }) => {
    const known = typeof reference === 'string' ? undefined : reference;
    const script = migrationOf(place, id)?.up;
    const hash = known?.transform ? hashOf(known.transform) : script && hashOf(script);
    // What was recorded stays: to change it is the fix of a finding, and to be thought about.
    return hash === undefined || known?.hash !== undefined ? [] : (setEntryKeys(place.document, path, id, { hash: `"${hash}"` }) ?? []);
  });
  return edits.length === 0
    ? []
    : [{ title: `Record the hashes of the migrations of ${place.release.version}, so that later edits are errors`, edits }];
}

function stopActions({ document, release }: ReleasePlace): ManifestAction[] {
  const isStop = document.manifest?.stops.includes(release.version);
  const edit = isStop ? undefined : addToList(document, ['stops'], [release.version]);
  return edit ? [{ title: `Make ${release.version} a required stop`, edits: [edit] }] : [];
}

function migrationOf({ project }: ReleasePlace, id: string): Migration | undefined {
  return project.directory?.migrations.find((migration) => migration.id === id);
}
