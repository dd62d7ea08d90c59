import type { Node } from '@pgsql/types';
import type { ParsedStatement as StatementWithTree } from '../../statement';

/**
 * A node of PostgreSQL's own parse tree, as libpg-query returns it: `{ IndexStmt: { ...fields } }`. Fields that have their
 * default value and empty lists are absent, enums are the names of their values, and where the grammar allows one type only, its fields stand
 * bare. An empty element of a list is `{}`.
 */
export type SqlNode = Node;

/** A statement with PostgreSQL's parse tree of it. */
export type ParsedStatement = StatementWithTree<SqlNode>;
