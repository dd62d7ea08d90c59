import * as typed from './nodes';
import type { SqlNode } from './statement';

// The functions of nodes.ts without the types of the nodes. To be deleted with its last caller.

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- accepts the fields of typed nodes
export type Fields = Readonly<Record<string, any>>;

export type QualifiedName = typed.QualifiedName;

export type AlterTableCommand = Omit<typed.AlterTableCommand, 'fields' | 'subtype'> & { readonly subtype: string; readonly fields: Fields };

export const { cannotRunInTransaction, isConcurrent } = typed;

export const nodeType = typed.nodeType as (node: SqlNode | undefined) => string;
export const fieldsOf = typed.fieldsOf as unknown as (node: SqlNode | undefined, type: string) => Fields | undefined;
export const relationName = (rangeVar: unknown): QualifiedName | undefined => typed.relationName(asFields(rangeVar));
export const nameFromList = (value: unknown): QualifiedName | undefined => typed.nameFromList(asHolder(value));
export const nameParts = (value: unknown): readonly string[] => typed.nameParts(asHolder(value));
export const isOptionOn = typed.isOptionOn as (options: unknown, name: string, whenAbsent: boolean) => boolean;
export const alterTableCommands = typed.alterTableCommands as (node: SqlNode) => readonly AlterTableCommand[];
export const walk = typed.walk as unknown as (node: object | undefined, visit: (type: string, fields: Fields) => boolean | void) => void;

/** The fields of a node, whatever its type. */
export function fields(node: SqlNode | undefined): Fields {
  return node ? typed.nodeEntry(node)[1] : {};
}

/** The fields of those nodes of a list that are of the given type. */
export function fieldsOfEach(value: unknown, type: string): Fields[] {
  return asNodes(value).flatMap((node) => fieldsOf(node, type) ?? []);
}

/** A field that holds one node, or a list's elements that are nodes, or undefined for anything else. */
export function asNode(value: unknown): SqlNode | undefined {
  return isRecord(value) ? (value as unknown as SqlNode) : undefined;
}

/** A field that holds a list of nodes; empty when it is absent. */
export function asNodes(value: unknown): readonly SqlNode[] {
  return Array.isArray(value) ? (value.filter(isRecord) as unknown as SqlNode[]) : [];
}

/** A field that holds plain fields without a type around them, as RangeVar and TypeName often stand. */
export function asFields(value: unknown): Fields | undefined {
  return isRecord(value) ? value : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asHolder(value: unknown): typed.NameHolder {
  return Array.isArray(value) ? asNodes(value) : asFields(value);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
