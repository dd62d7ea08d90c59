import type { FeatureStage, Manifest } from '../../../inputs/manifest/schema';
import { featureMatrixOf } from '../feature-matrix';
import { requirementsOf, titleOf } from './requirements';

/** A feature in a release. */
interface FeatureCell {
  readonly stage: FeatureStage;
  /** Whether it is on where nobody chose. */
  readonly isOn: boolean;
  readonly needs: readonly string[];
  readonly requires: Readonly<Record<string, string>>;
  readonly replacement?: string;
  /** `YYYY-MM-DD` */
  readonly sunset?: string;
}

interface FeatureRow {
  readonly feature: string;
  /** One for each release of the table; null where the release does not name the feature. */
  readonly cells: readonly (FeatureCell | null)[];
}

interface RequirementRow {
  /** The runtime or system as the manifest names it. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'runtime' | 'system';
  /** What each release requires, with what its migrations require beyond; null where nothing is said. */
  readonly cells: readonly (string | null)[];
}

/** The features and requirements of a system by release. */
export interface FeatureTable {
  readonly system: string;
  /** In the manifest's order. */
  readonly releases: readonly { readonly version: string; readonly yanked: boolean }[];
  /** In alphabetical order. */
  readonly features: readonly FeatureRow[];
  readonly requirements: readonly RequirementRow[];
}

/** The feature matrix of a manifest as a table: what editor, command line and documentation show. */
export function featureTable(manifest: Manifest): FeatureTable {
  const matrix = featureMatrixOf(manifest);
  const requirements = requirementsOf(manifest).filter(({ by }) => by !== 'feature');
  const cellOf = (feature: string, release: string): FeatureCell | null => {
    const state = matrix.state(feature, release);
    if (!state) return null;
    const { stage, isOn, needs, requires, replacement, sunset } = state;
    return { stage, isOn, needs, requires, replacement, sunset };
  };
  return {
    system: manifest.system,
    releases: manifest.releases.map(({ version, yanked }) => ({ version, yanked: yanked !== undefined })),
    features: matrix.features.map((feature) => ({
      feature,
      cells: manifest.releases.map(({ version }) => cellOf(feature, version)),
    })),
    requirements: [...new Set(requirements.map(({ name }) => name))].sort().map((name) => ({
      name,
      title: titleOf(name),
      kind: name in manifest.systems ? 'system' : 'runtime',
      cells: manifest.releases.map((_, index) => {
        const ranges = requirements.filter((each) => each.index === index && each.name === name).map(({ range }) => range);
        return ranges.length === 0 ? null : [...new Set(ranges)].join(' and ');
      }),
    })),
  };
}

/** Some releases of a table, from a position up to another one, with the rows that say something of them. */
export function releasesOfTable(table: FeatureTable, from: number, to: number): FeatureTable {
  const some = <Row extends { readonly cells: readonly unknown[] }>(rows: readonly Row[]): Row[] =>
    rows.map((row) => ({ ...row, cells: row.cells.slice(from, to) })).filter(({ cells }) => cells.some((cell) => cell !== null));
  return {
    system: table.system,
    releases: table.releases.slice(from, to),
    features: some(table.features),
    requirements: some(table.requirements),
  };
}

/** `stable`, `preview (on)`: the default is told where it is not the usual one of the stage. */
export function cellText(cell: FeatureCell | null): string {
  if (!cell) return '-';
  const isUsual = cell.stage === 'removed' || cell.isOn === (cell.stage !== 'preview');
  return isUsual ? cell.stage : `${cell.stage} (${cell.isOn ? 'on' : 'off'})`;
}

/**
 * What else is known of features, one line each: `maps needs search` with the release from which on it says so, what it requires,
 * what takes the place of a deprecated one and until when it works.
 */
export function featureNotes({ releases, features }: FeatureTable): string[] {
  return features.flatMap(({ feature, cells }) => {
    const notes = cells.map((cell) => (cell && cell.stage !== 'removed' ? notesOf(cell) : []));
    return notes.flatMap((lines, index) =>
      lines
        .filter((line) => !notes[index - 1]?.includes(line))
        .map((line) => `${feature} ${line}${index > 0 ? ` (from ${releases[index]?.version ?? ''} on)` : ''}`),
    );
  });
}

function notesOf({ needs, requires, stage, replacement, sunset }: FeatureCell): string[] {
  const required = Object.entries(requires).map(([name, range]) => `${titleOf(name)} ${range}`);
  return [
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
    ...(required.length > 0 ? [`requires ${required.join(', ')}`] : []),
    ...(stage === 'deprecated' && sunset !== undefined ? [`is promised until ${sunset}`] : []),
    ...(stage === 'deprecated' && replacement !== undefined ? [`is replaced by ${replacement}`] : []),
  ];
}
