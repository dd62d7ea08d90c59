import { compareCodePoints } from '../../../core/paths';
import type { ApiChange, ApiImpact, ApiPlace, ComparisonOptions } from '../api-format';
import type { Part } from './description';
import { isAnnounced } from './lifecycle';

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

/** What a change follows from: an operation, or a pair of schemas that operations share. */
export interface User {
  readonly title: string;
  /** True for a draft or alpha operation, which may change in any way. */
  readonly unstable: boolean;
}

export interface Draft {
  readonly id: string;
  readonly impact: ApiImpact;
  /** Full sentences, without the operations: they are named at the end. */
  readonly message: string;
  readonly part: Part;
  readonly before?: Part;
  /** What is gone, where the older description may have announced that. */
  readonly gone?: Part;
}

/** Something that users lead to, over others of its kind. */
export interface Reached {
  readonly users: Set<User>;
  readonly parents: Set<Reached>;
}

export function reached(): Reached {
  return { users: new Set(), parents: new Set() };
}

/** Gathers changes. One change that many operations share is one finding. */
export class Changes {
  readonly #drafts = new Map<string, { readonly draft: Draft; readonly from: Set<Reached>; order: number }>();

  constructor(readonly options: ComparisonOptions) {}

  add(draft: Draft, from: Reached): void {
    const key = [draft.id, draft.part.identity, draft.before?.identity].join('\n');
    const known = this.#drafts.get(key);
    if (known) known.from.add(from);
    else this.#drafts.set(key, { draft, from: new Set([from]), order: this.#drafts.size });
  }

  /** @param files in the order in which the newer description refers to them */
  finished(files: readonly string[]): ApiChange[] {
    const fileOrder = new Map(files.map((file, index) => [file, index]));
    const placed = [...this.#drafts.values()].map((entry) => ({ ...entry, place: entry.draft.part.place }));
    placed.sort(
      (a, b) =>
        (fileOrder.get(a.place.file) ?? 0) - (fileOrder.get(b.place.file) ?? 0) ||
        a.place.range.start - b.place.range.start ||
        a.order - b.order,
    );
    return placed.map(({ draft, from, place }) => this.#change(draft, from, place));
  }

  #change(draft: Draft, from: ReadonlySet<Reached>, place: ApiPlace): ApiChange {
    const users = usersOf(from);
    const unstable = users.length > 0 && users.every((user) => user.unstable);
    const impact = unstable && draft.impact !== 'addition' ? 'neutral' : draft.impact;
    const announced = draft.gone && isAnnounced(draft.gone, this.options);
    return {
      id: draft.id,
      impact,
      message: draft.message + usersText(users),
      place,
      ...(draft.before ? { before: draft.before.place } : {}),
      ...(announced === undefined ? {} : { announced }),
    };
  }
}

function usersOf(from: ReadonlySet<Reached>): User[] {
  const users = new Set<User>();
  const seen = new Set<Reached>(from);
  // A set goes on with what is added to it while it is walked.
  for (const at of seen) {
    for (const user of at.users) users.add(user);
    for (const parent of at.parents) seen.add(parent);
  }
  return [...users];
}

function usersText(users: readonly User[]): string {
  const titles = [...new Set(users.map((user) => user.title))].sort(compareCodePoints);
  if (titles.length === 0) return '';
  if (titles.length <= 3) return ` This affects ${titles.join(', ')}.`;
  return ` This affects ${titles.slice(0, 2).join(', ')} and ${titles.length - 2} other operations.`;
}
