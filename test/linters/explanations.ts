import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type LinterName, linterNames } from './linter-file';

const explanationSchema = z.strictObject({
  tool: z.enum(linterNames),
  /** The test's name, or its beginning followed by `*`. */
  test: z.string().min(1),
  /** `right`: PostgreSQL bears us out. `not ours`: the opinion is about style or the other tool's own settings, and PostgreSQL has none. */
  kind: z.enum(['right', 'not ours']),
  /** What we answer. */
  ours: z.string().min(1),
  /** PostgreSQL's own answer, or why the opinion is none of an upgrade's. */
  why: z.string().min(1),
  /** Which findings of a good file are meant, by the ids of their checks. Default: what is missing in a bad file. */
  findings: z.array(z.string()).optional(),
});

export type Explanation = z.infer<typeof explanationSchema>;

/** Reads the committed explanations. */
export async function readExplanations(path: string): Promise<Explanation[]> {
  return z.array(explanationSchema).parse(JSON.parse(await readFile(path, 'utf8')));
}

/** The explanation of a test's disagreement; for a good file the one that names the finding's check. */
export function explanationOf(all: readonly Explanation[], tool: LinterName, name: string, finding?: string): Explanation | undefined {
  return all.find(
    (each) =>
      each.tool === tool &&
      (each.test.endsWith('*') ? name.startsWith(each.test.slice(0, -1)) : each.test === name) &&
      (finding === undefined ? each.findings === undefined : (each.findings?.includes(finding) ?? false)),
  );
}
