import { isFullDisk } from '../core/full-disk';
import type { Problem } from '../core/problem';
import { ProblemError } from '../core/problem';

/** The problems that files can have, worded once for every host. */

export function notFound(path: string): ProblemError {
  return new ProblemError({
    code: 'file-not-found',
    message: `${path} does not exist.`,
    remedy: 'Check the spelling of the path, or create the file.',
    file: path,
  });
}

export function tooLarge(path: string, bytes: number, limit: number): ProblemError {
  return new ProblemError({
    code: 'file-too-large',
    message: `${path} has ${bytes} bytes; a text file of at most ${limit} bytes was expected.`,
    remedy: 'Split the file, or keep bulk data outside of migrations.',
    file: path,
  });
}

/** A problem for what the operating system said about reading. Codes: `file-not-found`, `file-too-large`, `file-unreadable`. */
export function readingProblem(path: string, error: unknown): ProblemError {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound(path);
  const problem: Problem = {
    code: code === 'ERR_FS_FILE_TOO_LARGE' ? 'file-too-large' : 'file-unreadable',
    message: code === 'EISDIR' ? `${path} is a folder; a file was expected.` : `${path} cannot be read.`,
    remedy: 'Check that the path is a file and that you are allowed to read it.',
    file: path,
    cause: errorMessage(error),
  };
  return new ProblemError(problem);
}

export function writingProblem(path: string, error: unknown): ProblemError {
  return new ProblemError({
    code: isFullDisk(error) ? 'disk-full' : 'file-unwritable',
    message: isFullDisk(error) ? `${path} cannot be written: its disk is full.` : `${path} cannot be written.`,
    remedy: isFullDisk(error) ? 'Free space on the disk, and try again.' : 'Check that you are allowed to write to the folder.',
    file: path,
    cause: errorMessage(error),
  });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
