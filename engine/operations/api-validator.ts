import type { Files } from '../core/host';
import type { Manifest } from '../inputs/manifest/schema';
import { parseVersion } from '../core/versions';
import type { ApiChange } from '../checking/compatibility/apis/api-format';
import { type ApiComparison, compareReleases } from '../checking/compatibility/apis/compare-releases';
import { readApis } from '../checking/compatibility/apis/read-apis';
import { announcesBreak } from '../checking/compatibility/bump-level';
import type { Reason } from '../checking/compatibility/reason';

/** Reasons against a way, and what one has to know of it. */
interface ApiVerdict {
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
}

/**
 * Looks at the APIs that releases declare: that each description can be read, that none goes away without notice, and that
 * clients of one release can work with the next where its version says so. Breaks that are announced, by a deprecation or
 * by a new major version, are notes.
 */
export class ApiValidator {
  #comparisons: { today: string; found: Promise<readonly ApiComparison[]> } | undefined;

  constructor(
    private readonly manifest: Manifest,
    private readonly manifestPath: string,
    private readonly files: Files,
  ) {}

  /**
   * @param current null when nothing is installed: then nobody uses an API yet, and only descriptions matter
   * @param today `YYYY-MM-DD`; without it, sunset dates are not judged
   */
  async validateApis(current: string | null, passes: readonly string[], today = ''): Promise<ApiVerdict> {
    const reasons: Reason[] = [];
    const notes: Reason[] = [];
    const onTheWay = new Set(passes);
    const known = new Set([...(current === null ? [] : [current]), ...passes]);
    if (![...known].some((release) => Object.keys(this.#apis(release)).length > 0)) return { reasons, notes };
    const comparisons = (await this.#compared(today)).filter(({ newer }) => onTheWay.has(newer.release));
    for (const { api, newer, older, problem } of comparisons) {
      if (!problem) continue;
      const { message, remedy } = problem;
      if (older) notes.push({ code: 'api-invalid', message, remedy });
      else if (problem.code === 'file-not-found') {
        const told = `The description of API ${api} in release ${newer.release} cannot be read: ${message}`;
        reasons.push({ code: 'api-missing', message: told, remedy: 'Add the description or correct the path.' });
      } else reasons.push({ code: 'api-invalid', message, remedy });
    }
    if (current === null) return { reasons, notes };
    for (const comparison of comparisons) {
      if (!comparison.older || !known.has(comparison.older.release)) continue;
      const { hard, soft } = breaksOf(comparison);
      reasons.push(...broken(comparison, comparison.older.release, hard));
      notes.push(...broken(comparison, comparison.older.release, soft));
    }
    reasons.push(...this.#unread(current, passes, comparisons));
    return { reasons, notes };
  }

  /** APIs that are gone and whose earlier description cannot be read, so that nobody knows whether that was announced. */
  #unread(current: string, passes: readonly string[], comparisons: readonly ApiComparison[]): Reason[] {
    let before = current;
    return passes.flatMap((release) => {
      const now = this.#apis(release);
      const gone = Object.keys(this.#apis(before)).filter((api) => !(api in now));
      before = release;
      const isCompared = (api: string) => comparisons.some((each) => each.api === api && each.newer.release === release && each.older);
      const isAlpha = (api: string) => this.#isAlpha(api);
      return gone.filter((api) => !isCompared(api) && !isAlpha(api)).map((api) => removed(api, release));
    });
  }

  #isAlpha(api: string): boolean {
    const entries = this.manifest.releases.map(({ apis }) => apis[api]);
    return entries.some((entry) => typeof entry === 'object' && entry.stability === 'alpha');
  }

  #compared(today: string): Promise<readonly ApiComparison[]> {
    if (this.#comparisons?.today !== today) {
      const document = { manifest: this.manifest, path: this.manifestPath };
      const found = readApis(document, this.files).then((readings) => compareReleases(document, readings, { today }));
      this.#comparisons = { today, found };
    }
    return this.#comparisons.found;
  }

  #apis(release: string): Manifest['releases'][number]['apis'] {
    return this.manifest.releases.find(({ version }) => version === release)?.apis ?? {};
  }
}

/** The breaking changes of a comparison: `hard` without notice, `soft` with. */
function breaksOf({ changes, stability, older, newer }: ApiComparison): { hard: readonly ApiChange[]; soft: readonly ApiChange[] } {
  const [from, to] = [parseVersion(older?.release ?? ''), parseVersion(newer.release)];
  const isAllowed = stability !== 'stable' || (from !== undefined && to !== undefined && announcesBreak(from, to));
  const breaking = changes.filter(({ impact }) => impact === 'breaking');
  const isSoft = ({ announced }: ApiChange) => announced === true || (announced === undefined && isAllowed);
  return { hard: breaking.filter((change) => !isSoft(change)), soft: breaking.filter(isSoft) };
}

const mostNamed = 3;

/** One reason for all changes of an API between two releases. */
function broken({ api, newer }: ApiComparison, older: string, changes: readonly ApiChange[]): Reason[] {
  if (changes.length === 0) return [];
  if (newer.file === undefined) return [removed(api, newer.release)];
  const named = changes.slice(0, mostNamed).map(({ message }) => message);
  const all = changes.length > mostNamed ? [...named, `${changes.length - mostNamed} more changes`] : named;
  return [
    {
      code: 'api-breaking',
      message: `${newer.release} breaks clients of ${api} built for ${older}: ${all.join('; ')}.`,
      remedy: 'Keep the old form as well, or update the clients first.',
    },
  ];
}

function removed(api: string, release: string): Reason {
  return {
    code: 'api-removed',
    message: `Release ${release} removes the API ${api}.`,
    remedy: `Keep ${api}, mark it as deprecated, and remove it in a later release.`,
  };
}
