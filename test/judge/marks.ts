import { z } from 'zod';
import { severities } from '#engine/core/finding';
import type { Report, Reported } from './reported';

export const verdicts = ['right', 'wrong', 'unsure'] as const;
export type Verdict = (typeof verdicts)[number];

const mark = z.strictObject({
  project: z.string(),
  check: z.string(),
  severity: z.enum(severities),
  migration: z.string(),
  fingerprint: z.string(),
  verdict: z.enum(verdicts),
  /** In the judge's own words; no text of the script. */
  why: z.string().optional(),
  /** Set when the last run over the project did not report it any more, or not at this severity. */
  gone: z.literal(true).or(z.undefined()).optional(),
});

/** A person's verdict on one finding. */
export type Mark = z.infer<typeof mark>;

/** @throws Error when the text is not a list of marks */
export function parseMarks(text: string): Mark[] {
  return z.array(mark).parse(JSON.parse(text));
}

/** The marks as a file: ordered, so that a new mark changes only its own lines. */
export function formatMarks(marks: readonly Mark[]): string {
  const key = ({ project, check, fingerprint }: Mark) => `${project} ${check} ${fingerprint}`;
  return `${JSON.stringify(
    [...marks].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    null,
    2,
  )}\n`;
}

/** The marks with one more, in place of an earlier one on the same finding. */
export function withMark(marks: readonly Mark[], project: string, finding: Reported, verdict: Verdict, why: string | undefined): Mark[] {
  const { check, severity, migration, fingerprint } = finding;
  const others = marks.filter((each) => each.project !== project || each.fingerprint !== fingerprint);
  return [...others, { project, check, severity, migration, fingerprint, verdict, why }];
}

/** The marks after a run over a project: those on findings that are no longer reported, or at another severity, are gone. */
export function afterRun(marks: readonly Mark[], { project, findings }: Report): Mark[] {
  const severityNow = new Map(findings.map(({ fingerprint, severity }) => [fingerprint, severity]));
  return marks.map((each) => {
    if (each.project !== project) return each;
    const isReported = severityNow.get(each.fingerprint) === each.severity;
    return { ...each, gone: isReported ? undefined : true };
  });
}

/** The share of right findings per severity and per check, over all marks and over those that are still reported. */
export function summary(marks: readonly Mark[]): string {
  const lines = [`${'marks'.padEnd(42)} right  wrong  unsure  share   still reported`];
  const line = (name: string, some: readonly Mark[]) => {
    const number = (verdict: Verdict) => String(some.filter((each) => each.verdict === verdict).length);
    const row = [number('right').padStart(5), number('wrong').padStart(6), number('unsure').padStart(7), share(some).padStart(6)];
    lines.push(`${name.padEnd(42)} ${row.join(' ')}   ${share(some.filter(({ gone }) => !gone)).padStart(6)}`);
  };
  for (const severity of severities) {
    const some = marks.filter((each) => each.severity === severity);
    if (some.length === 0) continue;
    line(severity, some);
    for (const check of [...new Set(some.map((each) => each.check))].sort()) {
      line(
        `  ${check}`,
        some.filter((each) => each.check === check),
      );
    }
  }
  for (const project of [...new Set(marks.map((each) => each.project))].sort()) {
    line(
      project,
      marks.filter((each) => each.project === project),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Unsure ones are left out: `88%`. */
function share(marks: readonly Mark[]): string {
  const decided = marks.filter(({ verdict }) => verdict !== 'unsure');
  const right = decided.filter(({ verdict }) => verdict === 'right').length;
  return decided.length === 0 ? '-' : `${Math.round((100 * right) / decided.length)}%`;
}
