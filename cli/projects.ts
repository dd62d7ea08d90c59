import { discoverProjects } from '#engine/project/discover';
import { openProject } from '#engine/project/open-project';
import type { Project } from '#engine/project/project';
import { resolvePath } from '#engine/core/paths';
import type { Finding } from '#engine/core/finding';
import { outcomeOf, ProblemError } from '#engine/core/problem';
import type { LayoutName } from '#engine/layouts/migration';
import type { SettledHistory } from '#engine/settled/settlement';
import type { Terminal } from './terminal';

export interface ProjectOptions {
  readonly layout?: LayoutName | 'auto';
  readonly minimum?: number;
  /** Tells which migrations are settled; without it none is. */
  readonly history?: SettledHistory;
  readonly since?: string;
}

/**
 * The projects that a command's paths mean: each manifest and each folder is one, SQL files together are one, and a folder
 * that is no migrations directory stands for the projects below it. Without paths: the working directory.
 * @throws ProblemError as `openProject`, for the first path that cannot be read
 */
export async function openProjects(terminal: Terminal, paths: readonly string[], options: ProjectOptions): Promise<Project[]> {
  const { files } = terminal;
  const absolute = (paths.length === 0 ? ['.'] : paths).map((path) => resolvePath(terminal.cwd, path));
  const loose = absolute.filter((path) => /\.sql$/i.test(path));
  const projects: Project[] = [];
  for (const path of absolute) {
    if (!loose.includes(path)) projects.push(...(await openOne(terminal, path, options)));
  }
  if (loose.length > 0) projects.push(await openOrThrow({ files, paths: loose, today: todayOf(terminal), ...options }));
  return projects;
}

async function openOne(terminal: Terminal, path: string, options: ProjectOptions): Promise<Project[]> {
  const { files } = terminal;
  const opened = await openProject({ files, paths: [path], today: todayOf(terminal), ...options });
  if (opened.ok) return [opened.value];
  if (opened.problem.code !== 'layout-unknown' || (options.layout ?? 'auto') !== 'auto') throw new ProblemError(opened.problem);
  const below = await discoverProjects(files, path);
  if (below.length === 0) throw new ProblemError(opened.problem);
  return Promise.all(below.map((each) => openOrThrow({ files, paths: [each], today: todayOf(terminal), ...options })));
}

function todayOf({ clock }: Terminal): string {
  return clock.now().toISOString().slice(0, 10);
}

async function openOrThrow(options: Parameters<typeof openProject>[0]): Promise<Project> {
  const opened = await openProject(options);
  if (!opened.ok) throw new ProblemError(opened.problem);
  return opened.value;
}

/** The text of every file that the findings are in or refer to, for showing lines; empty for a file that cannot be read. */
export async function textsOf(
  { files }: Terminal,
  projects: readonly Project[],
  findings: readonly Finding[],
): Promise<(file: string) => string> {
  const texts = new Map<string, string>();
  for (const { manifest, directory, baseline } of projects) {
    if (manifest) texts.set(manifest.path, manifest.text);
    if (baseline) texts.set(baseline.file, baseline.text);
    for (const { up, down, verify } of directory?.migrations ?? []) {
      for (const script of [up, down, verify]) if (script) texts.set(script.file, script.text);
    }
  }
  for (const file of new Set(findings.flatMap((finding) => [finding.file, ...finding.related.map((each) => each.file)]))) {
    if (texts.has(file)) continue;
    const text = await outcomeOf(() => files.readText(file));
    if (text.ok) texts.set(file, text.value);
  }
  return (file) => texts.get(file) ?? '';
}
