import type { Files } from '../../core/host';
import type { TextEdit } from '../../core/finding';
import type { DialectVerdict } from './dialect';
import type { LayoutName, LayoutProblem, Migration, RunnerProfile, Script } from '../../core/scripts';
import type { Listing } from './listing';

/**
 * How sure a layout is that a directory is its own: a `marker` file of the tool, a `directive` inside the scripts, or
 * only the `name`s of the files.
 */
export const confidences = ['name', 'directive', 'marker'] as const;
type Confidence = (typeof confidences)[number];

export interface Detection {
  readonly confidence: Confidence;
  /** One sentence for people: what was seen. */
  readonly reason: string;
}

/** What a layout made of a directory. */
export interface LayoutReading {
  /** In the order in which the tool runs them. */
  readonly migrations: readonly Migration[];
  readonly problems: readonly LayoutProblem[];
  /** How the settings of the project make the tool run scripts, where that is not the layout's default. */
  readonly runner?: RunnerProfile;
  /** The database that the names of the scripts say they are for, where they say it. */
  readonly dialect?: DialectVerdict | undefined;
}

/** Text for a script that does not exist yet: a file of its own, or a change of the file that holds the other direction. */
export type ScriptTemplate =
  { readonly kind: 'file'; readonly file: string; readonly text: string } | { readonly kind: 'edit'; readonly edit: TextEdit };

/** One tool's conventions. Every layout is one of these, in a file of its own. */
export interface Layout {
  readonly name: LayoutName;
  readonly runner: RunnerProfile;
  /** Whether the directory looks like the layout's; undefined when it does not. Pure. */
  detect(listing: Listing): Detection | undefined;
  /** Reads the directory. What is wrong with single files becomes `problems`; throws only for bugs. */
  read(files: Files, directory: string): Promise<LayoutReading>;
  /** Whether the layout would look for scripts at this path, given relative to the directory. Pure. */
  owns(relativePath: string): boolean;
  /** Where the down of a migration belongs, with `body` in it; undefined where the tool knows no downs. */
  downTemplate(migration: Migration, directory: string, body: string): ScriptTemplate | undefined;
  /**
   * Writes the header that turns the script's transaction off; undefined where the header would change more than this
   * script. Absent where the tool has no such header inside the SQL file. The script runs in a transaction so far. Pure.
   */
  noTransactionEdit?(script: Script): TextEdit | undefined;
}
