import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { createGunzip } from 'node:zlib';
import { createReadStream } from 'node:fs';

/**
 * Unpacks a gzipped tar of a data directory, as the embedded database writes it: plain files and folders with short names.
 * The embedded database could unpack it itself, but only by starting, which costs a second and a few hundred megabytes.
 * @param folder is made; must not hold anything that matters
 * @throws Error when the archive is cut off, damaged, or names places outside the folder
 */
export async function unpackDataDirectory(archive: string, folder: string): Promise<void> {
  const source = createReadStream(archive);
  const plain = createGunzip();
  // `pipe` hands on no errors: without this a missing archive would wait for ever.
  source.once('error', (error) => plain.destroy(error));
  const reader = new BlockReader(source.pipe(plain));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    for (;;) {
      const header = await reader.block();
      if (header === undefined) throw new Error('The archive is truncated.');
      if (header.every((byte) => byte === 0)) return;
      await unpackEntry(parseHeader(header), reader, folder);
    }
  } finally {
    source.destroy();
    plain.destroy();
  }
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
}

const blockSize = 512;

function parseHeader(block: Buffer): Header {
  const text = (start: number, length: number) => block.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  const octal = (start: number, length: number) => parseInt(text(start, length).trim() || '0', 8);
  // The checksum is counted with its own field as spaces.
  let sum = 8 * 32;
  block.forEach((byte, index) => (sum += index >= 148 && index < 156 ? 0 : byte));
  if (sum !== octal(148, 8)) throw new Error('The archive is damaged: the checksum of an entry does not match.');
  const prefix = text(345, 155);
  const type = text(156, 1);
  if (type !== '' && type !== '0' && type !== '5') throw new Error(`The archive is damaged: it contains an entry of type ${type}.`);
  return { name: (prefix ? `${prefix}/` : '') + text(0, 100), size: octal(124, 12), isFolder: type === '5' };
}

async function unpackEntry(header: Header, reader: BlockReader, folder: string): Promise<void> {
  const path = join(folder, header.name);
  if (path !== folder && !path.startsWith(folder + sep)) throw new Error(`The archive contains a path outside the folder: ${header.name}.`);
  if (header.isFolder) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  try {
    await reader.copy(header.size, file);
  } finally {
    await file.close();
  }
}

/** Reads a stream in the blocks that a tar consists of. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** @returns undefined at the end */
  async block(): Promise<Buffer | undefined> {
    while (this.#rest.length < blockSize) if (!(await this.#more())) return undefined;
    return this.#take(blockSize);
  }

  /** Copies `size` bytes to the file and skips the padding to the next block. */
  async copy(size: number, file: FileHandle): Promise<void> {
    let left = Math.ceil(size / blockSize) * blockSize;
    let data = size;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new Error('The archive is truncated.');
      const part = this.#take(Math.min(left, this.#rest.length));
      left -= part.length;
      if (data > 0) await file.writeFile(part.subarray(0, data));
      data -= part.length;
    }
  }

  #take(length: number): Buffer {
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return part;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
