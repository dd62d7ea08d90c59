import { suggestRelease } from '../../../inputs/manifest/suggest';
import type { Manifest } from '../../../inputs/manifest/schema';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { DowngradeObstacle } from '../../../inputs/releases/downgrade';
import type { ReleaseNode } from '../../../inputs/releases/releases';
import type { Check, FindingDraft } from '../check';
import type { ProjectContext } from '../../context/context';
import { manifestPlace, releasePath, replaceInManifest, usableManifest, type UsableManifest } from '../support/manifest-places';
import { sentence } from '../support/problem-texts';

export const check: Check = {
  id: 'downgrade-too-far',
  hazards: ['M20'],
  severity: 'error',
  summary: 'Promises a rollback to a release that cannot be reached or cannot use the data.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    for (const node of releaseGraph(usable.manifest).nodes) yield* judge(context, usable, node);
  },
};

function* judge(context: ProjectContext, usable: UsableManifest, node: ReleaseNode): Iterable<FindingDraft> {
  const { document, manifest } = usable;
  const { version, index } = node;
  const downgrade = manifest.releases[index]?.downgrade;
  if (downgrade === undefined) return;
  const graph = releaseGraph(manifest);
  const range = document.rangeOf(releasePath(document, index, 'downgrade'));
  const goal = graph.find(downgrade);
  if (!goal) {
    const near = suggestRelease(
      downgrade,
      graph.nodes.filter((other) => other.index < index).map((other) => other.version),
    );
    yield {
      range,
      message: `${version} promises a rollback to ${downgrade}, which is not in the manifest`,
      advice: near === undefined ? `Name a release that the manifest lists before ${version}.` : `Did you mean ${near}?`,
      fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
    };
    return;
  }
  if (goal.index > index) {
    yield {
      range,
      message: `${version} promises a rollback to ${downgrade}, which is a later release`,
      advice: `Name a release that the manifest lists before ${version}.`,
      related: [manifestPlace(document, releasePath(document, goal.index, 'version'), `${downgrade} is listed after ${version}.`)],
    };
    return;
  }
  const options = { lacksDown: lacksDown(context) };
  const [obstacle] = graph.downgradeObstacles(version, goal.version, options);
  if (obstacle) {
    const floor = graph.downgradeFloor(version, options)?.release;
    yield {
      range,
      message: `${version} promises a rollback to ${downgrade}, but ${summaryOf(obstacle, goal.version)}`,
      details: sentence(obstacle.reason),
      advice: adviceFor(version, floor),
      related: placesOf(usable, obstacle),
      fixes: floor === undefined ? [] : [replaceInManifest(document, range, floor)],
    };
    return;
  }
  const further = refusedForNothing(manifest, node, goal);
  if (further !== undefined) {
    yield {
      range,
      severity: 'hint',
      message: `${version} can roll back to ${further}, further than the promised ${downgrade}`,
      details: `${further} reads every format version that ${version} writes.`,
      advice: `Change \`downgrade\` to ${further}.`,
      fixes: [replaceInManifest(document, range, further)],
    };
  }
}

/** What prevents a rollback to `goal`, as the end of a headline. */
function summaryOf({ kind, release, migration }: DowngradeObstacle, goal: string): string {
  switch (kind) {
    case 'none':
      return `${release} rules out rollbacks`;
    case 'irreversible':
      return `${migration ?? ''} cannot be undone`;
    case 'contract':
      return `${migration ?? ''} removes what ${goal} needs`;
    case 'declared':
      return `${release} does not allow it`;
    case 'format':
      return `${goal} does not read what ${release} writes`;
    case 'yanked':
      return `${goal} was yanked`;
  }
}

function adviceFor(version: string, floor: string | undefined): string {
  if (floor === undefined) return 'Remove `downgrade`.';
  const meaning = floor === version ? 'which promises no rollback' : `the oldest release that ${version} can roll back to`;
  return `Change \`downgrade\` to ${floor}, ${meaning}.`;
}

/** The release before the declared one, where it reads every format that was written since and nothing else prevents the rollback. */
function refusedForNothing(manifest: Manifest, node: ReleaseNode, goal: ReleaseNode): string | undefined {
  const graph = releaseGraph(manifest);
  const formats = Object.keys(manifest.releases[node.index]?.formats ?? {});
  const before = graph.nodes[graph.nodes.indexOf(goal) - 1];
  if (!before || formats.length === 0) return undefined;
  const declared = manifest.releases[before.index]?.formats ?? {};
  const others = graph
    .downgradeObstacles(node.version, before.version)
    .filter(({ kind, release }) => kind !== 'declared' || release !== node.version);
  return others.length === 0 && formats.every((format) => format in declared) ? before.version : undefined;
}

/** Scripts without a down where the layout has downs. */
function lacksDown({ chain, directory }: ProjectContext): (id: string) => boolean {
  if (!directory?.runner.hasDowns) return () => false;
  const ids = new Set(chain.filter(({ down, up }) => !down && up.statements.length > 0).map(({ migration }) => migration.id));
  return (id) => ids.has(id);
}

function placesOf({ document, manifest }: UsableManifest, { release, kind, format, migration }: DowngradeObstacle) {
  const node = releaseGraph(manifest).find(release);
  if (!node) return [];
  const place =
    manifest.releases[node.index]?.migrations.findIndex((each) => (typeof each === 'string' ? each : each.id) === migration) ?? -1;
  const rest =
    kind === 'format'
      ? ['formats', format ?? '', 'writes']
      : place >= 0
        ? ['migrations', place]
        : [{ none: 'rollback', declared: 'downgrade', yanked: 'yanked', irreversible: 'version', contract: 'version' }[kind]];
  return [manifestPlace(document, releasePath(document, node.index, ...rest), 'This prevents the rollback.')];
}
