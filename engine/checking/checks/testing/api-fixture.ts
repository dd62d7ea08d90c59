import { expect } from 'vitest';
import { compareReleases } from '../../compatibility/apis/compare-releases';
import { readApis } from '../../compatibility/apis/read-apis';
import type { Finding } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { parseManifest } from '../../../inputs/manifest/parse';
import { nothingSettled } from '../../../inputs/settled/settlement';
import type { Check } from '../check';
import { runChecks } from '../runner/run-checks';
import { wellWritten } from './well-written';

/** Path in the project's folder to text, `upgrade.yaml` among them. */
export type ApiFixture = Readonly<Record<string, string>>;

/** A manifest with releases; each is its version and the entry of the API `store`, or nothing. */
export function apiManifest(releases: readonly (readonly [version: string, entry?: string])[], settings = ''): string {
  const lines = releases.map(
    ([version, entry]) => `  - version: ${version}\n${entry === undefined ? '' : `    apis: { store: ${entry} }\n`}`,
  );
  return `manifest: 1\nsystem: shop\n${settings}releases:\n${lines.join('')}`;
}

/** The findings of a check over the APIs of a manifest, on 2026-06-01. */
export async function apiFindings(fixture: ApiFixture, check: Check): Promise<readonly Finding[]> {
  const files = memoryFiles(Object.fromEntries(Object.entries(fixture).map(([name, text]) => [`/project/${name}`, text])));
  const manifest = parseManifest('/project/upgrade.yaml', await files.readText('/project/upgrade.yaml'));
  expect(manifest.problems).toEqual([]);
  const apis = await compareReleases(manifest, await readApis(manifest, files), { today: '2026-06-01' });
  const context = {
    manifest,
    directory: undefined,
    chain: [],
    minimum: 15,
    completeHistory: true,
    statistics: undefined,
    settlement: nothingSettled,
    apis,
  };
  return wellWritten(runChecks(context, [check]));
}

/** `severity file: marked text` of each finding. */
export function marked(fixture: ApiFixture, findings: readonly Finding[]): string[] {
  return findings.map(({ severity, file, range }) => {
    const name = file.slice('/project/'.length);
    return `${severity} ${name}: ${fixture[name]?.slice(range.start, range.end) ?? ''}`;
  });
}
