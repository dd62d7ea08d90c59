import type { ProjectContext } from '../context/context';
import type { TextRange } from '../../core/text';
import type { ManifestDocument, ManifestPath } from '../../inputs/manifest/document';
import { type Manifest, type Release, referencedId } from '../../inputs/manifest/schema';
import { releaseGraph } from '../../inputs/releases/graph';
import type { ReleaseNode } from '../../inputs/releases/releases';
import { isRead } from '../../inputs/releases/downgrade';
import { featureMatrixOf } from '../compatibility/feature-matrix';
import { requirementsIn, supportedBy, titleOf } from '../compatibility/features/requirements';
import { isWithin, readRange } from '../compatibility/features/version-ranges';
import { announcedBy, type BumpLevel, bumpBetween, isHigher, versionFor } from '../compatibility/bump-level';
import { remembered } from '../../core/remember';
import { databaseOf } from '../../databases/registry/index';

/** Why a release needs a version that announces as much. */
export interface BumpReason {
  readonly level: BumpLevel;
  readonly kind: 'api' | 'feature' | 'requirement' | 'format' | 'migration' | 'contract' | 'query';
  /** One sentence or more, for people. */
  readonly message: string;
  /** Where the change is: in the manifest, in a description of an API, or in a script. */
  readonly place: { readonly file: string; readonly range: TextRange };
}

/** What the version of a release has to tell, and what it tells. */
export interface RequiredBump {
  /** The highest level of all reasons; `patch` without any. */
  readonly level: BumpLevel;
  /** The number that must go up for it: the same, or before 1.0.0 the next smaller one. */
  readonly needed: BumpLevel;
  /** The number that did go up. */
  readonly actual: BumpLevel;
  /** Highest level first. */
  readonly reasons: readonly BumpReason[];
  /** The release that it is compared with: the one before it, save pre-releases of the same version and yanked ones. */
  readonly older: ReleaseNode;
  /** The lowest version that tells as much as is needed. */
  readonly version: string;
  readonly isEnough: boolean;
}

export type BumpContext = Pick<ProjectContext, 'manifest' | 'apis' | 'chain'> & Partial<Pick<ProjectContext, 'directory'>>;

/**
 * What the changes of a release require of its version, by semantic versioning:
 * - major: a breaking change of a stable API, a feature that is gone or a preview again, a runtime or a system in fewer versions, a
 *   format that the release before does not read, and a migration that breaks queries of a release in the window;
 * - minor: additions to APIs and changes that may break, features that come, become stable or deprecated or change their default,
 *   and migrations that change the schema or move data;
 * - patch: everything else, migrations that only build indexes or replace routines among them.
 *
 * A contract migration alone is minor: whether somebody needed what it removes is what `queries` and the window tell.
 * Undefined for an unknown release, one without a release before it, and one with a lower version than that.
 */
export function requiredBump(context: BumpContext, release: string): RequiredBump | undefined {
  const bumps = bumpsOf(context);
  if (!bumps.has(release)) bumps.set(release, workOut(context, release));
  return bumps.get(release);
}

/** Several checks and the editor ask for the bumps of the same project, which nobody changes. */
const bumpsOf = remembered<BumpContext, Map<string, RequiredBump | undefined>>(() => new Map());

function workOut(context: BumpContext, release: string): RequiredBump | undefined {
  const document = context.manifest;
  const manifest = document?.manifest;
  if (!document || !manifest) return undefined;
  const { nodes, find } = releaseNodes(manifest);
  const newer = find(release);
  const older = newer && olderThan(manifest, nodes, newer);
  const actual = older && bumpBetween(older.semver, newer.semver);
  if (!newer || !older || !actual) return undefined;
  const steps = nodes.slice(nodes.indexOf(older) + 1, nodes.indexOf(newer) + 1);
  const step: Step = { context, document, manifest, older, newer, steps };
  const reasons = [
    ...apiReasons(step),
    ...featureReasons(step),
    ...requirementReasons(step),
    ...formatReasons(step),
    ...migrationReasons(step),
  ];
  const level = reasons.reduce<BumpLevel>((highest, reason) => (isHigher(reason.level, highest) ? reason.level : highest), 'patch');
  const needed = announcedBy(level, older.semver, newer.semver);
  const order = (reason: BumpReason): number => ['major', 'minor', 'patch'].indexOf(reason.level);
  return {
    level,
    needed,
    actual,
    reasons: reasons.sort((a, b) => order(a) - order(b)),
    older,
    version: versionFor(level, older.semver, newer.semver),
    isEnough: !isHigher(needed, actual),
  };
}

