import {
  checkWorkspaceRequest,
  type CheckWorkspaceResult,
  projectsRequest,
  type ProjectInfo,
  type ProjectsResult,
  shadowStatusNotification,
  type ShadowStatus,
  targetChangedNotification,
} from '#protocol';
import { referencedId } from '#engine/manifest/schema';
import { isManifestPath } from '#engine/project/open-project';
import {
  type CancellationToken,
  type ClientCapabilities,
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentFormattingRequest,
  FileChangeType,
  type InitializeParams,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenDocuments } from './documents';
import { manifestSelector } from './manifest-selector';
import { registerCodeActions } from './features/code-actions';
import { registerCodeLens } from './features/code-lens';
import { registerCompletion } from './features/completion';
import { registerDefinition } from './features/definition';
import { registerDiagnostics } from './features/diagnostics';
import { registerDocumentLinks } from './features/document-links';
import { registerDocumentSymbols } from './features/document-symbols';
import { registerHover } from './features/hover';
import { registerFormatting } from './features/formatting';
import { registerFoldingRanges } from './features/folding-ranges';
import { registerInlayHints } from './features/inlay-hints';
import { followedFiles, registerRename } from './features/rename';
import { registerReferences } from './features/references';
import { registerSemanticTokens, semanticTokensLegend } from './features/semantic-tokens';
import { registerWorkspaceSymbols } from './features/workspace-symbols';
import { runSafe } from './run-safe';
import type { Runtime } from './runtime';
import { defaultSettings, type Settings, settingsFrom } from './settings';
import { ShadowPool } from './shadow-pool';
import { pathOf, uriOf } from './uris';
import { Workspace } from './workspace';

