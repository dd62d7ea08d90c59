import type { Files } from '../../core/host';
import { ProblemError } from '../../core/problem';

/** A schema dump that stands for everything that ran before the first migration. */
export interface Baseline {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the dump that a manifest or a configuration file declares.
 * @throws ProblemError `file-not-found` when it is not there, otherwise `file-*`
 */
export async function readBaseline(files: Files, file: string, declaredIn: string): Promise<Baseline> {
  if ((await files.kind(file)) !== 'file') {
    throw new ProblemError({
      code: 'file-not-found',
      file,
      message: `${file} does not exist, but ${declaredIn} declares it as the baseline.`,
      remedy: 'Create the dump (pg_dump --schema-only), or correct the path, which is relative to the file that declares it.',
    });
  }
  return { file, text: await files.readText(file) };
}
