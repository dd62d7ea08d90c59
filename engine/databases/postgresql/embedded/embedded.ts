import { messages, PGlite, type ExecProtocolOptions, type Extension, type PGliteOptions } from '@electric-sql/pglite';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { DiskFiles } from './disk-files';
import type { MemoryFiles } from './memory-files';

/**
 * Opens embedded PostgreSQL instances (PGlite) from the asset folder that the build makes (`dist/pglite`):
 * the WebAssembly module, its file bundle and the extensions. New data comes from the template in the same folder.
 */
export interface EmbeddedOptions {
  /** Absolute path of the asset folder. */
  readonly assets: string;
  /** A data directory on disk or in memory. */
  readonly data: DiskFiles | MemoryFiles;
  /** Default `postgres`. */
  readonly database?: string;
  /** Names as in CREATE EXTENSION; unknown ones are ignored, so that the server's own error tells. */
  readonly extensions?: readonly string[];
  /** True when the process ends before code that was compiled for speed pays. */
  readonly brief?: boolean;
  /** What postgresql.conf is to consist of from now on, e.g. `shared_buffers=8MB`. Default what is there. */
  readonly configuration?: readonly string[];
}

/** Extensions whose bundle has another name than the extension. */
const bundleNames: Readonly<Record<string, string>> = { moddatetime: 'spi', autoinc: 'spi', insert_username: 'spi', refint: 'spi' };

let compiled: { readonly assets: string; readonly module: Promise<WebAssembly.Module>; readonly bundle: Promise<Blob> } | undefined;

/** @throws whatever PGlite throws when the data directory is damaged or an asset is missing. */
export async function openEmbedded(options: EmbeddedOptions): Promise<PGlite> {
  const { assets } = options;
  if (compiled?.assets !== assets) {
    optimise(!options.brief);
    compiled = {
      assets,
      module: readFile(join(assets, 'pglite.wasm')).then((bytes) => WebAssembly.compile(bytes)),
      bundle: readFile(join(assets, 'pglite.data')).then((bytes) => new Blob([bytes])),
    };
  }
  const settings: PGliteOptions = {
    pgliteWasmModule: await compiled.module,
    fsBundle: await compiled.bundle,
    extensions: extensionsFrom(assets, options.extensions ?? []),
    fs: options.data,
  };
  if (options.database !== undefined) settings.database = options.database;
  if (options.configuration) settings.postgresqlconf = [...options.configuration];
  const server = new EmbeddedServer(settings);
  await server.waitReady;
  return server;
}

class EmbeddedServer extends PGlite {
  #ended: { readonly by: unknown } | undefined;

  /** What is sent and what comes back is text: nobody needs the types of arrays, which take a tenth of opening to read. */
  override async _initArrayTypes(): Promise<void> {}

  /** As PGlite's own, and an error has `completed`: how many statements of the message had run before it. */
  override async execProtocolStream(message: Uint8Array, options: ExecProtocolOptions = {}) {
    const answers = await super.execProtocolStream(message, { ...options, throwOnError: false });
    const at = answers.findIndex((answer) => answer instanceof messages.DatabaseError);
    if (at < 0) return answers;
    const completed = answers.slice(0, at).filter(({ name }) => name === 'commandComplete').length;
    throw Object.assign(answers[at] as messages.DatabaseError, { completed });
  }

  /** A server that was left in the middle of its work would never answer again. */
  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    if (this.#ended) throw this.#ended.by;
    try {
      return super.execProtocolRawSync(message);
    } catch (error) {
      this.#ended = { by: error };
      throw error;
    }
  }
}

function extensionsFrom(assets: string, names: readonly string[]): Record<string, Extension> {
  const extensions: Record<string, Extension> = {};
  for (const name of names) {
    const bundle = join(assets, 'extensions', `${bundleNames[name] ?? name}.tar.gz`);
    if (!existsSync(bundle)) continue;
    extensions[name] = { name, setup: async () => ({ bundlePath: pathToFileURL(bundle) }) };
  }
  return extensions;
}

/** Says whether WebAssembly that is compiled from now on is compiled once more, for speed, where it turns out to be hot. */
function optimise(hot: boolean): void {
  // The compiler takes more from a short run than it gives; what is hot in a long one reaches it all the same.
  setFlagsFromString('--wasm-tiering-budget=1000000000');
  for (const flag of ['wasm-dynamic-tiering', 'wasm-tier-up']) setFlagsFromString(hot ? `--${flag}` : `--no-${flag}`);
}
