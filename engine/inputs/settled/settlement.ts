import { scriptsOf } from '../../core/scripts';
import type { Files, RunGit } from '../../core/host';
import { compareCodePoints, joined, parentFolder } from '../../core/paths';
import { type Problem, ProblemError } from '../../core/problem';
import type { TextRange } from '../../core/text';
import { listed } from '../../core/wording';
import { readMigrations } from '../scripts/index';
import type { LayoutName, Migration, MigrationDirectory, Script } from '../../core/scripts';
import type { Manifest } from '../manifest/schema';
import { referencedId } from '../manifest/schema';
import { tagHistory, versionTags } from '../releases/tagged-releases';
import { statementTexts } from '../../databases/postgresql/sql/statement-texts';
import { automaticBases, namedBase, type SettledBase } from './bases';
import { builtChange } from './continuous-integration';
import { Repository } from './repository';

/** A settled migration whose script is no longer what it was. */
interface EditedMigration {
  readonly migration: Migration;
  /** The whole file as it was settled. */
  readonly before: string;
  /** What differs in the file as it is. */
  readonly range: TextRange;
  /** False when only comments and white space of the up differ. */
  readonly changesUp: boolean;
  readonly changesDown: boolean;
}

/** Which migrations can no longer be changed, because databases have run them. */
export interface Settlement {
  /** What they are settled by, for people: `origin/main`, `release 1.2.0`; undefined when nothing is settled. */
  readonly by: string | undefined;
  /** Ids of the settled migrations, edited ones too. */
  readonly migrations: ReadonlySet<string>;
  /** Files of the directory that are as they were settled, by absolute path. */
  readonly files: ReadonlySet<string>;
  readonly edited: readonly EditedMigration[];
  /** Scripts that were settled and are gone, by absolute path. */
  readonly removed: readonly string[];
  /** Why nothing is settled although there is a repository, a sentence with what to do. */
  readonly note?: string | undefined;
}

/** Their journals hold the version of a migration and not its name. */
const toolsByVersion: ReadonlySet<LayoutName> = new Set(['golang-migrate', 'goose', 'dbmate', 'diesel']);

const silentGit =
  'git does not work in this repository, so no migration is treated as settled. Install git, or trust the folder: git config --global --add safe.directory <folder>.';

export const nothingSettled: Settlement = { by: undefined, migrations: new Set(), files: new Set(), edited: [], removed: [] };

/** What decides which migrations are settled, beside the project's own files. One for all projects of a host. */
export class SettledHistory {
  readonly #repository: Repository;

  /**
   * @param git undefined where there is none: only manifests, migration ids and targets settle anything
   * @param environment in which continuous integration says what it builds
   */
  constructor(
    private readonly git: RunGit | undefined,
    private readonly environment: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.#repository = new Repository(git ?? (() => Promise.resolve(undefined)));
  }

  /** The repository changed: a commit, a checkout, a fetch. */
  forget(): void {
    this.#repository.forget();
  }

  /**
   * What is settled in a directory.
   * @param since `auto`, `none`, a git ref, or the id of the last settled migration
   * @param applied ids of migrations that a target was seen to have
   * @throws ProblemError `since-unknown` when `since` is neither a ref nor a migration
   */
  async settlement(
    files: Files,
    directory: MigrationDirectory,
    manifest: Manifest | undefined,
    since: string,
    applied: ReadonlySet<string> = new Set(),
  ): Promise<Settlement> {
    if (since === 'none' || directory.layout === 'loose') return nothingSettled;
    const upTo = directory.migrations.findIndex(({ id }) => id === since);
    if (upTo >= 0) return settledIds(directory, new Set(directory.migrations.slice(0, upTo + 1).map(({ id }) => id)), since);
    const { bases, note } = since === 'auto' ? await this.#automatic(files, directory) : await this.#named(directory, since);
    const inHistory = await this.#settledAt(files, directory, bases);
    const published = manifest ? await this.#published(manifest, directory) : [];
    const declared = settledIds(directory, new Set([...published.flatMap(({ ids }) => ids), ...applied]), '');
    const names = [...bases.map(({ name }) => name), ...published.slice(-1).map(({ version }) => `release ${version}`)];
    if (applied.size > 0) names.push('a target that has run them');
    return {
      ...inHistory,
      by: names.length === 0 ? undefined : listed(names),
      migrations: new Set([...inHistory.migrations, ...declared.migrations]),
      files: new Set([...inHistory.files, ...[...declared.files].filter((file) => !isRewritten(file, inHistory.edited))]),
      note,
    };
  }

