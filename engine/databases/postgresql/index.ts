import type { Database } from '../database';
import { catalogue } from './catalogue/catalogue';
import { backupStoreOf } from './backups/backup-stores';
import { createTarget } from './connections/create-target';
import { execution } from './execution/execution';
import { transforms } from './execution/transforms';
import { createShadow } from './shadow/shadow';
import { withEvidentTransactions } from './sql/evident-transaction';
import { bodyOf } from './sql/inner-statements';
import { fieldsOf } from './sql/nodes';
import { loadSqlParser } from './sql/library';
import { parseScript } from './sql/parser';
import { changesSchema } from './sql/schema-change';
import type { SqlNode } from './sql/statement';

/** PostgreSQL, with its own parser and an embedded server. */
export const postgresql: Database<SqlNode> = {
  dialect: 'postgresql',
  language: {
    load: loadSqlParser,
    parse: parseScript,
    innerStatements: (statement) => {
      const body = bodyOf(statement);
      return body?.kind === 'block' ? body.statements : [];
    },
    insertsRows: ({ node }) => fieldsOf(node, 'InsertStmt') !== undefined,
    changesSchema,
    withEvidentTransactions,
  },
  replay: {
    async open(options) {
      // Before the embedded server, which is not to be compiled as the parser is.
      await loadSqlParser();
      return createShadow(options);
    },
  },
  connecting: { createTarget },
  execution,
  transforms,
  catalogue,
  backups: { storeOf: backupStoreOf },
};
