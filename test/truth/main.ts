import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { enginePath } from '#engine/core/paths';
import { nodeFiles } from '#engine/host/node-files';
import { systemClock } from '#engine/host/node-host';
import type { LayoutName } from '#engine/core/scripts';
import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import { openProjects, hasScripts } from '../../cli/projects';
import { installPostgresqlMajor } from '../../scripts/lib/postgresql-majors.mjs';
import { startPostgres, type RunningPostgres } from '../support/postgres';
import { checkProject } from './check-project';
import type { KnownDisagreement } from './known';
import { disagreementLines, noteLines, type ProjectResult, tableLines, unexplained } from './report';
import { Cluster, truthSettings } from './server/cluster';
import { TruthCache } from './server/truth-cache';

export interface MainOptions {
  readonly paths: readonly string[];
  readonly layout: string;
  readonly major: number;
  /** The full version of that major. */
  readonly version: string;
  readonly limit?: number;
  readonly only?: string;
  readonly json?: string;
  /** A file with disagreements that are understood. */
  readonly known: string;
  readonly cache: string;
  /** Hashes of the sources of the measurement with rows of its own and with rows like the engine's. */
  readonly sources: { readonly own: string; readonly asEngine: string };
  readonly worker: string;
  readonly assets: string;
  readonly print: (line: string) => void;
  /** What is told while it runs, and of no use afterwards. */
  readonly progress: (line: string) => void;
}

/** Measures and compares all projects below some paths. Returns the exit code. */
export async function main(options: MainOptions): Promise<number> {
  const known = existsSync(options.known) ? (JSON.parse(await readFile(options.known, 'utf8')) as KnownDisagreement[]) : [];
  const cacheOf = (seeder: string) => new TruthCache(options.cache, `${options.version} ${seeder}`);
  const caches = { own: cacheOf(options.sources.own), asEngine: cacheOf(options.sources.asEngine) };
  const results: ProjectResult[] = [];
  let server: RunningPostgres | undefined;
  let cluster: Cluster | undefined;
  const started = async (): Promise<Cluster> => {
    server ??= await start(options.major);
    return (cluster ??= await Cluster.open(server));
  };
  try {
    for (const path of options.paths) {
      for (const { name, project } of await projectsIn(path, options)) {
        const shadow = await createShadow({ worker: options.worker, assets: options.assets, once: true });
        try {
          const result = await checkProject(name, project, {
            shadow,
            known,
            caches,
            cluster: started,
            limit: options.limit,
            only: options.only,
            onStep: (done, total) => options.progress(`${name}: ${done} of ${total}`),
          });
          for (const line of [...disagreementLines(result), ...noteLines(result)]) options.print(line);
          results.push(result);
        } finally {
          await shadow.dispose();
        }
      }
    }
  } finally {
    await cluster?.close();
    await server?.stop();
  }
  options.print('');
  for (const line of tableLines(results)) options.print(line);
  const differing = unexplained(results);
  options.print(`\n${differing} disagreements without an explanation.`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(results, null, 1));
  return differing > 0 ? 1 : 0;
}

async function start(major: number): Promise<RunningPostgres> {
  const installed = await installPostgresqlMajor(major);
  if ('missing' in installed) throw new Error(installed.missing);
  // Copies of databases are made all the time, which costs a fraction where files are in memory.
  const memory = '/dev/shm';
  return startPostgres({ package: installed.folder, settings: truthSettings, parent: existsSync(memory) ? memory : undefined });
}

/** The projects that the command line finds, but for loose files, which have no history. */
async function projectsIn(path: string, { layout, print }: MainOptions) {
  const root = enginePath(resolve(path));
  const host = { files: nodeFiles(), cwd: enginePath(process.cwd()), clock: systemClock, signal: new AbortController().signal };
  const projects = await openProjects(host as never, [root], { layout: layout as LayoutName | 'auto' });
  return projects.flatMap((project) => {
    const name = [basename(root), relative(root, project.root)].filter((part) => part !== '').join('/');
    if (hasScripts(project) && project.directory?.layout !== 'loose') return [{ name, project }];
    print(`${name} is left out: ${project.directory ? `${project.directory.dialect}, ${project.directory.layout}` : 'no migrations'}.`);
    return [];
  });
}
