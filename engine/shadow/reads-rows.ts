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
 * True for errors that rows can be the reason of: data exceptions, violated constraints, cardinality, exceptions that code
 * raises, pending trigger events and rows that are too long for an index.
 */
export function mayComeFromRows(sqlstate: string): boolean {
  return /^(?:21|22|23)/.test(sqlstate) || ['P0001', 'P0003', 'P0004', '55006', '54000'].includes(sqlstate);
}
