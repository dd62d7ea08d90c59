import type { Finding } from '../../../core/finding';
import type { Check } from '../check';
import { fileCheck } from './sql-check';

/** Path in the project's folder to text, `upgrade.yaml` among them. */
export type ProjectFixture = Readonly<Record<string, string>>;

/** A manifest with releases; each is its version and the entry of the API `store`, or nothing. */
export function apiManifest(releases: readonly (readonly [version: string, entry?: string])[], settings = ''): string {
  const lines = releases.map(
    ([version, entry]) => `  - version: ${version}\n${entry === undefined ? '' : `    apis: { store: ${entry} }\n`}`,
  );
  return `manifest: 1\nsystem: shop\n${settings}releases:\n${lines.join('')}`;
}

/** Tests a check on what the manifest of a project names: APIs and queries. On 2026-06-01; nothing runs. */
export function projectCheck(check: Check) {
  const test = fileCheck(check, {}, { today: '2026-06-01' });
  const findingsIn = (fixture: ProjectFixture): Promise<readonly Finding[]> =>
    test.findingsIn(
      Object.fromEntries(Object.entries(fixture).map(([name, text]) => [name === 'upgrade.yaml' ? name : `../${name}`, text])),
    );
  return {
    findingsIn,
    /** `severity file: marked text` of each finding. */
    placesIn: async (fixture: ProjectFixture): Promise<string[]> =>
      (await findingsIn(fixture)).map(({ severity, file, range }) => {
        const name = file.slice('/project/'.length);
        return `${severity} ${name}: ${fixture[name]?.slice(range.start, range.end) ?? ''}`;
      }),
  };
}
