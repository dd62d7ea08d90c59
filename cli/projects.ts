import { discoverProjects } from '#engine/project/discover';
import { manifestIn, openProject } from '#engine/project/open-project';
import type { Project } from '#engine/project/project';
import { resolvePath } from '#engine/core/paths';
import type { Finding } from '#engine/core/finding';
import { outcomeOf, type Problem, ProblemError } from '#engine/core/problem';
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
 * The projects that a command's paths mean: a manifest is one, SQL files together are one, and a folder stands for the projects that
 * an editor finds in it (see `discoverProjects`). With a layout that is not `auto`, a folder with such scripts is a project by itself.
 * Without paths: the working directory.
 * @throws ProblemError as `openProject`, for the first path that cannot be read; `layout-unknown` or `nothing-to-check` where nothing
 * is recognised
 */
export async function openProjects(terminal: Terminal, paths: readonly string[], options: ProjectOptions): Promise<Project[]> {
  const { files } = terminal;
  const absolute = (paths.length === 0 ? ['.'] : paths).map((path) => resolvePath(terminal.cwd, path));
  const loose = absolute.filter((path) => /\.sql$/i.test(path));
  const projects = new Map<string, Project>();
  for (const path of absolute.filter((each) => !loose.includes(each))) {
    for (const project of await openOne(terminal, path, options)) projects.set(project.root, project);
  }
  if (loose.length > 0) {
    const project = await openOrThrow({ files, paths: loose, today: todayOf(terminal), ...options });
    projects.set(loose.join(), project);
  }
  const found = [...projects.values()];
  if (!found.some(isSomething)) throw new ProblemError(nothingToCheck(absolute));
  return found;
}

/** True for a manifest, scripts, or files of a migrations directory that cannot be read as scripts. */
function isSomething({ manifest, directory }: Project): boolean {
  return manifest !== undefined || (directory !== undefined && directory.migrations.length + directory.problems.length > 0);
}

function nothingToCheck(paths: readonly string[]): Problem {
  return {
    code: 'nothing-to-check',
    message: `There is nothing to check: no migration was found in ${paths.join(', ')}.`,
    remedy: 'Name a manifest (upgrade.yaml), a migrations directory or SQL files.',
  };
}

async function openOne(terminal: Terminal, path: string, options: ProjectOptions): Promise<Project[]> {
  const { files } = terminal;
  const open = (each: string) => openOrThrow({ files, paths: [each], today: todayOf(terminal), ...options });
  const isFolder = (await files.kind(path)) === 'folder';
  const hasLayout = (options.layout ?? 'auto') !== 'auto';
  const asked = isFolder && hasLayout && (await manifestIn(files, path)) === undefined ? await open(path) : undefined;
  if (asked && isSomething(asked)) return [asked];
  const found = isFolder ? await discoverProjects(files, path, terminal.signal) : [path];
  if (found.length > 0) return Promise.all(found.map(open));
  const hasScripts = (await files.list(path)).some((name) => name.endsWith('.sql'));
  throw new ProblemError(hasScripts ? unrecognised(path) : nothingToCheck([path]));
}

function unrecognised(path: string): Problem {
  return {
    code: 'layout-unknown',
    message: `The scripts in ${path} are not recognised as migrations, nor is anything below it.`,
    remedy: 'Name their layout: --layout plain for numbered files, or `layout` in a .mem8-upgrade.yaml beside them.',
    file: path,
  };
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
