import type { Fix, ObservedBasis } from '../../core/finding';
import type { Database } from '../../databases/database';
import type { AnyTree } from '../../databases/registry/index';
import type { Statement } from '../../databases/statement';
import type { StatementContext } from '../context/context';
import type { CheckRoom } from './check';

/** The checks of one database product, and what the runner asks about their findings. */
export interface ProductChecks<Tree = AnyTree> {
  /** What checking needs of the product. */
  readonly database: Pick<Database<Tree>, 'dialect' | 'language' | 'replay'>;
  readonly rooms: readonly CheckRoom<Tree>[];
  /** The locks that a statement was seen to take, for a finding about them; undefined where they were not seen. */
  observedLocks(context: StatementContext<Tree>): ObservedBasis | undefined;
  /**
   * True when a fix brings nothing into its files that servers of the major version `minimum` do not know; what the text used
   * before counts as known. A file that is not in `files` is one that the fix makes.
   */
  fitsServer(fix: Fix, files: ReadonlyMap<string, SqlFile>, minimum: number): boolean;
}

/** A file with SQL in it. */
export interface SqlFile {
  readonly text: string;
  readonly statements: readonly Statement[];
}
