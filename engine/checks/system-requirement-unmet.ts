import { type Requirement, requirementsOf } from '../compatibility/features/requirements';
import { covers, readRange } from '../compatibility/features/version-ranges';
import type { Manifest } from '../manifest/schema';
import { suggest } from '../manifest/suggest';
import { isReadable } from '../project/systems';
import { parseVersion } from '../versions/releases';
import type { Check, FindingDraft } from './check';
import { requirementPath } from './support/feature-places';
import { replaceInManifest, type UsableManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'system-requirement-unmet',
  hazards: ['M21'],
  group: 'manifest',
  severity: 'error',
  summary: 'A release requires another system in a version that does not exist.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable || !context.systems) return;
    const { document } = usable;
    for (const [name, system] of context.systems) {
      if (isReadable(system)) continue;
      yield {
        range: document.rangeOf(['systems', name]),
        message: `Nobody can tell which releases of ${name} there are: its manifest cannot be read. ${system.message}`,
      };
    }
    for (const requirement of requirementsOf(usable.manifest)) {
      const system = context.systems.get(requirement.name);
      if (!system) yield* misspelt(usable, requirement, [...context.systems.keys()]);
      else if (isReadable(system)) yield* unmet(usable, requirement, system);
    }
  },
};

/** Runtimes whose names nobody means as that of a system. */
const runtimes = new Set(['postgresql', 'node']);

function* misspelt(usable: UsableManifest, requirement: Requirement, systems: readonly string[]): Iterable<FindingDraft> {
  const { name, release } = requirement;
  const meant = runtimes.has(name) ? undefined : suggest(name, systems);
  if (meant === undefined) return;
  const range = usable.document.rangeOf(requirementPath(usable, requirement), 'key');
  yield {
    range,
    severity: 'warning',
    message: `Nobody checks what ${release} requires of ${name}: \`systems\` lists no manifest of that name. Did you mean ${meant}?`,
    fixes: [replaceInManifest(usable.document, range, meant)],
  };
}

function* unmet(usable: UsableManifest, requirement: Requirement, { system, releases }: Manifest): Iterable<FindingDraft> {
  const range = readRange(requirement.range);
  if (!range) return;
  const fitting = releases.filter(({ version }) => parseVersion(version) && covers(range, version));
  if (fitting.some(({ yanked }) => yanked === undefined)) return;
  const { name, by, of, release } = requirement;
  const who = by === 'release' ? release : `${of} in ${release}`;
  const newest = releases.findLast(({ yanked }) => yanked === undefined)?.version;
  const [first] = fitting;
  const why = first
    ? `the only ones in "${requirement.range}" were yanked, ${first.version} for one`
    : `none of its releases is in "${requirement.range}"${newest === undefined ? '' : `; the newest is ${newest}`}`;
  yield {
    range: usable.document.rangeOf(requirementPath(usable, requirement)),
    message: `Nobody can meet what ${who} requires of ${name === system ? name : `${name} (${system})`}: ${why}. Correct the range, or list the release in the manifest of ${name}.`,
  };
}
