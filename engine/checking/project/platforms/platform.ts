import type { Files } from '../../../core/host';
import type { FolderAround } from '../../../inputs/scripts/listing';

/** A service that hosts databases and puts objects of its own into each before the first migration runs. */
export interface Platform {
  readonly name: string;
  /** Whether the project files around a migrations directory are those of the platform. */
  isUsed(around: readonly FolderAround[], files: Files): Promise<boolean>;
  /** What a new database of the platform holds, as far as migrations refer to it. */
  readonly sql: string;
}
