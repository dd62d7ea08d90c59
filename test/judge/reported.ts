import type { Severity } from '#engine/core/finding';
import { sha256 } from '#engine/core/hash';

/** A finding of a project as it is kept between two calls of the command, with what a person needs to judge it. */
export interface Reported {
  /** Stable while the check and the statement stay: see `fingerprints`. */
  readonly fingerprint: string;
  readonly check: string;
  readonly severity: Severity;
  /** The id of the migration; the file's name for a finding in another file. */
  readonly migration: string;
  /** Relative to the checkout. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly verified: boolean;
  /** The finding's lines with those around it and a line of carets, ready to print. */
  readonly excerpt: string;
  /** Related places, a line each. */
  readonly related: readonly string[];
  readonly fixes: readonly string[];
}

/** What one run over a checkout found. */
export interface Report {
  /** `owner/name`. */
  readonly project: string;
  /** Up scripts that were looked at. */
  readonly migrations: number;
  readonly findings: readonly Reported[];
}

/** What identifies a finding. */
export interface Identity {
  readonly check: string;
  /** Relative to the checkout. */
  readonly file: string;
  /** The text of the statement that the finding is in. */
  readonly statement: string;
}

/**
 * A fingerprint per finding, in their order: a hash of check, path and statement without its white space, and a number where the same
 * check reports the same statement of a file more than once. It holds nothing of the text and survives changes elsewhere in the file.
 */
export function fingerprints(identities: readonly Identity[]): string[] {
  const seen = new Map<string, number>();
  return identities.map(({ check, file, statement }) => {
    const text = [check, file, statement.replace(/\s+/g, ' ').trim()].join('\0');
    const hash = sha256(text).slice(0, 12);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return number === 1 ? hash : `${hash}-${number}`;
  });
}
