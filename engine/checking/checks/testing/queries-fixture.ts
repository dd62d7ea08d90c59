import { queryPathsOf } from '../../../inputs/manifest/schema';
import { readQueries } from '../../compatibility/queries/read-queries';
import type { Finding } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { analyse } from '../../analysis/analysis';
import { openProject } from '../../project/open-project';
import type { Check } from '../check';
import { runChecks } from '../runner/run-checks';
import { wellWritten } from './well-written';

/** The findings of a check over `/project/upgrade.yaml` and files beside it, with the queries that its releases name. */
export async function findingsWithQueries(check: Check, entries: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const files = memoryFiles(Object.fromEntries(Object.entries(entries).map(([name, text]) => [`/project/${name}`, text])));
  const project = await openProject({ files, paths: ['/project/upgrade.yaml'] });
  if (!project.ok) throw new Error(`${project.problem.code}: ${project.problem.message}`);
  const { context } = await analyse(project.value, { checks: [], rehearse: 'none' });
  const releases = (context.manifest?.manifest?.releases ?? []).filter((release) => queryPathsOf(release).length > 0);
  const queries = await Promise.all(releases.map((release) => readQueries(release.version, queryPathsOf(release), '/project', files)));
  return wellWritten(runChecks({ ...context, queries }, [check]));
}
