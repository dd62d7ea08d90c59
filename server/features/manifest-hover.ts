import { loadSqlParser, lockText, notableLocksOf, parseScript } from '#engine/operations/statement-facts';
import { type Analysis, type Project, requiredBump } from '#engine/operations/checking';
import { listedBriefly } from '#engine/core/wording';
import type { ManifestDocument, ManifestPath } from '#engine/inputs/manifest/document';
import { phaseOf } from '#engine/inputs/manifest/editing/migration-phase';
import { type Name, nameAt, releaseIndexOf } from '#engine/inputs/manifest/editing/names';
import { thingAt } from '#engine/inputs/manifest/editing/rename';
import { featureOf, type Manifest, referencedId } from '#engine/inputs/manifest/schema';
import { releaseGraph } from '#engine/inputs/releases/graph';
import { parseRange } from '#engine/core/versions';
import type { TextRange } from '#engine/core/text';

/** So many names are listed before the rest is only counted. */
const mostListed = 12;
/** Beyond so many releases ways are not looked at one by one. */
const mostReleases = 80;

export interface ManifestHover {
  readonly markdown: string;
  readonly range: TextRange;
}

/** What follows from the whole manifest for the name at an offset; undefined where nothing does. */
export async function manifestHoverAt(
  project: Project,
  analysis: Analysis | undefined,
  offset: number,
): Promise<ManifestHover | undefined> {
  const document = project.manifest;
  const manifest = document?.manifest;
  if (!document || !manifest) return undefined;
  const name = nameAt(document, offset);
  const thing = thingAt(document, offset);
  const range = thing?.range ?? name?.range;
  const current = analysis?.context.manifest?.text === document.text ? analysis : undefined;
  let sections: (string | undefined)[] = [];
  if (name?.kind === 'range' && !name.path.includes('requires'))
    sections = [covered(manifest, name), name.path[0] === 'risks' ? riskText(manifest, name.path) : undefined];
  else if (thing?.kind === 'release' && name) sections = releaseText(document, manifest, current, name);
  else if (thing?.kind === 'feature') sections = [featureTable(manifest, thing.text)];
  else if (thing?.kind === 'migration') sections = await migrationText(project, manifest, current, thing.text);
  else {
    const { path } = document.pathAt(offset);
    if (path[0] !== 'risks' || path.length < 2) return undefined;
    const at = document.rangeOf(path);
    const text = riskText(manifest, path);
    return text === undefined ? undefined : { markdown: text, range: at };
  }
  const markdown = sections.filter((section) => section !== undefined).join('\n\n');
  return markdown === '' || !range ? undefined : { markdown, range };
}

function releaseText(document: ManifestDocument, manifest: Manifest, analysis: Analysis | undefined, name: Name): (string | undefined)[] {
  const graph = releaseGraph(manifest);
  const node = graph.find(name.text);
  if (!node) return [];
  const { version } = node;
  const position = graph.nodes.indexOf(node);
  const beside = graph.releasesInWindow(version).filter((each) => each !== version);
  const lines = [
    beside.length === 0
      ? 'No earlier release may run at the same time.'
      : `${listedBriefly(beside, mostListed - 1)} may still run at the same time.`,
  ];
  const starts = [...new Set([graph.nodes[position - 1]?.version, graph.nodes[0]?.version])].filter(
    (each) => each !== undefined && each !== version,
  );
  for (const start of starts) {
    if (start === undefined) continue;
    const path = graph.path(start, version);
    lines.push(path.ok ? `From ${start}: ${[start, ...path.value.releases].join(' → ')}.` : path.problem.message);
  }
  const floor = graph.downgradeFloor(version, { lacksDown: lacksDown(analysis) });
  if (floor && position > 0) {
    const why = floor.obstacles[0]?.reason;
    const how = floor.release === version ? 'It cannot be rolled back.' : `It can be rolled back as far as ${floor.release}.`;
    lines.push(why === undefined ? how : `${how} The limit: ${why}.`);
  }
  const bump = analysis && requiredBump(analysis.context, version);
  const needs =
    bump &&
    `The changes since ${bump.older.version} need a ${bump.needed} version bump${bump.isEnough ? '' : `: at least ${bump.version}`}.`;
  const stop = manifest.stops.includes(version) ? stopText(manifest, version) : undefined;
  const yanked = manifest.releases[node.index]?.yanked;
  return [
    `**Release ${version}**${document.manifest?.stops.includes(version) ? ', a required stop' : ''}${yanked === undefined ? '' : `, yanked: ${yanked}`}`,
    lines.map((line) => `- ${line}`).join('\n'),
    ...(bump
      ? [
          needs,
          bump.reasons
            .slice(0, 6)
            .map(({ message }) => `- ${message}`)
            .join('\n') || undefined,
        ]
      : []),
    stop,
  ];
}

function lacksDown(analysis: Analysis | undefined): (id: string) => boolean {
  const known = new Map(analysis?.context.chain.map(({ migration }) => [migration.id, migration.down !== undefined]));
  return (id) => known.get(id) === false;
}

