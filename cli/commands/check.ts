import { checks } from '#engine/checks/index';
import { severities, type Finding } from '#engine/core/finding';
import type { LayoutName } from '#engine/layouts/migration';
import { analyse } from '#engine/project/analysis';
import type { Shadow } from '#engine/shadow/observation';
import { exitCodes } from '../exit-codes';
import { formatGithub } from '../output/github';
import { formatJson } from '../output/json';
import { type LocatedFinding, Locator } from '../output/located';
import { formatProblem } from '../output/problem';
import { formatSarif } from '../output/sarif';
import { styleFor } from '../output/style';
import { formatText, summaryLine } from '../output/text';
import { progressLine } from '../progress';
import { hasScripts, openProjects, textsOf } from '../projects';
import { withShadow } from '../shadow';
import type { Terminal } from '../terminal';
import { toolVersion } from '../version';

export interface CheckOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'github';
  readonly layout: LayoutName | 'auto';
  readonly minimum?: number;
  readonly failOn: 'error' | 'warning';
  /** False: only what needs no database, for speed. */
  readonly database: boolean;
  readonly rehearse: boolean;
}

/** `check`: prints the findings of projects; exits with 1 when there are any at or above `--fail-on`. */
export async function check(terminal: Terminal, paths: readonly string[], options: CheckOptions): Promise<number> {
  const projects = await openProjects(terminal, paths, {
    layout: options.layout,
    ...(options.minimum === undefined ? {} : { minimum: options.minimum }),
  });
  const style = styleFor(terminal.colors && options.format === 'text');
  const progress = progressLine(terminal, styleFor(terminal.colors));
  const findings: Finding[] = [];
  const run = async (shadow?: Shadow) => {
    for (const project of projects) {
      const analysis = await analyse(project, {
        ...(shadow ? { shadow } : {}),
        rehearse: options.rehearse ? 'all' : 'none',
        signal: terminal.signal,
        ...(terminal.isInteractive ? { onProgress: progress.report } : {}),
      });
      findings.push(...analysis.findings);
      if (analysis.shadowProblem) terminal.err(formatProblem(analysis.shadowProblem, styleFor(terminal.colors)));
    }
  };
  await (options.database && projects.some(hasScripts) ? withShadow(terminal, run) : run());
  progress.done();

  const locator = new Locator(terminal.cwd, await textsOf(terminal, projects, findings));
  const located = findings.map((finding) => locator.locate(finding));
  const files = new Set(projects.flatMap(({ ownedFiles }) => [...ownedFiles])).size;
  terminal.out(render(located, locator, files, options.format, style));
  if (options.format === 'text') terminal.out(`${located.length > 0 ? '\n' : ''}${summaryLine(located, files, style)}\n`);
  const worst = severities.indexOf(options.failOn);
  return findings.some(({ severity }) => severities.indexOf(severity) <= worst) ? exitCodes.findings : exitCodes.clean;
}

function render(
  findings: readonly LocatedFinding[],
  locator: Locator,
  files: number,
  format: CheckOptions['format'],
  style: ReturnType<typeof styleFor>,
): string {
  switch (format) {
    case 'text':
      return formatText(findings, locator, style);
    case 'json':
      return formatJson(findings, locator, files, toolVersion);
    case 'sarif':
      return formatSarif(findings, locator, checks, toolVersion);
    case 'github':
      return formatGithub(findings);
  }
}