/** The release that another one is compared with; undefined for the first one. */
function olderThan(manifest: Manifest, nodes: readonly ReleaseNode[], newer: ReleaseNode): ReleaseNode | undefined {
  // Nodes are in the list's order, so that none of them stands after its place there.
  for (let position = Math.min(newer.index, nodes.length) - 1; position >= 0; position--) {
    const node = nodes[position];
    if (!node || node.index >= newer.index || manifest.releases[node.index]?.yanked !== undefined) continue;
    if (node.semver.compareMain(newer.semver) !== 0) return node;
  }
  return undefined;
}

interface Step {
  readonly context: BumpContext;
  readonly document: ManifestDocument;
  readonly manifest: Manifest;
  readonly older: ReleaseNode;
  readonly newer: ReleaseNode;
  /** The newer release, and those between the two. */
  readonly steps: readonly ReleaseNode[];
}

function releaseNodes(manifest: Manifest) {
  const graph = releaseGraph(manifest);
  return { nodes: graph.nodes, find: (version: string) => graph.find(version) };
}

function placeOf({ document }: Step, index: number, ...rest: (string | number)[]): BumpReason['place'] {
  const path: ManifestPath = ['releases', document.releaseIndexes[index] ?? index, ...rest];
  return { file: document.path, range: document.rangeOf(path) };
}

function releaseOf({ manifest }: Step, { index }: ReleaseNode): Pick<Release, 'apis' | 'features' | 'formats' | 'migrations'> {
  return manifest.releases[index] ?? { apis: {}, features: {}, formats: {}, migrations: [] };
}

function apiReasons(step: Step): BumpReason[] {
  const { context, older, newer } = step;
  const reasons: BumpReason[] = [];
  for (const { api, newer: described, older: before, changes, stability } of context.apis ?? []) {
    if (!before || before.index < older.index || described.index <= older.index || described.index > newer.index) continue;
    for (const { impact, message, place } of changes) {
      if (impact === 'neutral') continue;
      const level = impact === 'breaking' && stability === 'stable' ? 'major' : 'minor';
      // An API that is gone has no place in a newer description.
      const at = described.file === undefined ? placeOf(step, described.index, 'version') : { file: place.file, range: place.range };
      reasons.push({ level, kind: 'api', message: `API ${api}: ${message}.`, place: at });
    }
  }
  const [had, has] = [releaseOf(step, older).apis, releaseOf(step, newer).apis];
  for (const api of Object.keys(has).filter((name) => !(name in had))) {
    reasons.push({ level: 'minor', kind: 'api', message: `There is a new API ${api}.`, place: placeOf(step, newer.index, 'apis', api) });
  }
  return reasons;
}

function featureReasons(step: Step): BumpReason[] {
  const { manifest, older, newer } = step;
  const matrix = featureMatrixOf(manifest);
  const names = new Set([...Object.keys(releaseOf(step, older).features), ...Object.keys(releaseOf(step, newer).features)]);
  return [...names].flatMap((feature): BumpReason[] => {
    const was = matrix.has(feature, older.version) ? matrix.state(feature, older.version) : undefined;
    const now = matrix.has(feature, newer.version) ? matrix.state(feature, newer.version) : undefined;
    const isNamed = matrix.state(feature, newer.version) !== undefined;
    const place = isNamed ? placeOf(step, newer.index, 'features', feature) : placeOf(step, newer.index, 'version');
    const reason = (level: BumpLevel, message: string): BumpReason[] => [{ level, kind: 'feature', message, place }];
    if (!was) return now ? reason('minor', `There is a new feature ${feature}.`) : [];
    if (!now && was.stage === 'preview') return reason('minor', `The preview feature ${feature} was removed.`);
    if (!now) return reason('major', `The feature ${feature} was removed.`);
    if (was.stage !== 'preview' && now.stage === 'preview') return reason('major', `The feature ${feature} is a preview again.`);
    if (was.stage !== now.stage) return reason('minor', `The feature ${feature} changes from ${was.stage} to ${now.stage}.`);
    if (was.isOn === now.isOn) return [];
    return reason('minor', `The feature ${feature} is ${now.isOn ? 'on' : 'off'} by default, unlike in ${older.version}.`);
  });
}

