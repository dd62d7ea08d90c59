import { ProblemError, type Problem } from '#engine/core/problem';
import {
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type ServerCapabilities,
  DiagnosticSeverity,
  DiagnosticTag,
} from 'vscode-languageserver';
import type { ProjectEntry } from '../project-entry';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import { WorkspaceReports } from '../workspace-reports';
import type { Finding, Severity } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import type { Files } from '#engine/core/host';
import type { Project } from '#engine/operations/checking';
import { toRange } from '../ranges';

/** Whether findings in settled migrations are reported like others, or only as hints in the script that is looked at. */
export interface SettledDisplay {
  isShown: boolean;
}

/** What diagnostics have to know of what happens in the editor and on disk. */
export interface Diagnostics {
  /** A document was opened or edited. */
  edited(path: string): void;
  closed(path: string): void;
  /** Files, folders or settings changed, so that findings of any file may be others now. */
  changedOnDisk(): void;
  readonly capability: ServerCapabilities;
}

/**
 * Findings as diagnostics: on request where the client pulls, unasked elsewhere.
 * Other files' findings follow a change too.
 * @param documentation folder with the pages of the checks
 */
export function reportDiagnostics(
  connection: Connection,
  workspace: Workspace,
  settled: SettledDisplay,
  documentation: string | undefined,
  client: ClientCapabilities,
): Diagnostics {
  const of: DiagnosticsOf = async (entry, only) => {
    const outcome = await entry.project();
    if (!outcome.ok) return new Map([[entry.path, [problemDiagnostic(outcome.problem)]]]);
    const { findings } = await entry.analysis(only);
    return diagnosticsOf(outcome.value, findings, workspace.files, { only, documentation, showsSettled: settled.isShown });
  };
  if (client.textDocument?.diagnostic === undefined) return pushed(connection, workspace, of);
  return pulled(connection, workspace, of, client.workspace?.diagnostics?.refreshSupport === true);
}

/** The diagnostics of a project by path, or those of one file; why the project cannot be read at its own path. */
type DiagnosticsOf = (entry: ProjectEntry, only?: string) => Promise<ReadonlyMap<string, Diagnostic[]>>;

function pulled(connection: Connection, workspace: Workspace, of: DiagnosticsOf, canRefresh: boolean): Diagnostics {
  const reports = new WorkspaceReports(workspace, (entry) => of(entry));
  const refresh = () => {
    // Where the client is gone nobody wants to know.
    if (canRefresh) connection.languages.diagnostics.refresh().catch(() => undefined);
  };
  connection.languages.diagnostics.on(({ textDocument }, token) =>
    runSafe(workspace.logger, 'textDocument/diagnostic', token, { kind: DocumentDiagnosticReportKind.Full, items: [] }, async () => {
      const path = pathOf(textDocument.uri);
      const entry = path === undefined ? undefined : await workspace.entryOf(path);
      const items = path === undefined || !entry ? [] : ((await of(entry, path)).get(path) ?? []);
      if (items.length > 0) reports.shownElsewhere(textDocument.uri);
      return { kind: DocumentDiagnosticReportKind.Full, items };
    }),
  );
  connection.languages.diagnostics.onWorkspace((parameters, token, _work, partial) =>
    runSafe(workspace.logger, 'workspace/diagnostic', token, { items: [] }, async (signal) => ({
      items: await reports.answer(parameters.previousResultIds, partial && ((items) => partial.report({ items })), signal),
    })),
  );
  const seen = new WeakMap<ProjectEntry, string>();
  workspace.onAnalysed((entry) => {
    reports.wake('look');
    const findings = JSON.stringify(entry.latest?.findings ?? []);
    if (seen.get(entry) === findings) return;
    seen.set(entry, findings);
    refresh();
  });
  workspace.onGone(refresh);
  return {
    edited: () => reports.wakeLater(),
    closed: (path) => reports.repeatSoon(uriOf(path)),
    changedOnDisk: () => {
      reports.wake('analyse');
      refresh();
    },
    capability: { diagnosticProvider: { identifier: 'mem8-upgrade', interFileDependencies: true, workspaceDiagnostics: true } },
  };
}

