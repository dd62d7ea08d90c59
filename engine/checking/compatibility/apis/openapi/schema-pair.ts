import { sentences } from '../../../../core/wording';
import type { Draft, Flow, Impacts } from './change';
import type { Changes, Reached } from './changes';
import type { Part } from './description';
import { schemaView, type SchemaView } from './schema-view';
import { consequence, messagesOf, type SchemaUse } from './schema-use';
import { formInside } from './text-values';

/** What compares all pairs of schemas, seen from one of them. */
export interface SchemaPairs {
  readonly changes: Changes;
  /** Compares two schemas, now or later; `from` is what refers to them. */
  compare(older: Part, newer: Part, use: SchemaUse, from: Reached): void;
  /** Whether two schemas say the same, words aside, whatever the schemas that they refer to are called. */
  isSame(older: Part, newer: Part, flow: Flow): boolean;
}

/** Two schemas that wait to be compared. */
export interface WaitingPair {
  readonly older: Part;
  readonly newer: Part;
  readonly use: SchemaUse;
  readonly reached: Reached;
}

/** Two schemas that are compared, and what is reported of them. */
export class SchemaPair {
  readonly older: SchemaView;
  readonly newer: SchemaView;

  constructor(
    readonly all: SchemaPairs,
    readonly parts: WaitingPair,
  ) {
    this.older = schemaView(parts.older);
    this.newer = schemaView(parts.newer);
  }

  get use(): SchemaUse {
    return this.parts.use;
  }

  get reached(): Reached {
    return this.parts.reached;
  }

  /** What the values are part of, e.g. "requests". */
  get messages(): string {
    return messagesOf(this.use);
  }

  /** @param fact follows the subject in the headline */
  report(what: string, impacts: Impacts, fact: string, part: Part | undefined, before: Part | undefined, details?: string): void {
    const { flow, where, subject } = this.use;
    const impact = impacts[flow];
    this.add({
      id: `${where}-${what}`,
      impact,
      message: (operations) => `${subject(operations)} ${fact}`,
      details: sentences(details, consequence(impact, this.use)),
      part: part ?? this.parts.newer,
      before: before ?? this.parts.older,
    });
  }

  add(draft: Draft): void {
    this.all.changes.add(draft, this.reached);
  }

  /** Goes on inside, e.g. at a property. */
  inside(older: Part, newer: Part, path: string, kind: 'property' | 'item' = 'property'): void {
    const { flow, inside } = this.use;
    const text = formInside(this.use.text, kind);
    const subject = () => `\`${path}\` in ${this.messages}`;
    this.all.compare(older, newer, { flow, where: inside, inside, path, subject, text }, this.reached);
  }

  /** The path of a property or item in headlines. */
  path(name: string): string {
    return this.use.path === '' ? name : `${this.use.path}.${name}`;
  }
}
