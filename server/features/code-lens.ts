import { commands, type CommandTarget } from '#protocol';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { type Manifest, referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import type { CodeLens, Range } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { uriOf } from '../uris';
import { releaseOf, scriptsIn, startOf } from './migration-at';
import { databaseOf } from '#engine/databases/registry/index';

/**
 * Lenses that plan, run and roll back, on releases and migrations of a manifest and on migration scripts; undefined while the manifest
 * cannot be parsed.
 */
export function codeLenses(project: Project, path: string): CodeLens[] | undefined {
  const { manifest: document, directory } = project;
  if (!document || !databaseOf(directory?.dialect)) return [];
  const { manifest } = document;
  if (!manifest) return undefined;
  return path === document.path ? manifestLenses(document, manifest) : scriptLenses(project, path);
}

/** The last good lenses of each file, because lenses that vanish while one types make the text jump. */
export class LastCodeLenses {
  readonly #last = new Map<string, CodeLens[]>();

  /** The lenses of a file, or those that it had before if its project cannot be read now. */
  of(project: Project | undefined, path: string): CodeLens[] {
    const lenses = (project && codeLenses(project, path)) ?? this.#last.get(path) ?? [];
    this.#last.set(path, lenses);
    return lenses;
  }
}

function manifestLenses(document: ManifestDocument, manifest: Manifest): CodeLens[] {
  const base = { manifest: uriOf(document.path) };
  const lenses: CodeLens[] = [];
  const header = toRange(document.text, document.rangeOf(['system'], 'key'));
  lenses.push(lens(header, 'Plan upgrade', commands.planUpgrade, base), lens(header, 'Show status', commands.showStatus, base));
  manifest.releases.forEach((release, index) => {
    const place = document.releaseIndexes[index] ?? index;
    const range = toRange(document.text, document.rangeOf(['releases', place, 'version'], 'key'));
    const target = { ...base, release: release.version };
    lenses.push(
      lens(range, `Plan to ${release.version}`, commands.planUpgrade, target),
      lens(range, 'Run upgrade...', commands.runUpgrade, target),
      lens(range, 'Roll back to here...', commands.rollBack, target),
    );
    release.migrations.forEach((reference, position) => {
      const at = toRange(document.text, document.rangeOf(['releases', place, 'migrations', position]));
      lenses.push(...migrationLenses(at, { ...base, release: release.version, migration: referencedId(reference) }));
    });
  });
  return lenses;
}

function scriptLenses(project: Project, path: string): CodeLens[] {
  const document = project.manifest;
  if (!document) return [];
  return scriptsIn(project, path).flatMap(({ script, migration, direction }) => {
    const release = releaseOf(project, migration);
    if (release === undefined || direction === 'verify') return [];
    const { range } = startOf(script);
    const target: CommandTarget = { manifest: uriOf(document.path), release, migration };
    return direction === 'up'
      ? [lens(range, `Run ${migration}...`, commands.runMigration, target)]
      : [lens(range, `Roll back ${migration}...`, commands.rollBackMigration, target)];
  });
}

function migrationLenses(range: Range, target: CommandTarget): CodeLens[] {
  return [lens(range, 'Run...', commands.runMigration, target), lens(range, 'Roll back...', commands.rollBackMigration, target)];
}

function lens(range: Range, title: string, command: string, target: CommandTarget): CodeLens {
  return { range: { start: range.start, end: range.start }, command: { title, command, arguments: [target] } };
}
