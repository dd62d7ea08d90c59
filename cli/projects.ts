import { scriptsOf } from '#engine/core/scripts';
import { realpath } from 'node:fs/promises';
import { Checkouts, discoverProjects, openProject, ownerOf, type Project, type SettledHistory } from '#engine/operations/checking';
import { manifestIn } from '#engine/inputs/manifest/find-manifest';
import { enginePath, resolvePath } from '#engine/core/paths';
import type { Finding } from '#engine/core/finding';
import { outcomeOf, type Problem, ProblemError } from '#engine/core/problem';
import type { LayoutName } from '#engine/core/scripts';
import type { Terminal } from './terminal';
import { databaseOf } from '#engine/databases/registry/index';

export interface ProjectOptions {
  readonly layout?: LayoutName | 'auto';
  readonly minimum?: number;
  /** Tells which migrations are settled; without it none is. */
  readonly history?: SettledHistory;
  readonly since?: string;
  /** Called for SQL files that belong to a project, which is opened in their place; without it they stand for themselves. */
  readonly onOwner?: (project: Project, files: readonly string[]) => void;
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
  const scripts = absolute.filter((path) => /\.sql$/i.test(path));
  const checkouts = new Checkouts(() => absolute);
  const projects = new Map<string, Project>();
  for (const path of absolute.filter((each) => !scripts.includes(each))) {
    for (const project of await openOne(terminal, path, { ...options, checkouts })) projects.set(project.root, project);
  }
  const loose =
    options.onOwner && options.layout !== 'loose' ? await openOwners(terminal, scripts, { ...options, checkouts }, projects) : scripts;
  if (loose.length > 0) {
    const project = await openOrThrow({ files, paths: loose, today: todayOf(terminal), ...options });
    projects.set(loose.join(), project);
  }
  const found = await withoutOwned([...projects.values()]);
  if (!found.some(isSomething)) throw new ProblemError(nothingToCheck(absolute));
  return found;
}

/** True where there is a migration that the embedded database can run. */
export function hasScripts({ directory }: Project): boolean {
  return directory !== undefined && databaseOf(directory.dialect) !== undefined && directory.migrations.length > 0;
}

/** True for a manifest, scripts, or files of a migrations directory that cannot be read as scripts. */
function isSomething({ manifest, directory }: Project): boolean {
  return manifest !== undefined || (directory !== undefined && directory.migrations.length + directory.problems.length > 0);
}

function nothingToCheck(paths: readonly string[]): Problem {
  return {
    code: 'nothing-to-check',
    message: `There is nothing to check: no migration was found in ${paths.join(', ')}.`,
    remedy: 'Specify a manifest (upgrade.yaml), a migrations directory or SQL files.',
  };
}

async function openOne(terminal: Terminal, path: string, options: ProjectOptions & { readonly checkouts?: Checkouts }): Promise<Project[]> {
  const { files } = terminal;
  const open = (each: string) => openOrThrow({ files, paths: [each], today: todayOf(terminal), ...options });
  const isFolder = (await files.kind(path)) === 'folder';
  const hasLayout = (options.layout ?? 'auto') !== 'auto';
  const asked = isFolder && hasLayout && (await manifestIn(files, path)) === undefined ? await open(path) : undefined;
  if (asked && isSomething(asked)) return [asked];
  const found = isFolder ? await withoutLinks(await discoverProjects(files, path, terminal.signal)) : [path];
  if (found.length > 0) return Promise.all(found.map(open));
  const hasSql = (await files.list(path)).some((name) => name.endsWith('.sql'));
  throw new ProblemError(hasSql ? unrecognised(path) : nothingToCheck([path]));
}

/** Opens the projects that the scripts belong to, unless they are open already. Returns the scripts of none. */
async function openOwners(
  terminal: Terminal,
  scripts: readonly string[],
  options: ProjectOptions & { readonly checkouts?: Checkouts },
  projects: Map<string, Project>,
): Promise<string[]> {
  const loose: string[] = [];
  const named = new Map<Project, string[]>();
  for (const script of scripts) {
    if ([...projects.values()].some((project) => project.ownedFiles.has(script) && !named.has(project))) continue;
    const root = await ownerOf(terminal.files, script);
    const project = root === undefined ? undefined : (projects.get(root) ?? (await openOne(terminal, root, options))[0]);
    if (!project?.ownedFiles.has(script)) {
      loose.push(script);
      continue;
    }
    projects.set(project.root, project);
    named.set(project, [...(named.get(project) ?? []), script]);
  }
  for (const [project, files] of named) options.onOwner?.(project, files);
  return loose;
}

/** Without directories that a manifest has under another path. */
async function withoutOwned(projects: readonly Project[]): Promise<Project[]> {
  const place = ({ directory }: Project) => (directory ? placeOf(directory.path) : Promise.resolve(undefined));
  const owned = new Set(await Promise.all(projects.filter(({ manifest }) => manifest).map(place)));
  const places = await Promise.all(projects.map(place));
  return projects.filter(({ manifest }, index) => manifest !== undefined || places[index] === undefined || !owned.has(places[index]));
}

async function placeOf(path: string): Promise<string> {
  return enginePath(await realpath(path).catch(() => path));
}

/** Each project once, by the path that is no symbolic link where there is one. */
async function withoutLinks(paths: readonly string[]): Promise<string[]> {
  const byPlace = new Map<string, string>();
  for (const path of paths) {
    const place = await placeOf(path);
    if (!byPlace.has(place) || place === path) byPlace.set(place, path);
  }
  return [...byPlace.values()];
}

function unrecognised(path: string): Problem {
  return {
    code: 'layout-unknown',
    message: `No migrations were recognised in ${path} or its subfolders.`,
    remedy: 'Set the layout: --layout plain for numbered files, or `layout` in a .mem8-upgrade.yaml next to them.',
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
    for (const { file, text } of directory?.migrations.flatMap(scriptsOf) ?? []) texts.set(file, text);
  }
  for (const file of new Set(findings.flatMap((finding) => [finding.file, ...finding.related.map((each) => each.file)]))) {
    if (texts.has(file)) continue;
    const text = await outcomeOf(() => files.readText(file));
    if (text.ok) texts.set(file, text.value);
  }
  return (file) => texts.get(file) ?? '';
}
