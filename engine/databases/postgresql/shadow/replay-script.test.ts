import { beforeAll, expect, it } from 'vitest';
import type { Script } from '../../../core/scripts';
import { loadSqlParser } from '../sql/library';
import { parseStatements } from '../sql/parser';
import { replayScript } from './replay-script';

beforeAll(loadSqlParser);

const runner = { transaction: 'none', sends: 'whole', hasDowns: true } as const;

function scriptOf(sql: string): Script {
  return { file: '/m/1.up.sql', direction: 'up', text: sql, sql, sections: [{ start: 0, end: sql.length }], transaction: 'none' };
}

it('keeps one entry a statement, marks transaction control and leaves out rows and meta commands', () => {
  const sql = '\\set x 1\nBEGIN;\nCREATE TABLE t (a int);\nselec 1;\nSAVEPOINT s;\nCOPY t FROM STDIN;\n1\n\\.\nCOMMIT;';
  const replay = replayScript(scriptOf(sql), parseStatements(sql), runner);
  expect(replay.statements).toEqual([
    { text: 'BEGIN', control: 'begin' },
    { text: 'CREATE TABLE t (a int)' },
    { text: 'selec 1' },
    { text: 'SAVEPOINT s', control: 'savepoint' },
    { text: 'COPY t FROM STDIN' },
    { text: 'COMMIT', control: 'commit' },
  ]);
  expect(replay).toMatchObject({ transaction: 'none', sends: 'whole' });
});