  async #automatic(files: Files, { path }: MigrationDirectory) {
    if (await this.#isSilent(files, path)) return { bases: [], note: silentGit };
    const { bases, missing } = await automaticBases(this.#repository, path, await builtChange(this.environment, files));
    const note =
      missing === undefined
        ? undefined
        : `This clone does not have ${missing}, or has no commit in common with it, so its migrations are not treated as settled. Fetch the whole history, for example with fetch-depth: 0.`;
    return { bases, note };
  }

  /** Whether there is a repository of which git says nothing: it is not installed, or does not trust the folder's owner. */
  async #isSilent(files: Files, path: string): Promise<boolean> {
    if (!this.git || (await this.#repository.ask(path, 'rev-parse', '--git-dir')) !== undefined) return false;
    for (let folder = path; ; folder = parentFolder(folder)) {
      if ((await files.kind(joined(folder, '.git'))) !== 'missing') return true;
      if (parentFolder(folder) === folder) return false;
    }
  }

  async #named(directory: MigrationDirectory, since: string): Promise<{ bases: SettledBase[]; note: undefined }> {
    const base = await namedBase(this.#repository, directory.path, since);
    if (!base) throw new ProblemError(unknownSince(since, directory));
    return { bases: [base], note: undefined };
  }

  /** What the commits have of a directory, compared with what it has now. */
  async #settledAt(files: Files, directory: MigrationDirectory, bases: readonly SettledBase[]): Promise<Settlement> {
    const before = new Map<string, string>();
    for (const { commit } of [...bases].reverse()) {
      for (const [file, id] of await this.#repository.filesAt(directory.path, commit)) before.set(file, id);
    }
    if (before.size === 0) return nothingSettled;
    this.#followRenames(directory, before);
    const settled = directory.migrations.filter(({ up, repeatable }) => before.has(up.file) && !repeatable);
    const unchanged = new Set<string>();
    const changed = new Map<string, string>();
    // A repeatable script runs again whenever it or what it needs has changed.
    for (const script of directory.migrations.filter(({ repeatable }) => !repeatable).flatMap(scriptsOf)) {
      const id = before.get(script.file);
      if (id === undefined) continue;
      if (this.#repository.isContent(script.file, script.text, id)) unchanged.add(script.file);
      else changed.set(script.file, (await this.#repository.textOf(directory.path, id)) ?? script.text);
    }
    const edited = changed.size === 0 ? [] : await editedMigrations(files, directory, settled, changed);
    return {
      by: undefined,
      migrations: new Set(settled.map(({ id }) => id)),
      files: new Set([
        ...unchanged,
        ...[...changed.keys()].filter((file) => isOnlyReworded(file, edited)),
        ...directory.problems.map(({ file }) => file).filter((file) => before.has(file) && !changed.has(file)),
      ]),
      edited,
      removed: await removedScripts(files, directory, before),
    };
  }

  /** Where the tool knows migrations by their version alone, a script with another name and the same text is the one that was there. */
  #followRenames({ path, layout, migrations }: MigrationDirectory, before: Map<string, string>): void {
    if (!toolsByVersion.has(layout)) return;
    const scripts = migrations.flatMap(scriptsOf);
    const present = new Set(scripts.map(({ file }) => file));
    const versionOf = (file: string) => /^\d+/.exec(file.slice(joined(path, '').length))?.[0];
    for (const { file, text } of scripts) {
      if (before.has(file)) continue;
      const earlier = [...before].find(
        ([other, id]) => !present.has(other) && versionOf(other) === versionOf(file) && this.#repository.isContent(file, text, id),
      );
      if (!earlier) continue;
      before.delete(earlier[0]);
      before.set(file, earlier[1]);
    }
  }

  /** Releases that their manifest or a tag declares as published. */
  async #published({ system, releases }: Manifest, { path }: MigrationDirectory): Promise<{ version: string; ids: string[] }[]> {
    const tags = this.git && (await tagHistory((folder, words) => this.#repository.ask(folder, ...words), path));
    const tagged = new Set(versionTags((await tags?.tags()) ?? [], system).map(({ version }) => version));
    return releases
      .filter(({ version, published }) => published ?? tagged.has(version))
      .map(({ version, migrations }) => ({ version, ids: migrations.map(referencedId) }));
  }
}

function settledIds({ migrations }: MigrationDirectory, ids: ReadonlySet<string>, by: string): Settlement {
  const settled = migrations.filter(({ id, repeatable }) => ids.has(id) && !repeatable);
  return {
    ...nothingSettled,
    by,
    migrations: new Set(settled.map(({ id }) => id)),
    files: new Set(settled.flatMap(scriptsOf).map(({ file }) => file)),
  };
}

/** The settled migrations whose up script is another one, read once more as they were, by the same layout. */
async function editedMigrations(
  files: Files,
  directory: MigrationDirectory,
  settled: readonly Migration[],
  changed: ReadonlyMap<string, string>,
): Promise<EditedMigration[]> {
  const then = await readMigrations(withTexts(files, changed), directory.path, directory.layout);
  const before = new Map(then.ok ? then.value.migrations.map((migration) => [migration.id, migration]) : []);
  return settled.flatMap((migration) => {
    const earlier = before.get(migration.id);
    const text = changed.get(migration.up.file);
    if (text === undefined || !earlier || earlier.up.sql === migration.up.sql) return [];
    return [
      {
        migration,
        before: text,
        range: changedRange(migration.up.text, text),
        changesUp: !saysTheSame(migration.up, earlier.up),
        changesDown: !saysTheSame(migration.down, earlier.down),
      },
    ];
  });
}

function saysTheSame(a: Script | undefined, b: Script | undefined): boolean {
  const [now, before] = [statementTexts(a?.sql ?? ''), statementTexts(b?.sql ?? '')];
  return now.length === before.length && now.every((statement, index) => statement === before[index]);
}

function isRewritten(file: string, edited: readonly EditedMigration[]): boolean {
  return edited.some(({ migration, changesUp, changesDown }) => (changesUp || changesDown) && migration.up.file === file);
}

function isOnlyReworded(file: string, edited: readonly EditedMigration[]): boolean {
  return edited.some(({ migration }) => migration.up.file === file) && !isRewritten(file, edited);
}

/** The lines of `now` that are not in `before`: from the first to the last line that differs, without its line end. */
function changedRange(now: string, before: string): TextRange {
  const [a, b] = [now, before.replaceAll('\r\n', '\n')];
  const plain = a.replaceAll('\r\n', '\n');
  let start = 0;
  while (start < plain.length && plain[start] === b[start]) start++;
  let end = 0;
  while (end < plain.length - start && plain[plain.length - 1 - end] === b[b.length - 1 - end]) end++;
  const first = plain.lastIndexOf('\n', start - 1) + 1;
  const last = plain.indexOf('\n', Math.max(first, plain.length - end - 1));
  return { start: offsetIn(a, first), end: offsetIn(a, last < 0 ? plain.length : last) };
}

/** Where the character that stands at an offset of the text with LF alone stands in the text as it is. */
function offsetIn(text: string, offset: number): number {
  let at = 0;
  for (let left = offset; left > 0; left--) at += text.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

/** Up scripts of the layout that were there and are not: those that the layout would have read. */
async function removedScripts(files: Files, directory: MigrationDirectory, before: ReadonlyMap<string, string>): Promise<string[]> {
  const kept = new Set(directory.migrations.flatMap(scriptsOf).map(({ file }) => file));
  const gone = [...before.keys()].filter((file) => file.endsWith('.sql') && !kept.has(file));
  const missing: string[] = [];
  for (const file of gone) if ((await files.kind(file)) === 'missing') missing.push(file);
  if (missing.length === 0) return [];
  const then = await readMigrations(withTexts(files, new Map(missing.map((file) => [file, '']))), directory.path, directory.layout);
  const ups = new Set(then.ok ? then.value.migrations.filter(({ repeatable }) => !repeatable).map(({ up }) => up.file) : []);
  return missing.filter((file) => ups.has(file));
}

/** The files with some that have another text, or that are there in addition. */
function withTexts(files: Files, texts: ReadonlyMap<string, string>): Files {
  const namesIn = (folder: string) =>
    [...texts.keys()].flatMap((file) => {
      if (!file.startsWith(joined(folder, ''))) return [];
      const [name = '', ...rest] = file.slice(joined(folder, '').length).split('/');
      return [rest.length > 0 ? `${name}/` : name];
    });
  return {
    ...files,
    readText: async (path) => texts.get(path) ?? files.readText(path),
    list: async (folder) => [...new Set([...(await files.list(folder)), ...namesIn(folder)])].sort(compareCodePoints),
    kind: async (path) => (texts.has(path) ? 'file' : files.kind(path)),
  };
}

function unknownSince(since: string, { path }: MigrationDirectory): Problem {
  return {
    code: 'since-unknown',
    file: path,
    message: `"${since}" is neither a commit, branch or tag of the repository around ${parentFolder(path)} nor a migration of ${path}.`,
    remedy: 'Use a git ref of this clone, the id of a migration, "auto" or "none".',
  };
}
