import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { sep } from 'node:path';

type Initialised = Awaited<ReturnType<NodeFS['init']>>;

/** The parts of Emscripten's view of a folder on disk that are used here. */
interface DiskFileSystem {
  /** Runs an operation of Node.js and turns its error into one that the server understands. */
  tryFSOperation<T>(operation: () => T): T;
  readonly stream_ops: { write(stream: { readonly path: string }, ...rest: readonly unknown[]): number };
}

/** The parts of the server's module that are used here. */
interface ServerModule extends Record<(typeof afterEachCall)[number], () => void> {
  readonly NODEFS: DiskFileSystem;
}

/** What PGlite calls whenever the server comes back, even from an error, before it calls the server again. */
const afterEachCall = ['stackRestore', '_PostgresSendReadyForQueryIfNecessary', '_pgl_pq_flush'] as const;

/** What the operating system answers when a disk takes nothing more. */
const storageErrors: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

/** True for what the operating system says of a disk that takes nothing more. */
export function isOfStorage(error: unknown): error is NodeJS.ErrnoException {
  return storageErrors.has((error as NodeJS.ErrnoException).code);
}

/**
 * A data directory on disk. The server undoes a statement whose rows find no room, but where its write-ahead log finds none it never comes
 * back: such a call fails, and the server must not be called again.
 */
export class DiskFiles extends NodeFS {
  /** The first answer of the operating system that the disk takes nothing more. */
  failure: NodeJS.ErrnoException | undefined;

  override async init(server: PGlite, options: Parameters<NodeFS['init']>[1]): Promise<Initialised> {
    const initialised = await super.init(server, options);
    const { preRun = [] } = initialised.emscriptenOpts;
    return {
      emscriptenOpts: {
        ...initialised.emscriptenOpts,
        preRun: [...[preRun].flat(), (module) => this.#watch(module as unknown as ServerModule)],
      },
    };
  }

  #watch(server: ServerModule): void {
    const { NODEFS: files } = server;
    const { tryFSOperation, stream_ops: operations } = files;
    const { write } = operations;
    let isLog = false;
    operations.write = (stream, ...rest) => {
      isLog = stream.path.includes('/pg_wal/');
      try {
        return write(stream, ...rest);
      } finally {
        isLog = false;
      }
    };
    files.tryFSOperation = (operation) =>
      tryFSOperation(() => {
        try {
          return operation();
        } catch (error) {
          if (!isOfStorage(error)) throw error;
          this.failure ??= error;
          throw isLog || error.path?.includes(`${sep}pg_wal${sep}`) ? end(server, error.message) : error;
        }
      });
  }
}

/** Makes the call that is under way fail, and returns what is to be thrown: without a code, it is none of the errors that the server sees. */
function end(server: ServerModule, message: string): Error {
  const error = new Error(message);
  const fail = () => {
    throw error;
  };
  for (const name of afterEachCall) server[name] = fail;
  return error;
}
