import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '#engine/core/hash';
import type { ReplayScript, ReplayStep } from '#engine/databases/observation';
import type { MigrationTruth } from './migration-truth';

/** Truths on disk, by what they follow from. */
export class TruthCache {
  /** @param version tells servers and sources of the measurement apart */
  constructor(
    readonly folder: string,
    readonly version: string,
  ) {}

  /** The keys of a chain's steps. A truth follows from the ups so far and its own down. */
  keysOf(before: readonly ReplayStep[], steps: readonly ReplayStep[]): string[] {
    let past = before.reduce((hash, { up }) => digest(hash, textOf(up)), this.version);
    return steps.map(({ up, down }) => {
      past = digest(past, textOf(up), namesByDate(up) ? today() : '');
      return digest(past, down ? textOf(down) : '');
    });
  }

  async read(key: string): Promise<MigrationTruth | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(key), 'utf8')) as MigrationTruth;
    } catch {
      return undefined;
    }
  }

  async write(key: string, truth: MigrationTruth): Promise<void> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.${process.pid}`, JSON.stringify(truth));
    await rename(`${path}.${process.pid}`, path);
  }

  #path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }
}

/** True for scripts that may give objects other names every day, such as those of partitions. */
function namesByDate({ statements }: ReplayScript): boolean {
  return (
    statements.some(
      ({ text }) =>
        /\bto_char\s*\(|\bexecute\b|\bformat\s*\(/i.test(text) && /\bcurrent_date\b|\bnow\s*\(|\bcurrent_timestamp\b/i.test(text),
    ) || statements.some(({ text }) => /^\s*select\b/i.test(text) && /\bcurrent_date\b|\bnow\s*\(/i.test(text))
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function textOf({ transaction, sends, statements }: ReplayScript): string {
  return JSON.stringify([transaction, sends, statements.map(({ text, control }) => [text, control])]);
}

function digest(...parts: readonly string[]): string {
  return sha256(JSON.stringify(parts));
}
