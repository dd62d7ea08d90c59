import { MemoryFS, PGlite } from '@electric-sql/pglite';
import type { DataFiles } from './template';

/** A folder or file of Emscripten's file system in memory. Paths are looked up there in JavaScript, which is what costs. */
interface Node {
  readonly name: string;
  readonly mode: number;
  readonly parent: Node;
  readonly mount: { readonly type: FileSystem };
  readonly node_ops: { mknod(parent: Node, name: string, mode: number, device: number): Node };
  /** Children by their names, or the bytes of a file, with room behind them. Absent in what is neither. */
  contents?: Record<string, Node> | Uint8Array | Int8Array;
  usedBytes: number;
}

interface FileSystem {
  /** Makes room for a file that grows, and for a while. */
  expandFileStorage(file: Node, bytes: number): void;
  /** Sets a file's size, by a copy of the file. */
  resizeFileStorage(file: Node, bytes: number): void;
}

const folderMode = 0o040700;
const fileMode = 0o100600;
const noSpaceLeft = 51;

/** A data directory in memory, which can be taken from one instance to the next. */
export class MemoryFiles extends MemoryFS {
  #files: DataFiles;

  /**
   * @param files taken over, and changed by the server
   * @param limitMb what they may grow to; beyond it the server finds its disk full
   */
  constructor(
    files: DataFiles,
    readonly limitMb = Infinity,
  ) {
    super();
    this.#files = files;
  }

  override async initialSyncFs(): Promise<void> {
    const { FS } = this.pg!.Module;
    FS.mkdir(PGlite.paths.PGDATA);
    const folders = new Map([['', this.#root]]);
    const make = (path: string, mode: number): Node => {
      const cut = path.lastIndexOf('/');
      const parent = folders.get(path.slice(0, Math.max(cut, 0)))!;
      return parent.node_ops.mknod(parent, path.slice(cut + 1), mode, 0);
    };
    for (const path of this.#files.folders) folders.set(path, make(path, folderMode));
    for (const [path, content] of this.#files.files) {
      const node = make(path, fileMode);
      node.contents = content;
      node.usedBytes = content.length;
    }
    this.#files = { folders: [], files: [] };
    this.#replaceGrowth();
  }

  #replaceGrowth(): void {
    const { FS } = this.pg!.Module;
    const limit = this.limitMb * 1024 * 1024;
    const root = this.#root;
    const { type } = root.mount;
    const { expandFileStorage, resizeFileStorage } = type;
    let bytes = bytesIn(root);
    type.expandFileStorage = (file, wanted) => {
      const before = bytesIn(file);
      // What was removed is seen when it matters. A full disk under the write-ahead log would end the server.
      if (bytes + wanted - before > limit && file.parent.name !== 'pg_wal') {
        bytes = bytesIn(root);
        if (bytes + wanted - before > limit) throw new FS.ErrnoError(noSpaceLeft);
      }
      expandFileStorage(file, wanted);
      bytes += bytesIn(file) - before;
    };
    type.resizeFileStorage = (file, wanted) => {
      if (wanted < file.usedBytes) return resizeFileStorage(file, wanted);
      // The server lengthens a table by a few pages at a time, which must not copy all of it each time.
      type.expandFileStorage(file, wanted);
      file.usedBytes = wanted;
    };
  }

  override async closeFs(): Promise<void> {
    const folders: string[] = [];
    const files: [string, Uint8Array][] = [];
    const walk = (folder: Node, prefix: string) => {
      for (const [name, node] of Object.entries(folder.contents as Record<string, Node>)) {
        if (isBytes(node.contents)) {
          const { buffer, byteOffset } = node.contents;
          files.push([prefix + name, new Uint8Array(buffer, byteOffset, node.usedBytes)]);
        } else if (node.contents) {
          folders.push(prefix + name);
          walk(node, `${prefix}${name}/`);
        }
      }
    };
    walk(this.#root, '');
    this.#files = { folders, files };
    await super.closeFs();
  }

  get #root(): Node {
    return this.pg!.Module.FS.lookupPath(PGlite.paths.PGDATA, {}).node as unknown as Node;
  }
}

function isBytes(contents: Node['contents']): contents is Uint8Array | Int8Array {
  return ArrayBuffer.isView(contents);
}

/** The bytes that a file takes, or all files of a folder. */
function bytesIn({ contents }: Node): number {
  if (isBytes(contents)) return contents.length;
  return Object.values(contents ?? {}).reduce((sum, node) => sum + bytesIn(node), 0);
}
