import { replaceText } from '../core/replacement';
import type { Database } from '../databases/database';
import { databases } from '../databases/registry/index';
import type { Files } from '../core/host';
import { parentFolder, resolvePath } from '../core/paths';
import { LineIndex } from '../core/text';
import { failure, success, type Outcome, type Problem } from '../core/problem';
import { canonicalJson, hashScript, hashText } from '../core/hash';
import { readMigrations } from './scripts/index';
import type { Migration, MigrationDirectory, Script } from '../core/scripts';
import { withRunnerSettings, withTargets } from './scripts/runner-settings';
import { parseManifest } from './manifest/parse';
import { referencedId, type Manifest, type Release, type Transform } from './manifest/schema';

/** A migration that the manifest refers to, with everything that is needed to run it. */
export interface SourceMigration {
  readonly id: string;
  readonly release: string;
  readonly phase: 'expand' | 'migrate' | 'contract' | undefined;
  /** Undefined for a transform. */
  readonly script: Migration | undefined;
  readonly transform: Transform | undefined;
  /** Why it cannot be undone, as declared. */
  readonly irreversible: string | undefined;
  /** `sha256:<hex>` of the whole up script, or of the transform as configured. */
  readonly hash: string;
}

/** A manifest and its migrations as they are on disk at one moment. */
export interface UpgradeSources {
  readonly manifestPath: string;
  readonly manifest: Manifest;
  readonly directory: MigrationDirectory | undefined;
  /** The product of the targets. */
  readonly database: Database;
  /** In the order of the releases and, inside one, of the manifest. */
  readonly migrations: readonly SourceMigration[];
  /** Hashes for `Plan.basis`. */
  readonly manifestHash: string;
  readonly migrationsHash: string;
}

/** Every driver that a manifest can name is of this product. */
const [database] = databases;

/** Reads a manifest and the migrations that it names. Fails with the first problem of its form, or with `migration-missing`. */
export async function readSources(files: Files, manifestPath: string): Promise<Outcome<UpgradeSources>> {
  const text = await files.readText(manifestPath);
  const document = parseManifest(manifestPath, text);
  const problem = document.problems[0];
  if (problem || !document.manifest) {
    return failure(problem ? plainProblem(problem) : emptyManifest(manifestPath));
  }
  const manifest = document.manifest;
  const directory = await readDirectory(files, manifestPath, manifest);
  if (directory && !directory.ok) return directory;
  const migrations: SourceMigration[] = [];
  const byId = new Map(directory?.value.migrations.map((migration) => [migration.id, migration]));
  for (const release of manifest.releases) {
    for (const reference of release.migrations) {
      const migration = sourceMigration(release.version, reference, byId);
      if (!migration) return failure(missingMigration(manifestPath, release.version, referencedId(reference), directory?.value));
      if (migrations.some((other) => other.id === migration.id)) return failure(listedTwice(manifestPath, migration.id));
      migrations.push(migration);
    }
  }
  return success({
    manifestPath,
    manifest,
    directory: directory?.value,
    database,
    migrations,
    manifestHash: hashScript(text),
    migrationsHash: hashText(canonicalJson(migrations.map((m) => [m.id, m.hash, m.script?.down ? hashScript(m.script.down.sql) : null]))),
  });
}

async function readDirectory(files: Files, manifestPath: string, manifest: Manifest): Promise<Outcome<MigrationDirectory> | undefined> {
  const needsFiles = manifest.releases.some((release) => release.migrations.some((m) => typeof m === 'string' || !m.transform));
  if (!needsFiles) return undefined;
  const path = resolvePath(parentFolder(manifestPath), manifest.migrations.directory);
  const read = await readMigrations(files, path, manifest.migrations.layout, database.dialect);
  return read.ok ? success(withRunnerSettings(withTargets(read.value, manifest), manifest.migrations)) : read;
}

function sourceMigration(
  release: string,
  reference: Release['migrations'][number],
  byId: ReadonlyMap<string, Migration>,
): SourceMigration | undefined {
  const settings = typeof reference === 'string' ? { id: reference } : reference;
  const shared = { id: settings.id, release, phase: settings.phase, irreversible: settings.irreversible };
  if (settings.transform) {
    return { ...shared, script: undefined, transform: settings.transform, hash: hashOf(settings.transform) };
  }
  const script = byId.get(settings.id);
  return script && { ...shared, script, transform: undefined, hash: hashOf(script.up) };
}

/** The SQL of a script without what belongs to the other direction, with the values that its tool puts in. */
export function scriptText(script: Script): string {
  const { sections, sql, replacements = [] } = script;
  return sections.map(({ start, end }) => replaceText(sql.slice(start, end), replacements, start).text).join('\n');
}

/** The line in its file, from 1, of an offset in the `scriptText` of a script. */
export function lineInFile({ sections, sql, replacements = [], text: file }: Script, offset: number): number {
  let left = offset;
  for (const { start, end } of sections) {
    const { text, toOriginal } = replaceText(sql.slice(start, end), replacements, start);
    if (left <= text.length) return new LineIndex(file).positionAt(start + toOriginal(left)).line + 1;
    left -= text.length + 1;
  }
  throw new RangeError(`the script has no offset ${offset}`);
}

/** `sha256:<hex>` of an up script or of a transform as configured: what the journal and the manifest's `hash` mean. */
export function hashOf(work: Script | Transform): string {
  return 'sql' in work ? hashScript(scriptText(work)) : hashText(canonicalJson({ ...work, batch: work.batch ?? hashedBatch }));
}

/** Stands in hashes where a manifest gives no batch size, as it did when that was the size. */
const hashedBatch = 1000;

function plainProblem(problem: Problem): Problem {
  const { code, message, remedy, file, line, cause } = problem;
  return { code, message, remedy, file, line, cause };
}

function emptyManifest(file: string): Problem {
  return { code: 'manifest-empty', message: 'The manifest is empty.', remedy: 'Add at least a system and one release.', file };
}

function missingMigration(file: string, release: string, id: string, directory: MigrationDirectory | undefined): Problem {
  const where = directory ? ` in ${directory.path}` : '';
  return {
    code: 'migration-missing',
    message: `Release ${release} lists migration ${id}, which does not exist${where}.`,
    remedy: 'Add its script, or correct the name in the manifest.',
    file,
  };
}

function listedTwice(file: string, id: string): Problem {
  return {
    code: 'manifest-invalid',
    message: `Migration ${id} is listed twice; list each migration once, in one release.`,
    remedy: 'Remove one of the two references.',
    file,
  };
}
