import { scriptsOf } from '../../../core/scripts';
import type { TextEdit } from '../../../core/finding';
import { baseName, joined, parentFolder } from '../../../core/paths';
import { failure, success, type Outcome } from '../../../core/problem';
import type { TextRange } from '../../../core/text';
import { layoutNamed } from '../../scripts/index';
import type { Migration, MigrationDirectory } from '../../../core/scripts';
import { parseVersion } from '../../../core/versions';
import type { ManifestDocument } from '../document';
import { scalarText } from '../write';
import { nameAt, type NameKind, namesIn, versionsInRange } from './names';

const renamable = ['release', 'migration', 'feature', 'channel', 'api', 'format', 'system', 'target'] as const;
type Renamable = (typeof renamable)[number];

/** A thing that a manifest names, as it stands at one place. */
export interface NamedThing {
  readonly kind: Renamable;
  readonly text: string;
  readonly range: TextRange;
}

/** What an offset of the manifest names and what can be renamed; in a range that is one of its versions, when a release has it. */
export function thingAt(document: ManifestDocument, offset: number): NamedThing | undefined {
  const name = nameAt(document, offset);
  if (!name) return undefined;
  if (name.kind !== 'range') return isRenamable(name.kind) ? { kind: name.kind, text: name.text, range: name.range } : undefined;
  const version = versionsInRange(name).find(({ range }) => range.start <= offset && offset <= range.end);
  const isRelease = namesIn(document).some(({ kind, text, isDefinition }) => kind === 'release' && isDefinition && text === version?.text);
  return version && isRelease ? { kind: 'release', ...version } : undefined;
}

function isRenamable(kind: NameKind): kind is Renamable {
  return (renamable as readonly NameKind[]).includes(kind);
}

interface Occurrence {
  readonly range: TextRange;
  readonly isDefinition: boolean;
}

/** Every place that names the same thing, in the order of the text; a version also where a range of releases writes it out. */
export function occurrencesOf(document: ManifestDocument, { kind, text }: Pick<NamedThing, 'kind' | 'text'>): Occurrence[] {
  return namesIn(document).flatMap((name): Occurrence[] => {
    if (name.kind === kind) return name.text === text ? [{ range: name.range, isDefinition: name.isDefinition }] : [];
    // The versions that `requires` names are those of others.
    if (kind !== 'release' || name.kind !== 'range' || name.path.includes('requires')) return [];
    return versionsInRange(name).flatMap((version) => (version.text === text ? [{ range: version.range, isDefinition: false }] : []));
  });
}

export interface FileRename {
  readonly from: string;
  readonly to: string;
}

export interface Renaming {
  readonly edits: readonly TextEdit[];
  /** Files and folders, each to a new name in the same folder. */
  readonly files: readonly FileRename[];
}

/** Gives a thing another name everywhere. Fails with `usage` for a name that it cannot have. */
export function rename(
  document: ManifestDocument,
  directory: MigrationDirectory | undefined,
  thing: NamedThing,
  newName: string,
): Outcome<Renaming> {
  const { kind, text } = thing;
  if (newName === text) return success({ edits: [], files: [] });
  const taken = occurrencesOf(document, { kind, text: newName }).some(({ isDefinition }) => isDefinition);
  if (taken) return refused(`There is already a ${kind} ${newName}.`, 'Choose another name.');
  const edits = renameInText(document, thing, newName);
  if (kind === 'release') {
    const isVersion = parseVersion(newName) !== undefined;
    return isVersion ? success({ edits, files: [] }) : refused(`${newName} is not a semantic version.`, 'Write it as 2.1.0 or 3.0.0-rc.1.');
  }
  if (kind !== 'migration') {
    const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(newName);
    return isName
      ? success({ edits, files: [] })
      : refused(`${newName} cannot be used as a name.`, 'Use letters, digits, ".", "_" and "-".');
  }
  const migration = directory?.migrations.find(({ id }) => id === text);
  if (!migration || !directory) return success({ edits, files: [] });
  const files = migrationFiles(directory, migration, newName);
  return files.ok ? success({ edits, files: files.value }) : files;
}

/** The edits of a manifest that give a thing another name, whatever that is; quotes are kept, and added where they are needed. */
function renameInText(document: ManifestDocument, thing: Pick<NamedThing, 'kind' | 'text'>, newName: string): TextEdit[] {
  return occurrencesOf(document, thing).map(({ range }) => replaceWord(document, range, newName));
}

/** Replaces a word that may stand in quotes or, as a version in a range, beside others. */
function replaceWord(document: ManifestDocument, range: TextRange, newText: string): TextEdit {
  const quote = document.text[range.start - 1] ?? '';
  const isQuoted = (quote === '"' || quote === "'") && document.text[range.end] === quote;
  const written = !isQuoted ? scalarText(newText) : quote === '"' ? JSON.stringify(newText).slice(1, -1) : newText.replaceAll("'", "''");
  const isPart = !isQuoted && /^\d+\.\d+\.\d+/.test(newText);
  return { file: document.path, range, newText: isPart ? newText : written };
}

