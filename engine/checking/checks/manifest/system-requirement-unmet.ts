import { type Requirement, requirementsOf } from '../../compatibility/features/requirements';
import { covers, readRange } from '../../compatibility/features/version-ranges';
import type { Manifest } from '../../../inputs/manifest/schema';
import { suggest } from '../../../inputs/manifest/suggest';
import { isReadable } from '../../../inputs/releases/systems';
import { parseVersion } from '../../../core/versions';
import type { Check, FindingDraft } from '../check';
import { requirementPath } from '../support/feature-places';
import { replaceInManifest, type UsableManifest, usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'system-requirement-unmet',
  hazards: ['M21'],
  severity: 'error',
  summary: 'Requires a version of another system that does not exist.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable || !context.systems) return;
    const { document } = usable;
    for (const [name, system] of context.systems) {
      if (isReadable(system)) continue;
      yield {
        range: document.rangeOf(['systems', name]),
        message: `The manifest of ${name} cannot be read`,
        details: system.message,
        advice: system.remedy,
      };
    }
    for (const requirement of requirementsOf(usable.manifest)) {
      const system = context.systems.get(requirement.name);
      if (!system) yield* misspelt(usable, requirement, [...context.systems.keys()]);
      else if (isReadable(system)) yield* unmet(usable, requirement, system);
    }
  },
};

/** Runtimes, whose names are not those of systems. */
const runtimes = new Set(['postgresql', 'node']);

function* misspelt(usable: UsableManifest, requirement: Requirement, systems: readonly string[]): Iterable<FindingDraft> {
  const { name, release } = requirement;
  const meant = runtimes.has(name) ? undefined : suggest(name, systems);
  if (meant === undefined) return;
  const range = usable.document.rangeOf(requirementPath(usable, requirement), 'key');
  yield {
    range,
    severity: 'warning',
    message: `The requirement of ${release} on ${name} is not checked: \`systems\` does not list it`,
    advice: `Did you mean ${meant}?`,
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
  const details = first
    ? `All matching releases are yanked, such as ${first.version}.`
    : newest === undefined
      ? undefined
      : `The newest release of ${name} is ${newest}.`;
  const unmetRange = `No release of ${name === system ? name : `${name} (${system})`} satisfies "${requirement.range}"`;
  yield {
    range: usable.document.rangeOf(requirementPath(usable, requirement)),
    message: firstFitting([`${unmetRange}, which ${who} requires`, unmetRange]),
    details,
    advice: `Correct the range, or list the release in the manifest of ${name}.`,
  };
}
