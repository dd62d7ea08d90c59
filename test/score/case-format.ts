import * as z from 'zod';
import { layoutNames } from '#engine/core/scripts';

/** What a case file holds; docs/scoring.md explains it to people who write cases. */

const hazard = z.string().regex(/^[A-Z]+\d+$/, 'must be the number of a hazard, such as P1');

const expectationSchema = z.strictObject({
  hazard,
  line: z.int().min(1),
  file: z.string().min(1).optional(),
  text: z.string().min(1).optional(),
});

const runnerSchema = z.strictObject({
  transaction: z.enum(['script', 'none']).optional(),
  sends: z.enum(['whole', 'statements']).optional(),
});

const tableSchema = z.strictObject({
  rows: z.number().min(0).optional(),
  bytes: z.number().min(0).optional(),
  writesPerSecond: z.number().min(0).optional(),
});

export const caseSchema = z
  .strictObject({
    name: z.string().min(1),
    before: z.string().optional(),
    sql: z.string().optional(),
    files: z.record(z.string().min(1), z.string()).optional(),
    dir: z.string().min(1).optional(),
    down: z.string().optional(),
    runner: runnerSchema.optional(),
    layout: z.enum(['auto', ...layoutNames]).optional(),
    minimum: z.int().min(1).optional(),
    statistics: z.record(z.string().min(1), tableSchema).optional(),
    expect: z.array(expectationSchema).default([]),
    forbid: z.union([z.literal('*'), z.array(z.union([z.literal('*'), hazard]))]).default([]),
  })
  .superRefine((value, context) => {
    const problem = (message: string, path: (string | number)[] = []) => context.addIssue({ code: 'custom', message, path });
    const scripts = [value.sql, value.files, value.dir].filter((each) => each !== undefined).length;
    if (scripts !== 1) problem('must have exactly one of `sql`, `files` and `dir`');
    if (value.sql === undefined && value.down !== undefined)
      problem('goes with `sql` only; `files` and `dir` hold their own downs', ['down']);
    if (value.sql !== undefined && value.layout !== undefined) problem('goes with `files` and `dir` only; `sql` has `runner`', ['layout']);
    const isJudged = value.expect.length > 0 || value.forbid.length > 0;
    if (!isJudged) problem('must expect or forbid something; without both it can only pass');
  });

export type CaseText = z.infer<typeof caseSchema>;
export type Expectation = CaseText['expect'][number];

/** One case, read and checked. */
export interface ScoreCase extends Omit<CaseText, 'dir' | 'forbid'> {
  /** The case file, as it was named. */
  readonly source: string;
  /** Where the case stands in it, from 1. */
  readonly sourceLine: number;
  /** Hazards that must not be reported; `*` forbids all that is not expected. */
  readonly forbid: readonly string[];
  /** The scripts under test by path below the case's folder: those of `files` or `dir`, or `sql` (and `down`) under names of their own. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Hazards that any case of the same file names: what a `*` of this case is counted for. */
  readonly fileHazards: readonly string[];
}

/** The names that `sql` and `down` get. */
export const upName = '0001_case.sql';
export const downName = '0001_case.down.sql';