function migrationFiles(directory: MigrationDirectory, migration: Migration, newId: string): Outcome<FileRename[]> {
  if (directory.layout === 'sqitch' || directory.layout === 'atlas') {
    return refused(
      `${directory.layout} stores the names of migrations in its own file.`,
      `Rename ${migration.id} with ${directory.layout}.`,
    );
  }
  if (directory.migrations.some(({ id }) => id === newId)) return refused(`There is already a migration ${newId}.`, 'Choose another name.');
  const files = renamedFiles(migration, newId);
  const layout = layoutNamed(directory.layout);
  const wrong = files.find(({ to }) => {
    const relative = to.slice(joined(directory.path, '').length);
    return newId.includes('/') || !(layout.owns(relative) || layout.owns(`${relative}/up.sql`) || layout.owns(`${relative}/migration.sql`));
  });
  if (wrong)
    return refused(
      `${layout.name} does not recognise the name ${baseName(wrong.to)}.`,
      'Keep the format of the name: its number, then words.',
    );
  return success(files);
}

/** The files of a migration with the names that they have under another id; its folder where it has one. */
function renamedFiles(migration: Migration, newId: string): FileRename[] {
  const { id, up } = migration;
  const folder = parentFolder(up.file);
  if (baseName(folder) === id) return [{ from: folder, to: joined(parentFolder(folder), newId) }];
  const files = new Set(scriptsOf(migration).map(({ file }) => file));
  return [...files].map((from) => {
    const name = baseName(from);
    const rest = name.startsWith(id) ? name.slice(id.length) : undefined;
    // The undo of Flyway's V1__x is U1__x; other pairs may share no more than their number.
    const undo = rest === undefined && name.startsWith(`U${id.slice(1)}`) ? `U${newId.slice(1)}${name.slice(id.length)}` : undefined;
    const to = rest === undefined ? (undo ?? newId + (/(\.(up|down|verify))?\.sql$/.exec(name)?.[0] ?? '')) : newId + rest;
    return { from, to: joined(parentFolder(from), to) };
  });
}

/**
 * What else has to change when files are renamed or moved: the manifest where it names the migration or the path, and the
 * other scripts of a migration. `from` of a renaming is left out of its files, because that happens anyway.
 */
export function followRenames(
  document: ManifestDocument,
  directory: MigrationDirectory | undefined,
  renames: readonly FileRename[],
): Renaming {
  const edits: TextEdit[] = [];
  const files: FileRename[] = [];
  const known = new Set(renames.map(({ from }) => from));
  for (const { from, to } of renames) {
    edits.push(...pathEdits(document, from, to));
    const migration = directory?.migrations.find((each) => renamedFiles(each, each.id).some((file) => file.from === from));
    const newId = migration && parentFolder(from) === parentFolder(to) ? newIdOf(migration, from, baseName(to)) : undefined;
    if (!migration || newId === undefined || newId === migration.id) continue;
    for (const edit of renameInText(document, { kind: 'migration', text: migration.id }, newId)) {
      if (!edits.some(({ range }) => range.start === edit.range.start)) edits.push(edit);
    }
    for (const file of renamedFiles(migration, newId)) {
      if (!known.has(file.from) && file.from !== file.to && !files.some((each) => each.from === file.from)) files.push(file);
    }
  }
  return { edits, files };
}

/** The id that a migration has when one of its files gets another name; undefined when the file would be no script of that kind any more. */
function newIdOf({ id }: Migration, from: string, newName: string): string | undefined {
  const oldName = baseName(from);
  if (oldName === id) return newName;
  const isUndo = !oldName.startsWith(id) && oldName.startsWith(`U${id.slice(1)}`);
  const suffix = oldName.startsWith(id) || isUndo ? oldName.slice(id.length) : (/(\.(up|down|verify))?\.sql$/.exec(oldName)?.[0] ?? '');
  if (suffix === '' || !newName.endsWith(suffix) || newName.length === suffix.length) return undefined;
  const stem = newName.slice(0, -suffix.length);
  if (isUndo) return stem.startsWith('U') ? id.slice(0, 1) + stem.slice(1) : undefined;
  return stem;
}

/** Paths of the manifest that name a file, or something in a folder, that goes elsewhere. */
function pathEdits(document: ManifestDocument, from: string, to: string): TextEdit[] {
  const folder = parentFolder(document.path);
  return namesIn(document).flatMap((name): TextEdit[] => {
    if (name.kind !== 'path') return [];
    const path = joined(folder, name.text.replace(/^\.\//, '').replace(/\/$/, ''));
    const isInside = path === from || path.startsWith(`${from}/`);
    const moved = to + path.slice(from.length);
    if (!isInside || !moved.startsWith(joined(folder, ''))) return [];
    return [replaceWord(document, name.range, moved.slice(joined(folder, '').length))];
  });
}

function refused(message: string, remedy: string): Outcome<never> {
  return failure({ code: 'usage', message, remedy });
}