function requirementReasons(step: Step): BumpReason[] {
  const { document, manifest, older, newer } = step;
  const release = manifest.releases[newer.index];
  return (release ? requirementsIn(release, newer.index) : []).flatMap((requirement): BumpReason[] => {
    const { name, index, by, of } = requirement;
    if (by === 'feature' || manifest.releases[older.index]?.requires[name] === requirement.range) return [];
    const before = supportedBy(manifest, older.index, name);
    const now = readRange(requirement.range);
    if (!before || !now || isWithin(before, now)) return [];
    const isOwn = by === 'release';
    const message = `${isOwn ? 'The release' : `Migration ${of}`} requires ${titleOf(name)} ${requirement.range}; ${older.version} works with more versions.`;
    const place = isOwn ? placeOf(step, index, 'requires', name) : referencePlace(document, manifest, index, of);
    return [{ level: 'major', kind: 'requirement', message, place }];
  });
}

function formatReasons(step: Step): BumpReason[] {
  const { older, newer } = step;
  const [had, has] = [releaseOf(step, older).formats, releaseOf(step, newer).formats];
  return Object.entries(has).flatMap(([format, now]): BumpReason[] => {
    const was = had[format];
    const reason = (level: BumpLevel, message: string, key: string): BumpReason => {
      const place = placeOf(step, newer.index, 'formats', format, key);
      return { level, kind: 'format', message, place };
    };
    if (!was) return [reason('minor', `There is a new format ${format}.`, 'writes')];
    const unread = isRead(was, now.writes)
      ? []
      : [
          reason(
            'major',
            `The release writes version ${now.writes} of the format ${format}, which ${older.version} does not read.`,
            'writes',
          ),
        ];
    const lost = isRead(now, was.writes)
      ? []
      : [
          reason(
            'major',
            `The release no longer reads version ${was.writes} of the format ${format}, which ${older.version} writes.`,
            'reads',
          ),
        ];
    return [...unread, ...lost];
  });
}

function migrationReasons(step: Step): BumpReason[] {
  const { context, document, manifest, steps } = step;
  const parsed = migrationsById(context.chain);
  const language = databaseOf(context.directory?.dialect)?.language;
  return steps.flatMap((node) =>
    releaseOf(step, node).migrations.flatMap((reference): BumpReason[] => {
      const id = referencedId(reference);
      const place = referencePlace(document, manifest, node.index, id);
      const queries = (parsed.get(id)?.window?.breaks ?? [])
        .filter(({ kind }) => kind !== 'shape')
        .map(({ release, query }): BumpReason => {
          const message = `Migration ${id} breaks the query ${query.name} of ${release}, which may still be running.`;
          return { level: 'major', kind: 'query', message, place };
        });
      const statements = parsed.get(id)?.up.statements;
      const message = migrationMessage(reference, id, statements && (language?.changesSchema(statements) ?? true));
      if (message === undefined) return queries;
      const isContract = typeof reference === 'object' && reference.phase === 'contract';
      return [...queries, { level: 'minor', kind: isContract ? 'contract' : 'migration', message, place }];
    }),
  );
}

const migrationsById = remembered((chain: BumpContext['chain']) => new Map(chain.map((each) => [each.migration.id, each])));

/** What a migration does that a patch does not do; undefined for one that fits a patch. `changesSchema` is undefined for one that is not there. */
function migrationMessage(reference: Release['migrations'][number], id: string, changesSchema: boolean | undefined): string | undefined {
  const { phase, transform } = typeof reference === 'string' ? { phase: undefined, transform: undefined } : reference;
  if (phase === 'contract') return `Migration ${id} removes what earlier releases needed (contract).`;
  if (phase === 'migrate' || transform) return `Migration ${id} moves data (migrate).`;
  if (changesSchema === false) return undefined;
  return phase === 'expand' ? `Migration ${id} adds to the schema (expand).` : changesSchema && `Migration ${id} changes the schema.`;
}

/** The reference to a migration in the list of a release. */
function referencePlace(document: ManifestDocument, manifest: Manifest, index: number, id: string): BumpReason['place'] {
  const place = manifest.releases[index]?.migrations.findIndex((reference) => referencedId(reference) === id) ?? 0;
  const reference = manifest.releases[index]?.migrations[place];
  const list = ['releases', document.releaseIndexes[index] ?? index, 'migrations', place];
  return { file: document.path, range: document.rangeOf(typeof reference === 'string' ? list : [...list, 'id']) };
}
