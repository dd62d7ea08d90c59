import { ProblemError } from '#engine/core/problem';
import {
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { diagnosticsOf, problemDiagnostic } from './features/diagnostics';
import type { ProjectEntry } from './project-entry';
import { runSafe } from './run-safe';
import { pathOf, uriOf } from './uris';
import type { Workspace } from './workspace';
import { WorkspaceReports } from './workspace-reports';

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
