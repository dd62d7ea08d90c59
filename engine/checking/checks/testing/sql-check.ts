import { expect } from 'vitest';
import type { Finding } from '../../../core/finding';
import { LineIndex } from '../../../core/text';
import type { Check } from '../check';
import { applyFix, findingsIn as analyse, type Fixture, type FixtureOptions, pathOf, startShadow } from './sql-fixture';

/** SQL of a migration that runs after the base, or files of a project beside those of the base. */
export type Script = string | Fixture;

export interface CheckOptions extends Omit<FixtureOptions, 'shadow'> {
  /** False: no statement runs, so that checks judge by the syntax. Default true. */
  readonly shadow?: boolean;
  /** Checks that run as well. */
  readonly also?: readonly Check[];
}

export interface FixOptions extends CheckOptions {
  /** The first fix of every finding is applied. */
  readonly all?: boolean;
}

export interface CheckTest {
  /** All findings, each place on its own, in the order of files and places. */
  findingsIn(script: Script, options?: CheckOptions): Promise<readonly Finding[]>;
  /**
   * Asserts that the findings are those of the marker lines in the script, of which there must be one. A marker stands below
   * the line of its finding:
   *
   *     ALTER TABLE t ADD CHECK (a > 0);
   *     --^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock      (from the first column)
   *        -- ^^^ other-check                             (under the carets)
   */
  reports(script: Script, options?: CheckOptions): Promise<readonly Finding[]>;
  /** Asserts that there is no finding. */
  silentOn(script: Script, options?: CheckOptions): Promise<void>;
  /** The script after the first fix of its first finding, or of `all`. Asserts that nothing is found in it. */
  afterFix<Given extends Script>(script: Given, options?: FixOptions): Promise<Given extends string ? string : Fixture>;
}

/** Tests a check on scripts that run in the embedded database after the base. Loose scripts run without the base. */
export function sqlCheck(check: Check, base: Script = {}, defaults: CheckOptions = {}): CheckTest {
  const before = typeof base === 'string' ? { '0001_base.up.sql': base } : base;
  const changeName = Object.keys(before).length > 0 ? '0002_change.up.sql' : '0001_change.up.sql';

  function filesOf(script: Script, options: CheckOptions): Fixture {
    const { loose } = { ...defaults, ...options };
    const files = typeof script === 'string' ? { [loose ? 'change.sql' : changeName]: script } : script;
    return loose ? files : { ...before, ...files };
  }

  async function findingsOf(files: Fixture, options: CheckOptions): Promise<readonly Finding[]> {
    const { shadow = true, also = [], ...rest } = { ...defaults, ...options };
    return analyse(files, [check, ...also], { ...rest, shadow: shadow ? await startShadow() : undefined });
  }

  return {
    findingsIn: (script, options = {}) => findingsOf(filesOf(script, options), options),
    reports: async (script, options = {}) => {
      const files = filesOf(script, options);
      const marked = markersIn(files).filter((marker) => marker.endsWith(` ${check.id}`));
      expect(marked, 'marker lines').not.toEqual([]);
      const findings = await findingsOf(files, options);
      expect(findings.map((finding) => placeOf(files, finding))).toEqual(marked);
      return findings;
    },
    silentOn: async (script, options = {}) => {
      expect(await findingsOf(filesOf(script, options), options)).toEqual([]);
    },
    afterFix: async <Given extends Script>(script: Given, { all, ...options }: FixOptions = {}) => {
      const files = filesOf(script, options);
      const found = (await findingsOf(files, options)).filter(({ id }) => id === check.id);
      const fixed = (all ? found : found.slice(0, 1)).reduceRight((text, { fixes }) => applyFix(text, fixes[0]), files);
      expect(fixed).not.toEqual(files);
      expect(await findingsOf(fixed, options)).toEqual([]);
      const result = typeof script === 'string' ? Object.values(fixed).at(-1) : fixed;
      return result as Given extends string ? string : Fixture;
    },
  };
}

/** Tests a check on the files alone: nothing runs. */
export function fileCheck(check: Check, base: Script = {}, defaults: CheckOptions = {}): CheckTest {
  return sqlCheck(check, base, { shadow: false, ...defaults });
}

/** `0001_a.up.sql:2:1-8 id`, lines and columns from 1, the end exclusive. */
function placeOf(fixture: Fixture, { file, range, id }: Finding): string {
  const name = Object.keys(fixture).find((each) => pathOf(each) === file) ?? file;
  const index = new LineIndex(fixture[name] ?? '');
  const start = index.positionAt(range.start);
  const end = index.positionAt(range.end);
  return `${name}:${start.line + 1}:${start.character + 1}-${end.character + 1} ${id}`;
}

function markersIn(fixture: Fixture): string[] {
  return Object.entries(fixture).flatMap(([name, text]) => {
    const lines = text.split(/\r\n|\n/);
    return lines.flatMap((line, number) => {
      const match = /^(\s*(?:--|#))(\s*)(\^+) ([a-z-]+)\s*$/.exec(line);
      if (!match) return [];
      const [, lead = '', gap = '', carets = '', id = ''] = match;
      let above = number;
      while (/^\s*(--|#)\s*\^/.test(lines[above - 1] ?? '')) above--;
      const caretColumn = lead.length + gap.length;
      const start = gap === '' ? lead.length - 2 : caretColumn;
      return [`${name}:${above}:${start + 1}-${caretColumn + carets.length + 1} ${id}`];
    });
  });
}
