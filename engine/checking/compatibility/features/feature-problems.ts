import { suggest } from '../../../inputs/manifest/suggest';
import { parseVersion } from '../../../core/versions';
import { announcesBreak } from '../bump-level';
import type { FeatureState, FeatureStates, MatrixRelease } from './feature-states';

/** What is wrong with a feature in one release. */
export interface FeatureProblem {
  readonly kind: 'removed' | 'removed-early' | 'stage-backwards' | 'default-flipped' | 'need-unmet' | 'need-in-preview' | 'no-replacement';
  readonly feature: string;
  readonly release: string;
  /** Place of the release in `manifest.releases`. */
  readonly index: number;
  /** The release that the user of the feature comes from, or that first said it. */
  readonly older?: MatrixRelease;
  /** The feature that is needed. */
  readonly need?: string;
  /** What stands where something else was probably meant. */
  readonly suggestion?: string;
  /** The consequence, then why. Full sentences. */
  readonly message: string;
  readonly remedy: string;
}

/** A release with what it says of one feature. */
interface Entry extends MatrixRelease {
  readonly state: FeatureState | undefined;
}

/**
 * Everything that is wrong with the features of a manifest, by feature and then by release. Releases that were yanked are passed
 * over. A release that does not name a feature does not have it.
 * @param today `YYYY-MM-DD`; without it, dates are not judged
 */
export function featureProblems(states: FeatureStates, today?: string): FeatureProblem[] {
  return states.features.flatMap((feature) => {
    const entries = states.releases.map((release): Entry => ({ ...release, state: states.state(feature, release.version) }));
    return entries.flatMap((entry, place) => {
      const before = entries[place - 1];
      const notice = () => noticeBefore(entries, place);
      const changes = before ? changesOf(states, feature, before, entry, notice, today) : [];
      return [...changes, ...needsOf(states, feature, before, entry), ...withoutReplacement(feature, entries, place)];
    });
  });
}

function changesOf(
  states: FeatureStates,
  feature: string,
  before: Entry,
  entry: Entry,
  notice: () => Notice,
  today: string | undefined,
): FeatureProblem[] {
  const older = { version: before.version, index: before.index };
  const [was, now] = [before.state, entry.state];
  if (!was || was.stage === 'removed') return [];
  const at = { feature, release: entry.version, index: entry.index, older };
  if (!now || now.stage === 'removed') return removalOf(states, was, notice(), at, today);
  if (now.stage === 'preview' && was.stage !== 'preview') {
    return [
      {
        ...at,
        kind: 'stage-backwards',
        suggestion: was.stage,
        message: `${feature} loses its guarantee: it was ${was.stage} in ${older.version}, and in ${entry.version} it is a preview that may change or be removed at any time.`,
        remedy: `Keep it ${was.stage}. The order of the stages is preview, stable, deprecated, removed.`,
      },
    ];
  }
  const versions = [parseVersion(older.version), parseVersion(entry.version)] as const;
  const isAnnounced = versions[0] && versions[1] && announcesBreak(versions[0], versions[1]);
  if (was.isOn && !now.isOn && was.stage !== 'preview' && !isAnnounced) {
    return [
      {
        ...at,
        kind: 'default-flipped',
        message: `Users that did not choose ${feature} explicitly lose it with ${entry.version}: it was on by default in ${older.version} and is now off.`,
        remedy: `Keep it on, or turn it off in a new major version.`,
      },
    ];
  }
  return [];
}

/** The releases right before another one that had the feature as deprecated. */
interface Notice {
  readonly releases: readonly MatrixRelease[];
  /** False when the first release of the manifest is one of them, so that there may have been more. */
  readonly isWhole: boolean;
}

function noticeBefore(entries: readonly Entry[], place: number): Notice {
  let first = place;
  while (first > 0 && entries[first - 1]?.state?.stage === 'deprecated') first--;
  const releases = entries.slice(first, place).map(({ version, index }) => ({ version, index }));
  return { releases, isWhole: first > 0 };
}

