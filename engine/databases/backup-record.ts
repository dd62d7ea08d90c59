import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ProblemError, type Problem } from '../core/problem';

/** What `backup.json` in a backup's folder holds. Readable without this program: the location and how to restore are in it. */

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** In the form of any version of the program. */
const schemaHash = z.string().regex(/^(?:sha256|schema\d+):[0-9a-f]{64}$/);

const fingerprintSchema = z.object({
  schema: schemaHash,
  rows: hash,
  combined: hash,
  looseSchema: schemaHash,
  tables: z.array(z.object({ name: z.string(), rows: z.number(), hash })),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string(), isCalled: z.boolean() })),
});

const databaseSchema = z.object({
  owner: z.string(),
  connectionLimit: z.number(),
  /** The locale and encoding clauses of CREATE DATABASE. */
  locale: z.string(),
  settings: z.array(z.object({ role: z.string().nullable(), name: z.string(), value: z.string() })),
  grants: z.array(z.object({ grantee: z.string().nullable(), privilege: z.string(), grantable: z.boolean() })),
  comment: z.string().nullable(),
});

const identitySchema = z.object({
  /** That of the journal; null when there was none. */
  id: z.string().nullable(),
  /** As `TargetSession.place` says; null where it was not known. */
  place: z.string().nullable(),
});

const backupRecordSchema = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[0-9A-Za-z-]+$/),
  /** The place of the backup among those of its folder, which no clock decides; missing in records of earlier versions. */
  sequence: z.number().int().optional(),
  target: z.string(),
  targetDescription: z.string(),
  /** Of the database that was copied; missing in records of earlier versions. */
  identity: identitySchema.optional(),
  createdAt: z.iso.datetime(),
  release: z.string().nullable(),
  /** `data-directory`: gzipped tar; `dump`: pg_dump's custom format; `database`: a copy on the same server. */
  kind: z.enum(['data-directory', 'dump', 'database']),
  /** A file beside this one, or the name of the copy's database. */
  content: z.string().min(1),
  bytes: z.number(),
  /** Of the file; null for a copy on the server. */
  contentHash: hash.nullable(),
  serverVersion: z.string(),
  journalIncluded: z.boolean(),
  extensions: z.array(z.string()),
  /** What lies outside of a database and is put back with it; null for an embedded one. */
  database: databaseSchema.nullable(),
  fingerprint: fingerprintSchema,
  proven: z.boolean(),
});

export type BackupRecord = z.output<typeof backupRecordSchema>;
export type RecordedIdentity = z.output<typeof identitySchema>;
export type DatabaseProperties = z.output<typeof databaseSchema>;

/** A record and the folder that it is in. */
export interface StoredBackup {
  readonly record: BackupRecord;
  readonly folder: string;
}

export const recordName = 'backup.json';

export async function writeRecord(folder: string, record: BackupRecord): Promise<void> {
  const half = join(folder, `${recordName}.half`);
  await writeFile(half, `${JSON.stringify(record, undefined, 2)}\n`, { flush: true });
  await rename(half, join(folder, recordName));
}

/** @throws ProblemError `backup-damaged` */
export async function readRecord(folder: string): Promise<StoredBackup> {
  const file = join(folder, recordName);
  try {
    return { folder, record: backupRecordSchema.parse(JSON.parse(await readFile(file, 'utf8'))) };
  } catch (error) {
    throw backupDamaged(file, `The backup record ${file} cannot be read.`, error);
  }
}

export function backupDamaged(file: string, message: string, cause?: unknown): ProblemError {
  const problem: Problem = { code: 'backup-damaged', message, remedy: 'Use another backup of this target.', file };
  if (cause === undefined) return new ProblemError(problem);
  const text = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
  return new ProblemError({ ...problem, cause: text });
}
