import type { Finding, Severity } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import type { Files } from '#engine/core/host';
import { ProblemError } from '#engine/core/problem';
import { type Connection, type Diagnostic, DiagnosticSeverity, DiagnosticTag, DocumentDiagnosticReportKind } from 'vscode-languageserver';
import type { ProjectEntry } from '../project-entry';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import { WorkspaceReports } from '../workspace-reports';
import type { Workspace } from '../workspace';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export interface DiagnosticsOptions {
  readonly mode: 'pull' | 'push';
  /** Whether the client can be told to pull again. */
  readonly canRefresh: boolean;
  readonly documentation: string | undefined;
}

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
}

/** Findings as diagnostics: on request where the client pulls, unasked elsewhere. Other files' findings follow a change too. */
export function registerDiagnostics(
  connection: Connection,
  workspace: Workspace,
  options: DiagnosticsOptions,
  settled: SettledDisplay,
): Diagnostics {
  const converter = new DiagnosticConverter(workspace.files, options.documentation, settled);
  return options.mode === 'pull' ? registerPull(connection, workspace, converter, options) : registerPush(connection, workspace, converter);
}

function registerPull(
  connection: Connection,
  workspace: Workspace,
  converter: DiagnosticConverter,
  options: DiagnosticsOptions,
): Diagnostics {
  const reports = new WorkspaceReports(workspace, (entry) => converter.ofProject(entry));
  const refresh = () => {
    // Where the client is gone nobody wants to know.
    if (options.canRefresh) connection.languages.diagnostics.refresh().catch(() => undefined);
  };
  connection.languages.diagnostics.on(({ textDocument }, token) =>
    runSafe(workspace.logger, 'textDocument/diagnostic', token, { kind: DocumentDiagnosticReportKind.Full, items: [] }, async () => {
      const path = pathOf(textDocument.uri);
      const entry = path === undefined ? undefined : await workspace.entryOf(path);
      const items = path === undefined || !entry ? [] : await converter.ofFile(entry, path);
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
  };
}

function registerPush(connection: Connection, workspace: Workspace, converter: DiagnosticConverter): Diagnostics {
  const published = new WeakMap<ProjectEntry, ReadonlySet<string>>();
  const publishEntry = async (entry: ProjectEntry) => {
    const byFile = await converter.ofProject(entry);
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
    if ('ownedFiles' in (await entry.project())) await entry.analysis();
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
  };
}

class DiagnosticConverter {
  constructor(
    private readonly files: Files,
    private readonly documentation: string | undefined,
    private readonly settled: SettledDisplay,
  ) {}

  async ofFile(entry: ProjectEntry, path: string): Promise<Diagnostic[]> {
    return (await this.ofProject(entry, path)).get(path) ?? [];
  }

  /** Diagnostics for every file of a project, with an entry for files that have none. */
  async ofProject(entry: ProjectEntry, only?: string): Promise<Map<string, Diagnostic[]>> {
    const byFile = new Map<string, Diagnostic[]>();
    const project = await entry.project();
    if (!('ownedFiles' in project)) {
      byFile.set(entry.path, [
        {
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
          severity: DiagnosticSeverity.Error,
          code: project.code,
          source,
          message: `${project.message} ${project.remedy}`,
        },
      ]);
      return byFile;
    }
    const { findings } = await entry.analysis(only);
    const texts = new Map<string, string>();
    for (const path of project.ownedFiles) if (only === undefined || path === only) byFile.set(path, []);
    for (const finding of findings) {
      if (only === undefined ? finding.settled && !this.settled.isShown : finding.file !== only) continue;
      const list = byFile.get(finding.file) ?? [];
      list.push(await this.#diagnostic(finding, texts));
      byFile.set(finding.file, list);
    }
    return byFile;
  }

  async #diagnostic(finding: Finding, texts: Map<string, string>): Promise<Diagnostic> {
    const related = await Promise.all(
      finding.related.map(async ({ file, range, message }) => ({
        location: { uri: uriOf(file), range: toRange(await this.#text(file, texts), range) },
        message,
      })),
    );
    return {
      range: toRange(await this.#text(finding.file, texts), finding.range),
      // A hint is faint and is not counted as a problem.
      severity: finding.settled && !this.settled.isShown ? DiagnosticSeverity.Hint : severities[finding.severity],
      code: finding.id,
      ...(this.documentation === undefined ? {} : { codeDescription: { href: uriOf(`${this.documentation}/${finding.id}.md`) } }),
      source,
      message: findingText(finding),
      ...(related.length > 0 ? { relatedInformation: related } : {}),
      ...(finding.id === 'unused-ignore' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    };
  }

  async #text(path: string, texts: Map<string, string>): Promise<string> {
    let text = texts.get(path);
    if (text === undefined) {
      text = await this.files.readText(path).catch(() => '');
      texts.set(path, text);
    }
    return text;
  }
}

const source = 'mem8-upgrade';
