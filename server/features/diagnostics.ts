import type { Finding, Severity } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import type { Files } from '#engine/core/host';
import type { Problem } from '#engine/core/problem';
import type { Project } from '#engine/operations/checking';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { uriOf } from '../uris';

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
