import { capitalised } from '../../../core/wording';
import type { Fix } from '../../../core/finding';
import { releaseGraph, type ReleaseGraph } from '../../../inputs/releases/graph';
import type { Check, FindingDraft } from '../check';
import type { ProjectContext } from '../../context/context';
import {
  addToRelease,
  manifestPlace,
  placedReferences,
  releasePath,
  replaceInManifest,
  statedValue,
  usableManifest,
  type PlacedReference,
  type UsableManifest,
} from '../support/manifest-places';

export const check: Check = {
  id: 'rollback-path-missing',
  hazards: ['M19'],
  severity: 'warning',
  summary: 'Declares a rollback by down scripts that do not lead to a working release.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const graph = releaseGraph(usable.manifest);
    const positions = new Map(graph.nodes.map((node, position) => [node.index, position]));
    const obstacles = new Map<number, { place: PlacedReference; reason: string }>();
    const lacksDown = withoutDowns(context);
    for (const place of placedReferences(usable)) {
      const reason = obstacleOf(place, lacksDown, isStated(usable, place.releaseIndex));
      if (reason !== undefined && !obstacles.has(place.releaseIndex)) obstacles.set(place.releaseIndex, { place, reason });
    }
    for (const [index, { rollback }] of usable.manifest.releases.entries()) {
      if (rollback !== 'down') continue;
      const obstacle = obstacles.get(index);
      if (obstacle) yield undoable(usable, index, obstacle);
      else yield* pastContract(usable, graph, positions, index);
    }
  },
};

/** Scripts of layouts that have no down scripts at all; where there could be one, the script itself is reported. */
function withoutDowns({ directory }: ProjectContext): ReadonlySet<string> {
  if (!directory || directory.runner.hasDowns) return new Set();
  return new Set(directory.migrations.filter(({ down }) => !down).map(({ id }) => id));
}

function obstacleOf({ reference, id }: PlacedReference, lacksDown: ReadonlySet<string>, stated: boolean): string | undefined {
  if (typeof reference === 'object') {
    if (reference.irreversible !== undefined) return reference.irreversible;
    if (reference.transform) return reference.transform.undo ? undefined : 'its transform has no `undo`';
  }
  return stated && lacksDown.has(id) ? 'it has no down script' : undefined;
}

function isStated({ document }: UsableManifest, index: number): boolean {
  return statedValue(document, releasePath(document, index, 'rollback')) !== undefined;
}

/** A release with a migration that no down script undoes. */
function undoable(usable: UsableManifest, index: number, { place, reason }: { place: PlacedReference; reason: string }): FindingDraft {
  const { document } = usable;
  const stated = statedValue(document, releasePath(document, index, 'rollback'));
  const details = `${place.id} cannot be undone: ${reason.replace(/[.!?]+$/, '')}.`;
  if (stated) {
    return {
      range: stated,
      message: `Down scripts cannot roll back ${place.release}, although it declares \`rollback: down\``,
      details,
      advice: 'Set `rollback: restore`, or make the migration reversible.',
      related: [manifestPlace(document, place.path, 'The migration that cannot be undone.')],
      fixes: [replaceInManifest(document, stated, 'restore')],
    };
  }
  return {
    range: document.rangeOf(place.path),
    severity: 'info',
    message: `Rolling back ${place.release} requires restoring a backup, which loses newer data`,
    details,
    advice: 'Declare it with `rollback: restore`.',
    fixes: [addToRelease(document, index, 'rollback: restore')],
  };
}

/** A release with a contract migration, from which no down script leads to an earlier release. */
function* pastContract(
  usable: UsableManifest,
  graph: ReleaseGraph,
  positions: ReadonlyMap<number, number>,
  index: number,
): Iterable<FindingDraft> {
  const { document, manifest } = usable;
  const release = manifest.releases[index];
  const place = release?.migrations.findIndex((reference) => typeof reference === 'object' && reference.phase === 'contract') ?? -1;
  if (!release || place < 0) return;
  const position = positions.get(index) ?? 0;
  const before = graph.nodes[position - 1];
  if (!before || graph.downgradeFloor(release.version)?.release !== graph.nodes[position]?.version) return;
  const [obstacle] = graph.downgradeObstacles(release.version, before.version);
  if (!obstacle) return;
  const stated = statedValue(document, releasePath(document, index, 'rollback'));
  const fixes: Fix[] = [stated ? replaceInManifest(document, stated, 'restore') : addToRelease(document, index, 'rollback: restore')];
  yield {
    range: stated ?? document.rangeOf(releasePath(document, index, 'migrations', place)),
    severity: stated ? 'warning' : 'info',
    message: `No release works after rolling back ${release.version} with down scripts`,
    details: `${capitalised(obstacle.reason)}.`,
    advice: 'Set `rollback: restore`, or drop the old objects in a later release.',
    related: [manifestPlace(document, releasePath(document, before.index, 'version'), 'The previous release.')],
    fixes: obstacle.kind === 'contract' ? fixes : [],
  };
}
