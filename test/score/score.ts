import type { Check } from '#engine/checking/checks/check';
import { checks as allChecks } from '#engine/checking/checks/registry/index';
import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import type { ScoreCase } from './case-format';
import { type CaseResult, type Judges, runCase } from './run-case';

/** A part of a whole, as a report shows it. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/** How one hazard fared over all cases. */
export interface HazardScore {
  readonly hazard: string;
  /** Places where it is expected, and how many of them were reported. */
  readonly positives: number;
  readonly found: number;
  /** Cases that forbid it, and findings that carry it there. */
  readonly negatives: number;
  readonly falseAlarms: number;
}

export interface Score {
  readonly results: readonly CaseResult[];
  /** Expected hazards that were reported. */
  readonly recall: Share;
  /** Findings that their case forbids. */
  readonly falseAlarms: number;
  /** Places with the text to be marked given, where exactly that was marked. */
  readonly ranges: Share;
  /** Fixes that parse, remove their finding and bring no other. */
  readonly fixes: Share;
  /** Findings that the shadow database (or the files) showed. */
  readonly verified: Share;
  /** Cases that cannot be judged. */
  readonly broken: number;
  readonly hazards: readonly HazardScore[];
  readonly milliseconds: number;
}

export interface ScoreOptions {
  /** Absolute path of the bundled shadow worker. */
  readonly worker: string;
  /** Absolute path of the embedded database's asset folder. */
  readonly assets: string;
  /** Default: all there are. */
  readonly checks?: readonly Check[];
  readonly onCase?: (done: number, of: number) => void;
}

const mostShadows = 2;

/**
 * Runs every case and sums up.
 * @throws ProblemError `shadow-unavailable`
 */
export async function score(cases: readonly ScoreCase[], { worker, assets, checks = allChecks, onCase }: ScoreOptions): Promise<Score> {
  const started = performance.now();
  const results = new Map<ScoreCase, CaseResult>();
  const queue = inGroups(cases);
  const work = async () => {
    if (queue.length === 0) return;
    const shadow = await createShadow({ worker, assets });
    try {
      await workOff(queue, { shadow, checks }, (result) => {
        results.set(result.case, result);
        onCase?.(results.size, cases.length);
      });
    } finally {
      await shadow.dispose();
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostShadows, queue.length) }, work));
  const inOrder = cases.flatMap((each) => results.get(each) ?? []);
  return { ...summed(inOrder), milliseconds: performance.now() - started };
}

/**
 * Cases with the same `before` stand together: the shadow takes a script back for nothing, but opens a database anew for another
 * history. Scripts that it cannot take back come last in their group, and the largest groups first.
 */
function inGroups(cases: readonly ScoreCase[]): ScoreCase[][] {
  const groups = new Map<string, ScoreCase[]>();
  for (const each of cases) {
    const key = each.sql === undefined ? `${each.source} ${each.name}` : (each.before ?? '');
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const commits = ({ runner, sql = '' }: ScoreCase) => (runner?.transaction === 'none' || /\bcommit\b|no-transaction/i.test(sql) ? 1 : 0);
  return [...groups.values()].map((group) => group.sort((a, b) => commits(a) - commits(b))).sort((a, b) => b.length - a.length);
}

async function workOff(queue: ScoreCase[][], judges: Judges, done: (result: CaseResult) => void): Promise<void> {
  for (let group = queue.shift(); group; group = queue.shift()) {
    for (const each of group) done(await runCase(each, judges));
  }
}

/** Whether anything went wrong that a case says must not. */
export function isPerfect({ recall, falseAlarms, fixes, broken }: Score): boolean {
  return recall.part === recall.whole && falseAlarms === 0 && fixes.part === fixes.whole && broken === 0;
}

function summed(results: readonly CaseResult[]): Omit<Score, 'milliseconds'> {
  const expected = results.flatMap((result) => result.expected);
  const findings = results.flatMap((result) => result.findings);
  return {
    results,
    recall: share(expected, ({ found }) => found),
    falseAlarms: results.flatMap((result) => result.falseAlarms).length,
    ranges: share(
      expected.filter(({ exact }) => exact !== undefined),
      ({ exact }) => exact === true,
    ),
    fixes: share(
      results.flatMap((result) => result.fixes),
      ({ problem }) => problem === undefined,
    ),
    verified: share(findings, ({ verified }) => verified),
    broken: results.filter(({ broken }) => broken !== undefined).length,
    hazards: hazardScores(results),
  };
}

function hazardScores(results: readonly CaseResult[]): HazardScore[] {
  const scores = new Map<string, { positives: number; found: number; negatives: number; falseAlarms: number }>();
  const of = (hazard: string) => {
    const known = scores.get(hazard) ?? { positives: 0, found: 0, negatives: 0, falseAlarms: 0 };
    scores.set(hazard, known);
    return known;
  };
  for (const result of results) {
    for (const { expectation, found } of result.expected) {
      of(expectation.hazard).positives++;
      if (found) of(expectation.hazard).found++;
    }
    for (const hazard of forbiddenHazards(result.case)) of(hazard).negatives++;
    for (const { hazards } of result.falseAlarms) for (const hazard of hazards) of(hazard).falseAlarms++;
  }
  const byNumber = new Intl.Collator('en', { numeric: true });
  return [...scores].map(([hazard, counts]) => ({ hazard, ...counts })).sort((a, b) => byNumber.compare(a.hazard, b.hazard));
}

/** `*` stands for the hazards that the case's file is about, save those that the case itself expects. */
function forbiddenHazards({ forbid, fileHazards, expect }: ScoreCase): Set<string> {
  const expected = new Set(expect.map(({ hazard }) => hazard));
  const others = forbid.includes('*') ? fileHazards.filter((hazard) => !expected.has(hazard)) : [];
  return new Set([...forbid.filter((hazard) => hazard !== '*'), ...others]);
}

function share<T>(items: readonly T[], counts: (item: T) => boolean): Share {
  return { part: items.filter(counts).length, whole: items.length };
}
