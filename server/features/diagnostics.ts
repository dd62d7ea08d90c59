import type { Finding, Severity } from '#engine/core/finding';
import type { Files } from '#engine/core/host';
import { ProblemError } from '#engine/core/problem';
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentDiagnosticReportKind,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { ProjectEntry } from '../project-entry';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
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

/** Findings as diagnostics: on request where the client pulls, unasked elsewhere. Other files' findings follow a change too. */
export function registerDiagnostics(
  connection: Connection,
  workspace: Workspace,
  options: DiagnosticsOptions,
  settled: SettledDisplay,
): { publish(path: string): void } {
  const converter = new DiagnosticConverter(workspace.files, options.documentation, settled);
  return options.mode === 'pull' ? registerPull(connection, workspace, converter, options) : registerPush(connection, workspace, converter);
}

function registerPull(
  connection: Connection,
  workspace: Workspace,
  converter: DiagnosticConverter,
  options: DiagnosticsOptions,
): { publish(path: string): void } {
  connection.languages.diagnostics.on(({ textDocument }, token) =>
    runSafe(workspace.logger, 'textDocument/diagnostic', token, { kind: DocumentDiagnosticReportKind.Full, items: [] }, async () => {
      const path = pathOf(textDocument.uri);
      const entry = path === undefined ? undefined : await workspace.entryOf(path);
      const items = path === undefined || !entry ? [] : await converter.ofFile(entry, path);
      return { kind: DocumentDiagnosticReportKind.Full, items };
    }),
  );
  connection.languages.diagnostics.onWorkspace((parameters, token) =>
    runSafe(workspace.logger, 'workspace/diagnostic', token, { items: [] }, async () => {
      const known = new Map(parameters.previousResultIds.map(({ uri, value }) => [uri, value]));
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      for (const entry of await workspace.entries()) {
        for (const [path, diagnostics] of await converter.ofProject(entry)) {
          const uri = uriOf(path);
          const resultId = hash(JSON.stringify(diagnostics));
          if (known.get(uri) === resultId) items.push({ kind: DocumentDiagnosticReportKind.Unchanged, uri, version: null, resultId });
          else items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items: diagnostics });
        }
      }
      return { items };
    }),
  );
  const seen = new Map<ProjectEntry, string>();
  workspace.onAnalysed((entry) => {
    if (!options.canRefresh) return;
    const findings = JSON.stringify(entry.latest?.findings ?? []);
    if (seen.get(entry) === findings) return;
    seen.set(entry, findings);
    void connection.languages.diagnostics.refresh();
  });
  return { publish: () => undefined };
}

function registerPush(connection: Connection, workspace: Workspace, converter: DiagnosticConverter): { publish(path: string): void } {
  const publishEntry = async (entry: ProjectEntry) => {
    for (const [path, diagnostics] of await converter.ofProject(entry)) await connection.sendDiagnostics({ uri: uriOf(path), diagnostics });
  };
  const logFailure = (error: unknown) => {
    if (!(error instanceof ProblemError)) workspace.logger.error(`Publishing diagnostics failed: ${String(error)}`);
  };
  workspace.onAnalysed((entry) => void publishEntry(entry).catch(logFailure));
  return {
    publish(path) {
      void workspace
        .entryOf(path)
        .then((entry) => entry?.analysis())
        .catch(logFailure);
    },
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
      message: finding.verified ? finding.message : `${finding.message}${/syntax alone/.test(finding.message) ? '' : ' (Not verified.)'}`,
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

/** A short id for a report (FNV-1a); a collision only delays a refresh. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16);
}
