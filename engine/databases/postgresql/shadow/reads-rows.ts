import { withoutLiterals } from './refusal';

/**
 * True for statements whose effect on the database depends on the rows that are there, so that a run on other rows cannot
 * stand for them: everything that queries or changes rows, and procedural code. Other statements either work or fail.
 */
export function readsRows(text: string): boolean {
  const bare = withoutLiterals(text).replace(/^[\s(]+/, '');
  return (
    /^(?:insert|update|delete|merge|copy|with|select|values|table|do|call|execute|refresh)\b/i.test(bare) ||
    /^create\s[^]*?\bas\s*\(*\s*(?:select|with|table|values|execute)\b/i.test(bare)
  );
}

/**
 * True for statements that build indexes or rewrite tables, which read also rows that were deleted in their own transaction.
 */
export function readsDeletedRows(text: string): boolean {
  const bare = withoutLiterals(text).replace(/^[\s(]+/, '');
  return !/^(?:insert|update|delete|merge|copy|with|select|values|table)\b/i.test(bare);
}

/**
 * True for errors that rows can be the reason of: data exceptions, violated constraints, cardinality, exceptions that code
 * raises, limits, pending trigger events and rows that are too long for an index.
 */
export function mayComeFromRows(sqlstate: string): boolean {
  return /^(?:21|22|23|53|54)/.test(sqlstate) || ['P0001', 'P0003', 'P0004', '55006'].includes(sqlstate);
}

/** States of the transaction and of the server, which no row brings about. */
const notFromRows = /^(?:0A|25|2D|57)|^55P04$/;

interface Failure {
  readonly sqlstate: string;
  readonly where?: string;
  /** In the text of the statement, counted from 1, as the server has it. */
  readonly position?: number;
  readonly offset?: number;
}

/**
 * True when a statement may have failed because of the rows that it found. An error with a place in the statement was found
 * before any row was looked at; code that runs may raise any other.
 */
export function mayFailOverRows(error: Failure, text: string): boolean {
  const { sqlstate, where, position, offset } = error;
  if (where === undefined && (position !== undefined || offset !== undefined)) return false;
  if (mayComeFromRows(sqlstate)) return true;
  return !notFromRows.test(sqlstate) && (where !== undefined || readsRows(text) || /\busing\b/i.test(text));
}
