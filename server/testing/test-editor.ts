import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Registration,
  RegistrationRequest,
  type PreviousResultId,
  type ServerCapabilities,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceDiagnosticReportPartialResult,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver-protocol/node';
import { createConnection } from 'vscode-languageserver/node';
import { startShadow } from '#engine/checking/checks/testing/sql-fixture';
import { silentLogger } from '#engine/core/host';
import { LineIndex } from '#engine/core/text';
import { memoryFiles, type MemoryFiles } from '#engine/host/memory-files';
import { systemClock } from '#engine/host/node-host';
import { startServer } from '../server';
import { uriOf } from '../uris';

/** An editor at the other end of a real protocol connection to the server, over streams in memory. */
export class TestEditor {
  readonly #texts = new Map<string, { version: number; text: string }>();
  readonly #published = new Map<string, Diagnostic[]>();
  readonly #waiting: (() => void)[] = [];
  readonly logged: string[] = [];
  /** What the server said that it can do, and what it registered later. */
  offered: ServerCapabilities = {};
  readonly registrations: Registration[] = [];

  private constructor(
    readonly connection: ProtocolConnection,
    readonly files: MemoryFiles,
  ) {
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.#published.set(uri, diagnostics);
      this.#waiting.splice(0).forEach((wake) => wake());
    });
  }

  /** Starts a server over files below `/project` and initialises it. `pull` decides how diagnostics come; with `hasFolder: false` no folder is open. */
  static async start(
    entries: Readonly<Record<string, string>>,
    options: { pull?: boolean; settings?: unknown; registersFormatting?: boolean; showsChecks?: boolean; hasFolder?: boolean } = {},
  ): Promise<TestEditor> {
    const files = memoryFiles(Object.fromEntries(Object.entries(entries).map(([path, text]) => [`/project/${path}`, text])));
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    const editor = new TestEditor(client, files);
    const log = (message: string) => void editor.logged.push(message);
    startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), {
      files,
      clock: systemClock,
      logger: { ...silentLogger, warn: log, error: log },
      // One for all tests of a file: each replays a history of its own in it.
      startShadow,
      documentation: '/docs/checks',
    });
    client.listen();
    const capabilities: ClientCapabilities = {
      textDocument: {
        diagnostic: options.pull === false ? undefined : { dynamicRegistration: false },
        publishDiagnostics: { relatedInformation: true },
        formatting: options.registersFormatting ? { dynamicRegistration: true } : undefined,
      },
      workspace: { workspaceFolders: true },
    };
    client.onRequest(RegistrationRequest.type, ({ registrations }) => void editor.registrations.push(...registrations));
    const { capabilities: offered } = await client.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      workspaceFolders: options.hasFolder === false ? null : [{ uri: uriOf('/project'), name: 'project' }],
      capabilities,
      initializationOptions: { settings: options.settings ?? {}, showsChecks: options.showsChecks },
    });
    editor.offered = offered;
    await client.sendNotification(InitializedNotification.type, {});
    return editor;
  }

  async open(path: string): Promise<void> {
    const text = await this.files.readText(`/project/${path}`);
    this.#texts.set(path, { version: 1, text });
    const languageId = path.endsWith('.sql') ? 'sql' : 'mem8-upgrade-manifest';
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), languageId, version: 1, text },
    });
  }

  /** Replaces the first occurrence of `from` in an open document, as one edit. */
  async type(path: string, from: string, to: string): Promise<void> {
    const document = this.#texts.get(path);
    if (!document) throw new Error(`${path} is not open`);
    const start = document.text.indexOf(from);
    if (start < 0) throw new Error(`${path} does not hold ${from}`);
    const index = new LineIndex(document.text);
    const range = { start: index.positionAt(start), end: index.positionAt(start + from.length) };
    const next = { version: document.version + 1, text: document.text.slice(0, start) + to + document.text.slice(start + from.length) };
    this.#texts.set(path, next);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), version: next.version },
      contentChanges: [{ range, text: to }],
    });
  }

  /** Pulled diagnostics, as `id: the text that they mark`. */
  async findings(path: string): Promise<string[]> {
    return (await this.diagnostics(path)).map((diagnostic) => `${diagnostic.code}: ${this.textAt(path, diagnostic)}`);
  }

  async diagnostics(path: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: this.uri(path) } });
    return report.kind === 'full' ? report.items : [];
  }

  async close(path: string): Promise<void> {
    this.#texts.delete(path);
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: this.uri(path) } });
  }

  /** Tells what an editor's watcher says of the disk: files, or folders without what is in them. */
  async changedOnDisk(events: Readonly<Record<string, 'created' | 'changed' | 'deleted'>>): Promise<void> {
    const types: Record<string, FileChangeType> = {
      created: FileChangeType.Created,
      changed: FileChangeType.Changed,
      deleted: FileChangeType.Deleted,
    };
    const changes = Object.entries(events).map(([path, type]) => ({ uri: this.uri(path), type: types[type] ?? FileChangeType.Changed }));
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  }

  /** Follows the reports of the workspace as VS Code does. What is shown now is in the map: ids of findings by path. */
  followWorkspace(): ReadonlyMap<string, readonly string[]> {
    const shown = new Map<string, string[]>();
    const ids = new Map<string, string>();
    const pull = async (): Promise<void> => {
      const token = `part-${ids.size}-${Math.random()}`;
      const take = ({ items }: WorkspaceDiagnosticReportPartialResult) => {
        for (const item of items) {
          if (item.kind === 'full')
            shown.set(
              this.path(item.uri),
              item.items.map(({ code }) => String(code)),
            );
          if (item.resultId !== undefined) ids.set(item.uri, item.resultId);
        }
      };
      const listener = this.connection.onProgress(WorkspaceDiagnosticRequest.partialResult, token, take);
      const previousResultIds = [...ids].map(([uri, value]): PreviousResultId => ({ uri, value }));
      take(await this.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds, partialResultToken: token }));
      listener.dispose();
      await pull();
    };
    pull().catch(() => undefined);
    return shown;
  }

  /** Waits until pushed diagnostics of a file satisfy a condition. */
  async published(path: string, condition: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    for (;;) {
      const diagnostics = this.#published.get(this.uri(path));
      if (diagnostics && condition(diagnostics)) return diagnostics;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  textAt(path: string, { range }: Diagnostic): string {
    const text = this.text(path);
    const index = new LineIndex(text);
    return text.slice(index.offsetAt(range.start), index.offsetAt(range.end));
  }

  text(path: string): string {
    const text = this.#texts.get(path)?.text;
    if (text === undefined) throw new Error(`${path} is not open`);
    return text;
  }

  /** The position of the first occurrence of `needle`, or of a place inside it. */
  position(path: string, needle: string, inside = 0): Position {
    return new LineIndex(this.text(path)).positionAt(this.text(path).indexOf(needle) + inside);
  }

  uri(path: string): string {
    return uriOf(`/project/${path}`);
  }

  path(uri: string): string {
    return uri.slice(this.uri('').length);
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    this.connection.dispose();
  }
}
