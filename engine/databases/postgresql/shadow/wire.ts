import type { PGlite } from '@electric-sql/pglite';
import type { DatabaseError } from '../../observation';

/** An ErrorResponse of the server, its fields as in the PostgreSQL protocol. */
export interface ServerError {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  /** Counts code points from 1, over the whole query string. */
  readonly position?: number;
  /** As in `DatabaseError`, for a statement that was not sent. */
  readonly gaveUp?: DatabaseError['gaveUp'];
}

export interface WireResult {
  /** All result rows of the query string, in text format; empty when rows were not kept. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** The first error. */
  readonly error?: ServerError;
  /** The server's transaction state after the query: idle, in a transaction, in a failed one. */
  readonly status: 'I' | 'T' | 'E';
}

/** What the server makes of a statement without running it. */
interface WireDescription {
  /** Oids of the parameters' types. */
  readonly parameters: readonly number[];
  readonly columns: readonly { readonly name: string; readonly type: number; readonly modifier: number }[];
  readonly error?: ServerError;
}

/** The embedded server did not answer as a server does: its memory must be taken for damaged. */
export class BrokenInstance extends Error {}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Sends simple queries and reads the answers as they come, so that a result that nobody wants takes no memory.
 * An answer without ReadyForQuery means that the instance is ruined: endless recursion and failed system calls of the
 * embedded server show that way, without any error.
 */
export class Wire {
  constructor(readonly database: PGlite) {}

  /** @throws BrokenInstance */
  async query(sql: string, keepRows = true): Promise<WireResult> {
    const reader = new MessageReader(keepRows);
    const status = await this.#send(queryMessage(sql), reader);
    return { rows: reader.rows, error: reader.error, status };
  }

  async #send(message: Uint8Array, reader: MessageReader): Promise<WireResult['status']> {
    try {
      await this.database.execProtocolRawStream(message, { syncToFs: false, onRawData: (bytes) => reader.push(bytes) });
    } catch (error) {
      throw new BrokenInstance(error instanceof Error ? error.message : String(error));
    }
    if (reader.status === undefined) throw new BrokenInstance('the embedded server stopped in the middle of an answer');
    return reader.status;
  }

  /** Prepares one statement and drops it again. @throws BrokenInstance */
  async describe(sql: string): Promise<WireDescription> {
    const reader = new MessageReader(false, true);
    await this.#send(describeMessages(sql), reader);
    return { parameters: reader.parameters, columns: reader.columns, error: reader.error };
  }

  /** Runs SQL of the shadow's own, which cannot fail on a sound instance. @throws BrokenInstance */
  async rows(sql: string): Promise<WireResult['rows']> {
    const result = await this.query(sql);
    if (result.error) throw new BrokenInstance(`${result.error.message} (${result.error.sqlstate}) in: ${sql.slice(0, 200)}`);
    return result.rows;
  }
}

function queryMessage(sql: string): Uint8Array {
  return message('Q', text(sql));
}

/** Parse and Describe of the unnamed statement, and Sync. */
function describeMessages(sql: string): Uint8Array {
  const noName = new Uint8Array(1);
  const parts = [message('P', noName, text(sql), new Uint8Array(2)), message('D', encoder.encode('S'), noName), message('S')];
  return joined(parts);
}

/** A string of the protocol. */
function text(value: string): Uint8Array {
  return encoder.encode(`${value.replaceAll('\0', ' ')}\0`);
}

function message(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(parts);
  const bytes = new Uint8Array(body.length + 5);
  bytes[0] = type.charCodeAt(0);
  new DataView(bytes.buffer).setInt32(1, body.length + 4);
  bytes.set(body, 5);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Cuts the byte stream into messages; data rows are skipped without being stored unless they are wanted. */
class MessageReader {
  readonly rows: (string | null)[][] = [];
  parameters: number[] = [];
  columns: { name: string; type: number; modifier: number }[] = [];
  error: ServerError | undefined;
  status: 'I' | 'T' | 'E' | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  #skip = 0;

  constructor(
    readonly keepRows: boolean,
    readonly keepDescription = false,
  ) {}

  push(chunk: Uint8Array): void {
    if (this.#skip >= chunk.length) {
      this.#skip -= chunk.length;
      return;
    }
    let bytes = chunk.subarray(this.#skip);
    this.#skip = 0;
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
    }
    let at = 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (at + 5 <= bytes.length) {
      const type = view.getUint8(at);
      const end = at + 1 + view.getInt32(at + 1);
      if (end > bytes.length) {
        if (this.#wanted(type)) break;
        this.#skip = end - bytes.length;
        at = bytes.length;
        break;
      }
      if (this.#wanted(type)) this.#message(type, bytes.subarray(at + 5, end));
      at = end;
    }
    this.#rest = bytes.slice(at);
  }

  #wanted(type: number): boolean {
    return type === 0x45 || type === 0x5a || (type === 0x44 && this.keepRows) || ((type === 0x54 || type === 0x74) && this.keepDescription);
  }

  #message(type: number, body: Uint8Array): void {
    if (type === 0x44) this.rows.push(dataRow(body));
    else if (type === 0x54) this.columns = rowDescription(body);
    else if (type === 0x74) this.parameters = parameterDescription(body);
    else if (type === 0x45) this.error ??= serverError(body);
    else this.status = String.fromCharCode(body[0] ?? 0x49) as 'I' | 'T' | 'E';
  }
}

function dataRow(body: Uint8Array): (string | null)[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const row: (string | null)[] = [];
  let at = 2;
  for (let left = view.getInt16(0); left > 0; left--) {
    const length = view.getInt32(at);
    at += 4;
    row.push(length < 0 ? null : decoder.decode(body.subarray(at, at + length)));
    if (length > 0) at += length;
  }
  return row;
}

function parameterDescription(body: Uint8Array): number[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: view.getInt16(0) }, (_, index) => view.getUint32(2 + index * 4));
}

function rowDescription(body: Uint8Array): { name: string; type: number; modifier: number }[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const columns: { name: string; type: number; modifier: number }[] = [];
  let at = 2;
  for (let left = view.getInt16(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    columns.push({ name: decoder.decode(body.subarray(at, end)), type: view.getUint32(end + 7), modifier: view.getInt32(end + 13) });
    at = end + 19;
  }
  return columns;
}

function serverError(body: Uint8Array): ServerError {
  const fields = new Map<string, string>();
  for (const field of decoder.decode(body).split('\0')) if (field !== '') fields.set(field.charAt(0), field.slice(1));
  return {
    sqlstate: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? '',
    detail: fields.get('D'),
    hint: fields.get('H'),
    where: fields.get('W'),
    position: fields.has('P') ? Number(fields.get('P')) : undefined,
  };
}