function stopText(manifest: Manifest, version: string): string {
  const graph = releaseGraph(manifest);
  const position = graph.nodes.findIndex((node) => node.version === version);
  const later = graph.nodes.slice(position + 1).map((node) => node.version);
  if (later.length === 0 || position <= 0) return 'No upgrade path passes this stop yet.';
  const earlier = graph.nodes.slice(0, position).map((node) => node.version);
  return `Every upgrade path from ${listedBriefly(earlier, mostListed - 1)} to ${listedBriefly(later, mostListed - 1)} stops here: this release is started and checked before the upgrade continues.`;
}

/** The releases of the manifest that a range covers. */
function covered(manifest: Manifest, name: Name): string {
  const range = parseRange(name.text);
  if (!range) return 'This cannot be read as a range, so it covers nothing.';
  const graph = releaseGraph(manifest);
  const versions = graph.coveredBy(range);
  if (versions.length === 0) return 'Covers no release of this manifest.';
  const own = manifestRelease(manifest, name);
  const usable = own === undefined || name.path[2] !== 'from' ? undefined : graph.sourcesOf(own);
  const lost = usable ? versions.filter((version) => version !== own && !usable.includes(version)) : [];
  return `Covers ${listedBriefly(versions, mostListed - 1)}.${lost.length === 0 ? '' : ` There is no upgrade path from ${listedBriefly(lost, mostListed - 1)}: a required stop lies in between, or the release is later than this one.`}`;
}

function manifestRelease(manifest: Manifest, { path }: Name): string | undefined {
  const index = releaseIndexOf(path);
  return index === undefined ? undefined : manifest.releases[index]?.version;
}

/** Which ways a risk blocks until it is accepted. */
function riskText(manifest: Manifest, path: ManifestPath): string | undefined {
  const risk = manifest.risks[Number(path[1])];
  if (!risk) return undefined;
  const graph = releaseGraph(manifest);
  const { nodes } = graph;
  if (nodes.length > mostReleases) return undefined;
  const blocked = nodes.flatMap((from, position) =>
    nodes.slice(position + 1).flatMap((to) => {
      const edge = graph.edge(from.version, to.version);
      return edge.kind === 'blocked' && edge.risks.some(({ name }) => name === risk.name) ? [`${from.version} → ${to.version}`] : [];
    }),
  );
  if (blocked.length === 0) return `**${risk.name}** blocks no upgrade path between the releases of this manifest.`;
  const rest = blocked.length > mostListed ? `\n- and ${blocked.length - mostListed} more` : '';
  return `**${risk.name}** blocks these upgrade paths until it is accepted by name:\n${blocked
    .slice(0, mostListed)
    .map((way) => `- ${way}`)
    .join('\n')}${rest}`;
}

/** The row of the feature matrix; with many releases only those at which something changes. */
function featureTable(manifest: Manifest, feature: string): string {
  const all = manifest.releases.map(({ version, features }) => {
    const entry = features[feature];
    return { version, stage: entry === undefined ? '–' : featureOf(entry).stage };
  });
  const changes = all.length <= mostListed ? all : all.filter(({ stage }, index) => stage !== all[index - 1]?.stage);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    `**Feature ${feature}**${changes.length < all.length ? ', where its stage changes' : ''}`,
    [
      row(['release', ...changes.map(({ version }) => cell(version))]),
      row(['---', ...changes.map(() => '---')]),
      row([cell(feature), ...changes.map(({ stage }) => stage)]),
    ].join('\n'),
  ].join('\n\n');
}

async function migrationText(
  project: Project,
  manifest: Manifest,
  analysis: Analysis | undefined,
  id: string,
): Promise<(string | undefined)[]> {
  const reference = manifest.releases.flatMap(({ migrations }) => migrations).find((each) => referencedId(each) === id);
  const settings = typeof reference === 'object' ? reference : undefined;
  const migration = project.directory?.migrations.find((each) => each.id === id);
  const head = `**Migration ${id}**`;
  if (settings?.transform) {
    return [
      head,
      `Changes rows of \`${settings.transform.table}\` in batches${settings.transform.batch === undefined ? '' : ` of ${settings.transform.batch}`}${settings.transform.undo ? ', and can undo it' : ''}.`,
    ];
  }
  if (!migration) return [head, 'No script has this name.'];
  await loadSqlParser();
  const inferred = phaseOf(parseScript(migration.up));
  const phase = settings?.phase ?? (inferred && `${inferred}, inferred from its script`);
  const seen = analysis?.context.chain.find((each) => each.migration.id === id);
  const locks = analysis && seen?.observation ? notableLocksOf(seen, analysis.context) : undefined;
  const lines = [
    ...(phase === undefined ? [] : [`Phase: ${phase}.`]),
    settings?.irreversible !== undefined
      ? `Cannot be undone: ${settings.irreversible}`
      : migration.down
        ? 'Has a down script.'
        : 'Has no down script.',
    ...(locks === undefined
      ? []
      : locks.length === 0
        ? ['Takes no lock that blocks other sessions.']
        : [`Locks ${locks.map((lock) => lockText(lock)).join(', ')}.`]),
  ];
  return [head, lines.map((line) => `- ${line}`).join('\n')];
}