function pushed(connection: Connection, workspace: Workspace, of: DiagnosticsOf): Diagnostics {
  const published = new WeakMap<ProjectEntry, ReadonlySet<string>>();
  const publishEntry = async (entry: ProjectEntry) => {
    const byFile = await of(entry);
    const gone = [...(published.get(entry) ?? [])].filter((path) => !byFile.has(path));
    published.set(entry, new Set(byFile.keys()));
    for (const path of gone) await connection.sendDiagnostics({ uri: uriOf(path), diagnostics: [] });
    for (const [path, diagnostics] of byFile) await connection.sendDiagnostics({ uri: uriOf(path), diagnostics });
  };
  const logFailure = (error: unknown) => {
    if (!(error instanceof ProblemError)) workspace.logger.error(`Publishing diagnostics failed: ${String(error)}`);
  };
  /** What cannot be read has no analysis, but a diagnostic that says so. */
  const look = async (entry: ProjectEntry) => {
    if ((await entry.project()).ok) await entry.analysis();
    else await publishEntry(entry);
  };
  workspace.onAnalysed((entry) => void publishEntry(entry).catch(logFailure));
  workspace.onGone((entry) => {
    for (const path of published.get(entry) ?? []) void connection.sendDiagnostics({ uri: uriOf(path), diagnostics: [] });
    published.delete(entry);
  });
  const publish = (path: string) =>
    void workspace
      .entryOf(path)
      .then((entry) => entry && look(entry))
      .catch(logFailure);
  return {
    edited: publish,
    closed: publish,
    changedOnDisk: () =>
      void workspace
        .entries()
        .then((entries) => Promise.all(entries.filter((entry) => published.has(entry)).map((entry) => look(entry).catch(logFailure))))
        .catch(logFailure),
    capability: {},
  };
}

const source = 'mem8-upgrade';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export interface DiagnosticsOptions {
  /** Path of the only file whose findings are wanted, those in settled migrations included; undefined for all files. */
  readonly only?: string;
  /** Folder with the documentation of the checks; undefined when there is none. */
  readonly documentation: string | undefined;
  /** Whether findings in settled migrations are like others; otherwise they are hints in the file that is looked at. */
  readonly showsSettled: boolean;
}

/** The diagnostics of a project by path, with an entry for files that have none. */
export async function diagnosticsOf(
  project: Project,
  findings: readonly Finding[],
  files: Files,
  { only, documentation, showsSettled }: DiagnosticsOptions,
): Promise<Map<string, Diagnostic[]>> {
  const byFile = new Map<string, Diagnostic[]>();
  const texts = new Map<string, string>();
  const range = async ({ file, range }: Pick<Finding, 'file' | 'range'>) => {
    const text = texts.get(file) ?? (await files.readText(file).catch(() => ''));
    texts.set(file, text);
    return toRange(text, range);
  };
  for (const path of project.ownedFiles) if (only === undefined || path === only) byFile.set(path, []);
  for (const finding of findings) {
    if (only === undefined ? finding.settled && !showsSettled : finding.file !== only) continue;
    const related = await Promise.all(
      finding.related.map(async (place) => ({ location: { uri: uriOf(place.file), range: await range(place) }, message: place.message })),
    );
    const diagnostic: Diagnostic = {
      range: await range(finding),
      // A hint is faint and is not counted as a problem.
      severity: finding.settled && !showsSettled ? DiagnosticSeverity.Hint : severities[finding.severity],
      code: finding.id,
      codeDescription: documentation === undefined ? undefined : { href: uriOf(`${documentation}/${finding.id}.md`) },
      source,
      message: findingText(finding),
      relatedInformation: related.length > 0 ? related : undefined,
      tags: finding.id === 'unused-ignore' ? [DiagnosticTag.Unnecessary] : undefined,
    };
    const list = byFile.get(finding.file);
    if (list) list.push(diagnostic);
    else byFile.set(finding.file, [diagnostic]);
  }
  return byFile;
}

/** Says at the top of a file why its project cannot be read. */
export function problemDiagnostic({ code, message, remedy }: Problem): Diagnostic {
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    severity: DiagnosticSeverity.Error,
    code,
    source,
    message: `${message} ${remedy}`,
  };
}
