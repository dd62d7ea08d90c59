import type { ApiImpact } from '../api-format';
import type { Part } from './description';

/** Who sends what is described: those who use the API (`sent`), or the API (`received` by those who use it). */
export type Flow = 'sent' | 'received';

/** The impact of a change on what is sent and on what is received. */
export type Impacts = Readonly<Record<Flow, ApiImpact>>;

export const narrowed: Impacts = { sent: 'breaking', received: 'neutral' };
export const perhapsNarrowed: Impacts = { sent: 'risky', received: 'neutral' };
export const widened: Impacts = { sent: 'addition', received: 'breaking' };
export const perhapsWidened: Impacts = { sent: 'addition', received: 'risky' };
export const replaced: Impacts = { sent: 'breaking', received: 'breaking' };
export const unclear: Impacts = { sent: 'risky', received: 'risky' };

/** A headline, given the words for the operations that it concerns: "`GET /orders`" for one of them, "4 operations" for several. */
export type Headline = (operations: string) => string;

/** A change before it is known which operations it concerns. */
export interface Draft {
  readonly id: string;
  readonly impact: ApiImpact;
  readonly message: string | Headline;
  /** Full sentences, without the operations: they are named at the end. */
  readonly details?: string | undefined;
  readonly part: Part;
  readonly before?: Part;
  /** What is removed, where the older description may have announced that. */
  readonly gone?: Part;
}