/** Wires the language server to a connection. The process behind it comes in as `runtime`; nothing here touches it otherwise. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const documents = new TextDocuments(TextDocument);
  const open = new OpenDocuments(runtime.files, documents);
  let settings: Settings = defaultSettings;
  let capabilities: ClientCapabilities = {};
  const reportShadow = (status: ShadowStatus) => void connection.sendNotification(shadowStatusNotification, status);
  const shadows = new ShadowPool(() => runtime.startShadow(), runtime.logger, reportShadow);
  const workspace = new Workspace(runtime, open, shadows, () => settings);
  let diagnostics: { publish(path: string): void } = { publish: () => undefined };

  connection.onInitialize((parameters) => {
    capabilities = parameters.capabilities;
    settings = settingsFrom((parameters.initializationOptions as { settings?: unknown } | undefined)?.settings);
    workspace.setFolders(foldersOf(parameters));
    const pulls = capabilities.textDocument?.diagnostic !== undefined;
    diagnostics = registerDiagnostics(connection, workspace, {
      mode: pulls ? 'pull' : 'push',
      canRefresh: capabilities.workspace?.diagnostics?.refreshSupport === true,
      documentation: runtime.documentation,
    });
    return {
      serverInfo: { name: 'mem8-upgrade' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        ...(pulls ? { diagnosticProvider: { identifier: 'mem8-upgrade', interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        codeLensProvider: { resolveProvider: false },
        hoverProvider: true,
        completionProvider: { triggerCharacters: [' ', ':', '-', '"', '/', '[', '{', ','] },
        documentLinkProvider: { resolveProvider: false },
        definitionProvider: true,
        documentSymbolProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
        referencesProvider: true,
        documentHighlightProvider: true,
        foldingRangeProvider: { documentSelector: manifestSelector },
        selectionRangeProvider: { documentSelector: manifestSelector },
        semanticTokensProvider: { documentSelector: manifestSelector, legend: semanticTokensLegend, full: true },
        ...(capabilities.textDocument?.formatting?.dynamicRegistration ? {} : { documentFormattingProvider: true }),
        workspaceSymbolProvider: true,
        inlayHintProvider: { resolveProvider: false },
        renameProvider: { prepareProvider: true },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true }, fileOperations: followedFiles },
      },
    };
  });

  connection.onInitialized(() => {
    if (capabilities.textDocument?.formatting?.dynamicRegistration)
      void connection.client.register(DocumentFormattingRequest.type, { documentSelector: manifestSelector });
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration)
      void connection.client.register(DidChangeConfigurationNotification.type);
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: watchedPatterns.map((globPattern) => ({ globPattern })),
      });
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async () => {
        const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
        workspace.setFolders(folders.flatMap(({ uri }) => pathOf(uri) ?? []));
      });
    }
  });

  connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
    const value: unknown = capabilities.workspace?.configuration
      ? await connection.workspace.getConfiguration('mem8Upgrade')
      : (pushed as { mem8Upgrade?: unknown } | undefined)?.mem8Upgrade;
    settings = settingsFrom(value);
    workspace.invalidateAll();
    if (capabilities.workspace?.diagnostics?.refreshSupport) void connection.languages.diagnostics.refresh();
    if (capabilities.workspace?.codeLens?.refreshSupport) await connection.sendRequest(CodeLensRefreshRequest.type);
    if (capabilities.workspace?.inlayHint?.refreshSupport) await connection.languages.inlayHint.refresh();
  });

  const changed = async (path: string) => {
    await workspace.contentChanged(path);
    diagnostics.publish(path);
  };
  documents.onDidChangeContent(({ document }) => {
    const path = pathOf(document.uri);
    if (path !== undefined) void changed(path);
  });
  documents.onDidClose(({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    open.forget(path);
    void changed(path);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      const path = pathOf(uri);
      if (path === undefined) continue;
      open.forget(path);
      if (namesProjects(path) || (type !== FileChangeType.Changed && !/\.(?:[cm]?[jt]sx?|rs|go|py|java|kt)$/.test(path)))
        workspace.structureChanged();
      if (open.openText(path) === undefined || type !== FileChangeType.Changed) void changed(path);
    }
  });

  registerCodeLens(connection, workspace, () => settings);
  registerReferences(connection, workspace);
  registerFoldingRanges(connection, workspace);
  registerFormatting(connection, workspace);
  registerSemanticTokens(connection, workspace);
  registerWorkspaceSymbols(connection, workspace);
  registerInlayHints(connection, workspace, () => settings);
  registerHover(connection, workspace);
  registerCompletion(connection, workspace);
  registerDocumentLinks(connection, workspace);
  registerDefinition(connection, workspace);
  registerDocumentSymbols(connection, workspace);
  registerCodeActions(connection, workspace);
  registerRename(connection, workspace, (paths) => {
    workspace.structureChanged();
    for (const path of paths) {
      open.forget(path);
      void changed(path);
    }
  });

  connection.onRequest(projectsRequest, (...received: unknown[]) =>
    runSafe<ProjectsResult>(runtime.logger, projectsRequest, tokenOf(received), [], async () => {
      const projects: ProjectInfo[] = [];
      for (const entry of await workspace.entries()) {
        const project = await entry.project();
        if (!('ownedFiles' in project)) continue;
        const manifest = project.manifest?.manifest;
        projects.push({
          ...(project.manifest ? { manifest: uriOf(project.manifest.path) } : {}),
          ...(project.directory ? { directory: uriOf(project.directory.path), layout: project.directory.layout } : {}),
          ...(manifest ? { system: manifest.system } : {}),
          releases: (manifest?.releases ?? []).map(({ version, migrations }) => ({ version, migrations: migrations.map(referencedId) })),
          targets: Object.entries(manifest?.targets ?? {}).map(([name, { driver, protected: isProtected }]) => ({
            name,
            driver,
            protected: isProtected,
          })),
        });
      }
      return projects;
    }),
  );

  connection.onRequest(checkWorkspaceRequest, (...received: unknown[]) =>
    runSafe<CheckWorkspaceResult>(
      runtime.logger,
      checkWorkspaceRequest,
      tokenOf(received),
      { files: 0, errors: 0, warnings: 0, others: 0 },
      async () => {
        let files = 0;
        const counts = { error: 0, warning: 0, other: 0 };
        for (const entry of await workspace.entries()) {
          const project = await entry.project();
          if (!('ownedFiles' in project)) continue;
          files += project.ownedFiles.size;
          for (const { severity } of (await entry.analysis()).findings)
            counts[severity === 'error' || severity === 'warning' ? severity : 'other']++;
        }
        return { files, errors: counts.error, warnings: counts.warning, others: counts.other };
      },
    ),
  );

  connection.onNotification(targetChangedNotification, () => {
    if (capabilities.workspace?.codeLens?.refreshSupport) void connection.sendRequest(CodeLensRefreshRequest.type);
  });

  connection.onShutdown(() => shadows.dispose());
  documents.listen(connection);
  connection.listen();
}

/** True for files whose text decides which projects there are. */
function namesProjects(path: string): boolean {
  return isManifestPath(path) || /(?:^|\/)(?:\.mem8-upgrade\.yaml|sqlc\.(?:ya?ml|json)|dbt_project\.ya?ml)$/.test(path);
}

const watchedPatterns = [
  '**/*.sql',
  // Descriptions of APIs, and code that holds queries.
  '**/*.{json,yaml,yml,graphql,graphqls,gql,proto}',
  '**/*.{rs,go,ts,tsx,mts,cts,js,jsx,mjs,cjs,py,java,kt}',
  '**/{sqitch.plan,atlas.sum,diesel.toml,metadata.toml,flyway.conf,flyway.toml,migration_lock.toml}',
];

/** Clients may send a request without parameters; its handler then receives the token alone. */
function tokenOf(received: readonly unknown[]): CancellationToken {
  return received.at(-1) as CancellationToken;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
