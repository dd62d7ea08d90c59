import { factsOf, type Values } from './facts';
import { keywordsOf, type SchemaNode } from './schema-bundle';

/** What a document may have and a reader does not accept. */
export interface Refusal {
  /** What it is about; ids are made of it. */
  readonly kind: RefusalKind;
  /** False where it cannot be told whether any document is refused. */
  readonly certain: boolean;
  /** The schema of the reader that refuses, and the keyword of it. */
  readonly reader: SchemaNode;
  readonly keyword: string | undefined;
  /** The schema of the documents, where there is one for the same part. */
  readonly document: SchemaNode | undefined;
  /** A clause about the part at `path`, short enough for a headline: "may be string, but only integer is accepted". */
  readonly clause: string;
  /** What the clause leaves out. A full sentence. */
  readonly more?: string | undefined;
  /** Names of properties from the root; `[]` for items. */
  readonly path: readonly string[];
}

export type RefusalKind =
  | 'type'
  | 'enum'
  | 'minimum'
  | 'maximum'
  | 'multiple-of'
  | 'min-length'
  | 'max-length'
  | 'pattern'
  | 'format'
  | 'min-items'
  | 'max-items'
  | 'unique-items'
  | 'contains'
  | 'required'
  | 'closed'
  | 'open'
  | 'partially-open'
  | 'min-properties'
  | 'max-properties'
  | 'additional-properties'
  | 'property-names'
  | 'dependency'
  | 'combined-type'
  | 'not'
  | 'reference'
  | 'unevaluated'
  | 'size';

/** Where documents are held against a reader. */
export interface Place {
  readonly documents: Values;
  readonly reader: SchemaNode;
  /** Names of properties from the root; `[]` for items. */
  readonly path: readonly string[];
}

/** Longest value or pattern that a clause shows in full. */
export const longestValue = 30;

interface Details {
  readonly keyword?: string | undefined;
  readonly certain?: boolean;
  /** The schema to show in place of the reader's. */
  readonly at?: SchemaNode;
  readonly document?: SchemaNode | undefined;
  readonly more?: string | undefined;
}

/** @param clause about the part at the path of `place` */
export function refusal({ documents, reader, path }: Place, kind: RefusalKind, clause: string, details: Details = {}): Refusal {
  const { keyword, certain = true, at = reader, more } = details;
  const parts = [...documents.all, ...factsOf(documents).parts].filter(isWritten);
  const document = details.document ?? parts.find((node) => keyword !== undefined && keywordsOf(node)[keyword] !== undefined) ?? parts[0];
  return { kind, certain, reader: at, keyword, document, clause, more, path };
}

function isWritten({ pointer }: SchemaNode): boolean {
  return !pointer.includes('/~{');
}
