import { scriptsOf } from '#engine/core/scripts';
import { analyse, checks, type Project, SettledHistory } from '#engine/operations/checking';
import { type Finding, severities } from '#engine/core/finding';
import type { LayoutName } from '#engine/core/scripts';
import { baseName, resolvePath } from '#engine/core/paths';
import { outcomeOf } from '#engine/core/problem';
import { listed } from '#engine/core/wording';
import type { Shadow } from '#engine/databases/observation';
import { exitCodes } from '../exit-codes';
import type { CheckFormat } from '../output/formats';
import { formatGithub } from '../output/github';
import { formatGitlab } from '../output/gitlab';
import { formatJson } from '../output/json';
import { type LocatedFinding, Locator } from '../output/located';
import { formatMarkdown } from '../output/markdown';
import { formatProblem } from '../output/problem';
import { formatSarif } from '../output/sarif';
import { type Style, styleFor } from '../output/style';
import { type CheckSummary, formatText, summaryLines } from '../output/text';
import { progressLine } from '../progress';
import { hasScripts, openProjects, textsOf } from '../projects';
import { withShadow } from '../shadow';
import type { Terminal } from '../terminal';
import { toolVersion } from '../version';

export interface CheckOptions {
  readonly format: CheckFormat;
  /** What is written to files beside the output. */
  readonly report?: readonly { readonly format: CheckFormat; readonly file: string }[];
  readonly layout: LayoutName | 'auto';
  readonly minimum?: number;
  readonly failOn: 'error' | 'warning';
  /** False: only what needs no database, for speed. */
  readonly database: boolean;
  readonly rehearse: boolean;
  /** Over the settings: `auto`, `none`, a git ref or the id of a migration. */
  readonly since?: string;
  /** True: findings in settled migrations too. */
  readonly all?: boolean;
}

/** `check`: prints the findings of projects; exits with 1 when there are any at or above `--fail-on`. */
export async function check(terminal: Terminal, paths: readonly string[], options: CheckOptions): Promise<number> {
  const named = new Map<Project, ReadonlySet<string>>();
  const projects = await openProjects(terminal, paths, {
    onOwner: (project, files) => {
      named.set(project, new Set(files.flatMap((file) => filesBeside(project, file))));
      const where = new Locator(terminal.cwd, () => '').relative(project.root);
      terminal.err(`note: ${listed(files.map(baseName))} ${files.length === 1 ? 'is' : 'are'} checked with the history of ${where}.\n`);
    },
    layout: options.layout,
    minimum: options.minimum,
    since: options.since,
    history: new SettledHistory(terminal.git, terminal.environment),
  });
  for (const { settlement } of projects) if (settlement.note !== undefined) terminal.err(`note: ${settlement.note}\n`);
  const style = styleFor(terminal.colors && options.format === 'text');
  const progress = progressLine(terminal, styleFor(terminal.colors));
  const all: Finding[] = [];
  const run = async (shadow?: Shadow) => {
    for (const project of projects) {
      const analysis = await analyse(project, {
        shadow,
        rehearse: options.rehearse ? 'all' : 'none',
        signal: terminal.signal,
        onProgress: terminal.isInteractive ? progress.report : undefined,
      });
      const only = named.get(project);
      // A script that was named is looked at, settled or not.
      all.push(...(only ? analysis.findings.filter(({ file }) => only.has(file)).map(unsettled) : analysis.findings));
      if (analysis.shadowProblem) terminal.err(formatProblem(analysis.shadowProblem, styleFor(terminal.colors)));
    }
  };
  await (options.database && projects.some(hasScripts) ? withShadow(terminal, run) : run());
  progress.done();

  const once = withoutRepeated(all);
  const findings = options.all ? once : once.filter(({ settled }) => !settled);
  const locator = new Locator(terminal.cwd, await textsOf(terminal, projects, findings), await repositoryPrefix(terminal));
  const located = locator.locate(findings);
  const summary: CheckSummary = {
    files: new Set(projects.flatMap(({ ownedFiles }) => [...ownedFiles])).size,
    settledMigrations: projects.reduce((sum, { settlement }) => sum + settlement.migrations.size, 0),
    settledBy: [...new Set(projects.flatMap(({ settlement }) => (settlement.migrations.size > 0 ? [settlement.by ?? ''] : [])))],
    hidden: once.length - findings.length,
  };
  const formats = [options.format, ...(options.report ?? []).map(({ format }) => format)];
  const result: CheckResult = {
    located,
    locator,
    summary,
    pages: formats.includes('sarif') ? await pagesOf(terminal, findings) : new Map(),
  };
  for (const { format, file } of options.report ?? []) {
    await terminal.files.write(resolvePath(terminal.cwd, file), render(result, format, styleFor(false)));
  }
  terminal.out(render(result, options.format, style, terminal.lineWidth));
  const worst = severities.indexOf(options.failOn);
  return findings.some(({ severity }) => severities.indexOf(severity) <= worst) ? exitCodes.findings : exitCodes.clean;
}

/** Each finding once, where several projects look at the same scripts. */
function withoutRepeated(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((each) => [JSON.stringify([each.file, each.range, each.id, each.message]), each]));
  return [...seen.values()];
}

/** The files of the migration that a script belongs to: what is wrong with its down is said with it. */
function filesBeside({ directory }: Project, file: string): string[] {
  const migration = directory?.migrations.find((each) => scriptsOf(each).some((script) => script.file === file));
  return migration ? scriptsOf(migration).map((script) => script.file) : [file];
}

function unsettled(finding: Finding): Finding {
  return { ...finding, settled: false };
}

/** The path of the working directory in its git repository; empty at its top and outside of one. */
async function repositoryPrefix({ git, cwd }: Terminal): Promise<string> {
  return (await git?.(cwd, ['rev-parse', '--show-prefix']))?.replace(/\n$/, '') ?? '';
}

/** The documentation of the checks that found something, as it ships beside the programs. */
async function pagesOf({ files, distribution }: Terminal, findings: readonly Finding[]): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const id of new Set(findings.map((finding) => finding.id))) {
    const page = await outcomeOf(() => files.readText(resolvePath(distribution, `../docs/checks/${id}.md`)));
    if (page.ok) pages.set(id, page.value);
  }
  return pages;
}

interface CheckResult {
  readonly located: readonly LocatedFinding[];
  readonly locator: Locator;
  readonly summary: CheckSummary;
  readonly pages: ReadonlyMap<string, string>;
}

function render({ located, locator, summary, pages }: CheckResult, format: CheckFormat, style: Style, width?: number): string {
  switch (format) {
    case 'text':
      return `${formatText(located, locator, style, width)}${located.length > 0 ? '\n' : ''}${summaryLines(located, summary, style)}\n`;
    case 'json':
      return formatJson(located, locator, summary, toolVersion);
    case 'sarif':
      return formatSarif(located, locator, checks, toolVersion, pages);
    case 'github':
      return formatGithub(located);
    case 'gitlab':
      return formatGitlab(located);
    case 'markdown':
      return formatMarkdown(located, summary);
  }
}
