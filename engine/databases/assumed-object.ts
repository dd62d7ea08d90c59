import type { TextRange } from '../core/text';

/** An object that a script needs and its history does not create. Its columns and their types are guesses, unless `from` is set. */
export interface AssumedObject {
  /** Type and qualified name, as in `Difference.object`: `table public.orders`, `column public.orders.id`. */
  readonly object: string;
  /** The statement that made it in the shadow. */
  readonly sql: string;
  /** The other migrations directory whose scripts create it; its definition is then theirs. */
  readonly from?: Origin;
}

/** Where another history creates an object. */
export interface Origin {
  readonly directory: string;
  readonly file: string;
  readonly range: TextRange;
}
