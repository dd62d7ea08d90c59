import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';
import { sha256 } from '../../../core/hash';
import type { Logger } from '../../../core/host';
import type { RequestKind } from './worker-protocol';

/** A result of the shadow and what it is remembered by. */
export interface StoredResult {
  readonly kind: RequestKind;
  readonly key: string;
  readonly value: unknown;
}

/** What a file of the cache begins with, as one line of JSON; the results follow, as V8 writes values, gzipped. */
interface Header {
  readonly format: typeof format;
  /** What the results depend on besides their keys: program, server and limits. */
  readonly stamp: string;
  readonly sha256: string;
}

const format = 'mem8-upgrade results 2';
const suffix = '.results';
/** Together; the file that was used longest ago goes first. */
const largestFolder = 64 * 1024 * 1024;
const largestFile = 16 * 1024 * 1024;

/**
 * What replays led to, on disk, so that the next start of the program need not replay the same scripts. Safe to delete at any time:
 * a file that is missing, damaged or of another version of the program is no file. Files are written aside and renamed, so that two
 * programs at once see whole files only; the last one stays.
 */
export class ResultCache {
  /**
   * @param folder absolute path; made when it is needed
   * @param stamp see `stampOf`
   */
  constructor(
    readonly folder: string,
    readonly stamp: string,
    readonly logger: Logger,
  ) {}

  /** A cache for a program of these files. @returns undefined when one of them cannot be read */
  static async open(folder: string, files: readonly string[], settings: unknown, logger: Logger): Promise<ResultCache | undefined> {
    const stamp = await ResultCache.stampOf(files, settings).catch(() => undefined);
    return stamp === undefined ? undefined : new ResultCache(folder, stamp, logger);
  }

  /**
   * A stamp over everything that results depend on besides their keys.
   * @param files absolute paths of the program's own files: their content counts
   */
  static async stampOf(files: readonly string[], settings: unknown): Promise<string> {
    const digest = createHash('sha256').update(JSON.stringify(settings));
    for (const file of files) digest.update(await readFile(file));
    return digest.digest('base64url');
  }

  /** The results that were saved under a name, in the order in which they were; none when there are none of use. Never fails. */
  async load(name: string): Promise<readonly StoredResult[]> {
    const file = this.#fileOf(name);
    try {
      const bytes = await readFile(file);
      const end = bytes.indexOf(0x0a);
      const header = JSON.parse(bytes.toString('utf8', 0, end)) as Header;
      const body = bytes.subarray(end + 1);
      if (header.format !== format || header.stamp !== this.stamp || header.sha256 !== sha256(body)) return [];
      const results = deserialize(await promisify(gunzip)(body)) as StoredResult[];
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return results;
    } catch (error) {
      if (!isMissing(error)) this.logger.debug(`Ignoring ${file}: ${String(error)}`);
      return [];
    }
  }

  /** Saves results in the place of those under the name. Never fails: without a cache everything works, only later. */
  async save(name: string, results: readonly StoredResult[]): Promise<void> {
    const aside = join(this.folder, `${randomUUID()}.half`);
    try {
      const body = await promisify(gzip)(serialize(results), { level: 1 });
      if (body.length > largestFile) return;
      const header: Header = { format, stamp: this.stamp, sha256: sha256(body) };
      // What failing statements said of the scripts is nobody else's business.
      await makeFolder(this.folder);
      await writeFile(aside, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]), { mode: 0o600 });
      await rename(aside, this.#fileOf(name));
      await this.#shrink();
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      this.logger.debug(`Results of the replay are not kept in ${this.folder}: ${String(error)}`);
    }
  }

  async #shrink(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(suffix) || name.endsWith('.half'));
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        const found = await stat(path).catch(() => undefined);
        return { path, bytes: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 };
      }),
    );
    let left = largestFolder;
    for (const { path, bytes, usedAt } of files.sort((a, b) => b.usedAt - a.usedAt)) {
      left -= bytes;
      const isAbandoned = path.endsWith('.half') && Date.now() - usedAt > abandonedMs;
      if (left < 0 || isAbandoned) await rm(path, { force: true });
    }
  }

  #fileOf(name: string): string {
    return join(this.folder, `${sha256(name)}${suffix}`);
  }
}

/** One level after the other: the recursive `mkdir` of Node.js never ends where a file system refuses what it does not have. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if (!isMissing(error) || existsSync(dirname(path))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** A file that was not renamed for so long never will be. */
const abandonedMs = 3_600_000;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
