import { capitalised } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import type { Flow, Headline } from './change';
import type { TextForm } from './text-values';

/** Where a schema is used: what its findings are called, and who sends the data. */
export interface SchemaUse {
  readonly flow: Flow;
  /** The beginning of ids, e.g. `request-body`, `webhook-response-header`. */
  readonly where: string;
  /** The beginning of ids for what is inside, e.g. `request-property`. */
  readonly inside: string;
  /** What headlines call the value, e.g. "The query parameter `limit` of `GET /orders`". */
  readonly subject: Headline;
  /** The path that headlines call inner values by; empty at the top of an unnamed schema. */
  readonly path: string;
  /** Set for what travels as plain text. */
  readonly text?: TextForm | undefined;
  /** True where it is judged elsewhere whether the value may be null. */
  readonly nullAside?: boolean;
}

/** What the values of a use are part of, e.g. "requests", "webhook responses". */
export function messagesOf({ where }: SchemaUse): string {
  const caller = /^(webhook|callback)-/.exec(where)?.[1];
  return `${caller === undefined ? '' : `${caller} `}${where.includes('response') ? 'responses' : 'requests'}`;
}

/** What a change of that impact means for those who send or get the data. A full sentence. */
export function consequence(impact: ApiImpact, use: SchemaUse): string {
  return consequences[use.flow][impact](capitalised(messagesOf(use)));
}

const consequences: Readonly<Record<Flow, Readonly<Record<ApiImpact, (messages: string) => string>>>> = {
  sent: {
    breaking: (messages) => `${messages} that were valid until now are refused.`,
    risky: (messages) => `${messages} that were valid until now may be refused.`,
    addition: (messages) => `${messages} that were refused until now are accepted.`,
    neutral: () => 'Clients do not have to change.',
  },
  received: {
    breaking: () => 'Clients get what the older description rules out.',
    risky: () => 'Clients may get what they do not expect.',
    addition: () => 'Clients can use it.',
    neutral: () => 'Clients do not have to change.',
  },
};
