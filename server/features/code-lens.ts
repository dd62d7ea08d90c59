import { commands, type CommandTarget } from '#protocol';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/checking/project/project';
import type { CodeLens, Connection, Range } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import type { Settings } from '../settings';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import { releaseOf, scriptsIn } from './migration-at';

/** Lenses that plan, run and roll back, on releases and migrations of a manifest and on migration scripts. */
export function registerCodeLens(connection: Connection, workspace: Workspace, settings: () => Settings): void {
  // The last good lenses of a file, because lenses that vanish while one types make the text jump.
  const lastGood = new Map<string, CodeLens[]>();
  connection.onCodeLens(({ textDocument }, token) =>
    runSafe<CodeLens[]>(workspace.logger, 'textDocument/codeLens', token, [], async () => {
      const path = pathOf(textDocument.uri);
      if (path === undefined || !settings().codeLens.enabled) return [];
      const project = await (await workspace.entryOf(path))?.project();
      if (!project || !('ownedFiles' in project)) return lastGood.get(path) ?? [];
      const { manifest } = project;
      if (!manifest || (project.directory && project.directory.dialect !== 'postgresql')) return [];
      if (!manifest.manifest) return lastGood.get(path) ?? [];
      const lenses = path === manifest.path ? manifestLenses(project) : scriptLenses(project, path);
      lastGood.set(path, lenses);
      return lenses;
    }),
  );
}

function manifestLenses(project: Project): CodeLens[] {
  const document = project.manifest;
  const manifest = document?.manifest;
  if (!document || !manifest) return [];
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
    const start = script.sections[0]?.start ?? 0;
    const range = toRange(script.text, { start, end: start });
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
