import type { ApiChange, ApiPlace } from '../../compatibility/apis/api-format';
import type { ApiComparison, ApiVersion } from '../../compatibility/apis/compare-releases';
import type { RelatedPlace } from '../../../core/finding';
import type { TextRange } from '../../../core/text';
import { parseVersion } from '../../../core/versions';
import type { ProjectContext } from '../../context/context';
import { releasePath, usableManifest } from './manifest-places';

/** A comparison of two releases that have or had the API. */
export interface ComparedReleases extends ApiComparison {
  readonly older: ApiVersion;
}

/** Every comparison with an answer. */
export function comparedReleases({ apis = [] }: ProjectContext): readonly ComparedReleases[] {
  return apis.filter((each): each is ComparedReleases => each.older !== undefined && each.problem === undefined);
}

/** True for a change that is about how the end of a part was announced, and not about what the part does. */
export function isAboutNotice({ id, announced }: ApiChange): boolean {
  return announced !== undefined || /sunset|deprecat/.test(id);
}

/** True when the newer release may break clients by semantic versioning: another major version, or before 1.0.0 another minor one. */
export function isMajorBump({ older, newer }: ComparedReleases): boolean {
  const [from, to] = [parseVersion(older.release), parseVersion(newer.release)];
  if (!from || !to) return false;
  return to.major !== from.major || (to.major === 0 && to.minor !== from.minor);
}

export function relatedPlace(place: ApiPlace | undefined, message: string): RelatedPlace[] {
  return place ? [{ ...place, message }] : [];
}

/** Where the manifest names the description of a version, or the version of a release without it. */
export function apiInManifest(context: ProjectContext, api: string, version: ApiVersion): { file: string; range: TextRange } | undefined {
  const usable = usableManifest(context);
  if (!usable) return undefined;
  const { document, manifest } = usable;
  const isPathAlone = typeof manifest.releases[version.index]?.apis[api] === 'string';
  const rest = version.file === undefined ? ['version'] : ['apis', api, ...(isPathAlone ? [] : ['file'])];
  const path = releasePath(document, version.index, ...rest);
  return { file: document.path, range: document.rangeOf(path) };
}