function removalOf(
  { manifest }: FeatureStates,
  last: FeatureState,
  notice: Notice,
  at: Pick<FeatureProblem, 'feature' | 'release' | 'index'> & { older: MatrixRelease },
  today: string | undefined,
): FeatureProblem[] {
  const { feature, release, older } = at;
  const { releases: needed, days } = manifest.deprecation;
  if (last.stage === 'stable' && needed > 0) {
    return [
      {
        ...at,
        kind: 'removed',
        message: `Users of ${feature} fail with ${release} without notice: it is removed, and it was still stable in ${older.version}.`,
        remedy: `Mark ${feature} as deprecated in one release and remove it in a later one.`,
      },
    ];
  }
  if (last.stage !== 'deprecated') return [];
  // The history before the first release of the manifest is not known.
  if (notice.releases.length < needed && notice.isWhole) {
    return [
      {
        ...at,
        kind: 'removed-early',
        older: notice.releases[0] ?? older,
        message: `Users of ${feature} get too little notice: it was deprecated in ${counted(notice.releases.length, 'release')} before ${release} removes it, and \`deprecation.releases\` promises ${needed}.`,
        remedy: `Keep ${feature} as deprecated in ${release}, and remove it in a later release.`,
      },
    ];
  }
  const end = last.sunset === undefined ? undefined : dayAfter(last.sunset, days);
  if (last.sunset === undefined || end === undefined || today === undefined || today >= end) return [];
  const grace = days > 0 ? ` and \`deprecation.days\` adds ${counted(days, 'day')}` : '';
  return [
    {
      ...at,
      kind: 'removed-early',
      message: `${release} removes ${feature} before its sunset date: ${older.version} promises it until ${last.sunset}${grace}, and today is ${today}.`,
      remedy: `Keep ${feature} as deprecated until ${end}, or publish ${release} after that day.`,
    },
  ];
}

function needsOf(states: FeatureStates, feature: string, before: Entry | undefined, entry: Entry): FeatureProblem[] {
  const { state } = entry;
  if (!state || state.stage === 'removed') return [];
  return state.needs.flatMap((need): FeatureProblem[] => {
    const problem = needProblem(states, feature, need, entry);
    const earlier = before?.state?.needs.includes(need) === true && needProblem(states, feature, need, before);
    // Said once, in the first release that has it.
    return problem && !(earlier && earlier.kind === problem.kind) ? [problem] : [];
  });
}

function needProblem(states: FeatureStates, feature: string, need: string, { version, index, state }: Entry): FeatureProblem | undefined {
  const at = { feature, need, release: version, index };
  const needed = states.state(need, version);
  if (!state || state.stage === 'removed') return undefined;
  if (!states.features.includes(need)) {
    const suggestion = suggest(need, states.features);
    return {
      ...at,
      kind: 'need-unmet',
      suggestion,
      message: `${feature} cannot work in ${version}: it needs ${need}, and no release has a feature of that name.`,
      remedy: suggestion === undefined ? `Add the feature ${need}, or remove it from \`needs\`.` : `Did you mean ${suggestion}?`,
    };
  }
  if (!needed || needed.stage === 'removed') {
    const why = needed ? `which ${version} removes` : `which ${version} does not have`;
    const later = states.releases.find((other) => other.index > index && states.has(need, other.version));
    const since = later ? ` ${later.version} introduces it.` : '';
    return {
      ...at,
      kind: 'need-unmet',
      message: `${feature} cannot work in ${version}: it needs ${need}, ${why}.${since}`,
      remedy: `Offer both in the same releases, and remove ${feature} before or together with ${need}.`,
    };
  }
  if (needed.stage === 'preview' && state.stage === 'stable') {
    return {
      ...at,
      kind: 'need-in-preview',
      message: `${feature} cannot be guaranteed in ${version}: it is stable but needs ${need}, a preview that may change or be removed at any time.`,
      remedy: `Make ${need} stable first, or keep ${feature} in preview until then.`,
    };
  }
  return undefined;
}

/** Said of what the newest release has as deprecated, at the release that deprecated it: elsewhere nobody can act any more. */
function withoutReplacement(feature: string, entries: readonly Entry[], place: number): FeatureProblem[] {
  const entry = entries[place];
  const isFirst = entry?.state?.stage === 'deprecated' && entries[place - 1]?.state?.stage !== 'deprecated';
  if (!entry || !isFirst) return [];
  const run = entries.slice(place);
  const isLastRun = run.every(({ state }) => state?.stage === 'deprecated');
  if (!isLastRun || run.some(({ state }) => state?.replacement !== undefined)) return [];
  return [
    {
      kind: 'no-replacement',
      feature,
      release: entry.version,
      index: entry.index,
      message: `${entry.version} deprecates ${feature} without naming a replacement.`,
      remedy: 'Name it in `replacement`.',
    },
  ];
}

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

function dayAfter(date: string, days: number): string | undefined {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : new Date(time + days * 86_400_000).toISOString().slice(0, 10);
}
