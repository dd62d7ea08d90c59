import { expect } from 'vitest';
import type { Finding } from '../../../core/finding';
import { LineIndex } from '../../../core/text';
import { parseManifest } from '../../../inputs/manifest/parse';
import type { Check } from '../check';
import { type CheckTest, fileCheck, type FixOptions, type Script } from './sql-check';
import type { Fixture } from './sql-fixture';

const head = 'manifest: 1\nsystem: mem8\n';

export interface ManifestTest extends CheckTest {
  /** `severity line: marked text` of each finding; lines of the given text, from 1. */
  placesIn(manifest: string): Promise<string[]>;
}

/** A manifest with the given text after `manifest:` and `system:`. Marker lines are YAML comments. */
export function manifestText(rest: string): string {
  return `${head}${rest}`;
}

/** Up and down scripts by migration id that make and drop a table each. */
export function scriptFixture(...ids: string[]): Fixture {
  return Object.fromEntries(
    ids.flatMap((id) => [
      [`${id}.up.sql`, `CREATE TABLE t${id} (id int);\n`],
      [`${id}.down.sql`, `DROP TABLE t${id};\n`],
    ]),
  );
}

/**
 * Tests a check on manifests, on 2026-06-01; nothing runs. A script is the text of the manifest after `manifest:` and `system:`,
 * beside the given files. `silentOn` and `placesIn` assert that such a text is valid.
 */
export function manifestCheck(check: Check, files: Fixture = {}): ManifestTest {
  const test = fileCheck(check, files, { today: '2026-06-01' });
  const inFile = (script: Script): Fixture => (typeof script === 'string' ? { 'upgrade.yaml': manifestText(script) } : script);
  const valid = (script: Script): Fixture => {
    if (typeof script === 'string') expect(parseManifest('/project/upgrade.yaml', manifestText(script)).problems).toEqual([]);
    return inFile(script);
  };
  return {
    findingsIn: (script, options) => test.findingsIn(inFile(script), options),
    reports: (script, options) => test.reports(inFile(script), options),
    silentOn: async (script, options) => test.silentOn(valid(script), options),
    afterFix: async <Given extends Script>(script: Given, options?: FixOptions) => {
      const fixed = await test.afterFix(inFile(script), options);
      return (typeof script === 'string' ? fixed['upgrade.yaml']?.slice(head.length) : fixed) as Given extends string ? string : Fixture;
    },
    placesIn: async (manifest) => (await test.findingsIn(valid(manifest))).map((finding) => placeIn(manifest, finding)),
  };
}

function placeIn(rest: string, { severity, range }: Finding): string {
  const start = range.start - head.length;
  return `${severity} ${new LineIndex(rest).positionAt(start).line + 1}: ${rest.slice(start, range.end - head.length)}`;
}
