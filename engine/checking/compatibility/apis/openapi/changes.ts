import { compareCodePoints } from '../../../../core/paths';
import { listed, sentences } from '../../../../core/wording';
import type { ApiChange, ApiPlace, ComparisonOptions } from '../api-format';
import type { Draft } from './change';
import { isAnnounced } from './lifecycle';

/** What a change follows from: an operation, or a pair of schemas that operations share. */
interface User {
  /** In a sentence: "`GET /orders`", "the webhook `orderPaid`". */
  readonly title: string;
  /** True for a draft or alpha operation, which may change in any way. */
  readonly unstable: boolean;
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
    const { message, details } = textOf(draft, users);
    return {
      id: draft.id,
      impact,
      message,
      details,
      place,
      before: draft.before?.place,
      announced,
    };
  }
}

function usersOf(from: ReadonlySet<Reached>): User[] {
  const users = new Set<User>();
  const seen = new Set<Reached>(from);
  // Walking a set includes what is added meanwhile.
  for (const at of seen) {
    for (const user of at.users) users.add(user);
    for (const parent of at.parents) seen.add(parent);
  }
  return [...users];
}

function textOf(draft: Draft, users: readonly User[]): { readonly message: string; readonly details: string | undefined } {
  const titles = [...new Set(users.map((user) => user.title))].sort(compareCodePoints);
  const [only] = titles;
  const operations = only === undefined || titles.length > 1 ? `${titles.length} operations` : only;
  const message = typeof draft.message === 'string' ? draft.message : draft.message(operations);
  const isNamed = titles.length === 1 && only !== undefined && message.toLowerCase().includes(only.toLowerCase());
  return { message, details: sentences(draft.details, isNamed ? undefined : concerns(titles)) };
}

function concerns(titles: readonly string[]): string | undefined {
  if (titles.length === 0) return undefined;
  if (titles.length <= 3) return `This concerns ${listed(titles)}.`;
  return `This concerns ${titles.slice(0, 2).join(', ')} and ${titles.length - 2} other operations.`;
}
