import {
  type Applied,
  appliedNotification,
  type ShadowStatus,
  shadowStatusNotification,
  type ShowSettled,
  showSettledNotification,
  targetChangedNotification,
} from '#protocol';
import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentFormattingRequest,
  type InitializeParams,
  type InitializeResult,
  TextDocuments,
  TextDocumentSyncKind,
  WatchKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { answer } from './answer';
import { OpenDocuments } from './documents';
import { featuresFor } from './features/index';
import { followedFiles } from './features/rename';
import { watchedPatterns } from './file-changes';
import { followChanges } from './follow-changes';
import { manifestSelector } from './manifest-selector';
import { reportDiagnostics } from './features/diagnostics';
import type { Runtime } from './runtime';
import { settingsFrom } from './settings';
import { ShadowPool } from './shadow-pool';
import { tellCheckStatus } from './tell-check-status';
import { pathOf } from './uris';
import { Workspace } from './workspace';

/** Wires the language server to a connection. The process behind it comes in as `runtime`; nothing here touches it otherwise. */
export function startServer(connection: Connection, runtime: Runtime): void {
  connection.onInitialize((parameters) => initialize(connection, runtime, parameters));
  connection.listen();
}

function initialize(connection: Connection, runtime: Runtime, parameters: InitializeParams): InitializeResult {
  const { capabilities: client } = parameters;
  const options = parameters.initializationOptions as { settings?: unknown; showsChecks?: unknown } | undefined;
  let settings = settingsFrom(options?.settings);
  const settled = { isShown: false };

  const documents = new TextDocuments(TextDocument);
  const open = new OpenDocuments(runtime.files, documents);
  const reportShadow = (status: ShadowStatus) => void connection.sendNotification(shadowStatusNotification, status);
  const shadows = new ShadowPool(() => runtime.startShadow(), runtime.logger, reportShadow);
  const workspace = new Workspace(runtime, open, shadows, () => settings);
  workspace.setFolders(foldersOf(parameters));

  const diagnostics = reportDiagnostics(connection, workspace, settled, runtime.documentation, client);
  const features = featuresFor({
    client,
    pages: options?.showsChecks === true ? runtime.documentation : undefined,
    showsSettled: () => settled.isShown,
    checked: () => diagnostics.changedOnDisk(),
  });
  for (const feature of features) answer(connection, workspace, feature);
  followChanges(connection, documents, runtime.files, { workspace, open, diagnostics });
  tellCheckStatus(connection, workspace);

  const refreshLenses = async () => {
    if (client.workspace?.codeLens?.refreshSupport) await connection.sendRequest(CodeLensRefreshRequest.type);
  };
  connection.onInitialized(() => {
    register(connection, client);
    if (!client.workspace?.workspaceFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(async () => {
      const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
      workspace.setFolders(folders.flatMap(({ uri }) => pathOf(uri) ?? []));
      diagnostics.changedOnDisk();
    });
  });
  connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
    const value: unknown = client.workspace?.configuration
      ? await connection.workspace.getConfiguration('mem8Upgrade')
      : (pushed as { mem8Upgrade?: unknown } | undefined)?.mem8Upgrade;
    settings = settingsFrom(value);
    workspace.invalidateAll();
    diagnostics.changedOnDisk();
    await refreshLenses();
    if (client.workspace?.inlayHint?.refreshSupport) await connection.languages.inlayHint.refresh();
  });
  connection.onNotification(showSettledNotification, ({ show }: ShowSettled) => {
    settled.isShown = show;
    diagnostics.changedOnDisk();
  });
  connection.onNotification(appliedNotification, ({ manifest, target, migrations }: Applied) => {
    const path = pathOf(manifest);
    if (path === undefined) return;
    void workspace.entryOf(path).then((entry) => {
      entry?.applied(target, migrations);
      diagnostics.changedOnDisk();
    });
  });
  connection.onNotification(targetChangedNotification, () => void refreshLenses());
  connection.onShutdown(() => shadows.dispose());

  return {
    serverInfo: { name: 'mem8-upgrade' },
    capabilities: Object.assign(
      {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true }, fileOperations: followedFiles },
      },
      diagnostics.capability,
      ...features.map(({ capability }) => capability),
    ),
  };
}

/** Asks the client for what it takes only after the start: settings, changes on disk, formatting for manifests alone. */
function register({ client }: Connection, { textDocument, workspace }: InitializeParams['capabilities']): void {
  if (textDocument?.formatting?.dynamicRegistration)
    void client.register(DocumentFormattingRequest.type, { documentSelector: manifestSelector });
  if (workspace?.didChangeConfiguration?.dynamicRegistration) void client.register(DidChangeConfigurationNotification.type);
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
    void client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [
        ...watchedPatterns.map((globPattern) => ({ globPattern, kind: WatchKind.Change })),
        { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
      ],
    });
  }
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
