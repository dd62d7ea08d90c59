import { notOfSystem } from '../catalogue/fact-sql';
import type { Wire } from './wire';

/** How far sequences are, by oid; null for one that was never used. */
export type SequenceValues = ReadonlyMap<string, string | null>;

/** Call without an open transaction, as reading locks the sequences. */
export async function readSequences(wire: Wire): Promise<SequenceValues> {
  const rows = await wire.rows(
    `SELECT c.oid::text, pg_catalog.pg_sequence_last_value(c.oid)::text FROM pg_catalog.pg_class c
      WHERE c.relkind = 'S' AND ${notOfSystem('c.oid')} AND c.relpersistence <> 't'`,
  );
  return new Map(rows.map(([oid, value]) => [oid ?? '', value ?? null]));
}

/** Sets sequences back, as a rollback leaves them where they are. No transaction may be open. */
export async function restoreSequences(wire: Wire, before: SequenceValues): Promise<void> {
  if (before.size === 0) return;
  const now = await readSequences(wire);
  const calls = [...before].flatMap(([oid, value]) => {
    if (!now.has(oid) || now.get(oid) === value) return [];
    return value === null
      ? `SELECT pg_catalog.setval(seqrelid, seqstart, false) FROM pg_catalog.pg_sequence WHERE seqrelid = ${oid}`
      : `SELECT pg_catalog.setval(${oid}::regclass, ${value})`;
  });
  if (calls.length > 0) await wire.rows(calls.join(';'));
}
