import {
  checkWorkspaceRequest,
  type CheckWorkspaceResult,
  projectsRequest,
  type ProjectInfo,
  type ProjectsResult,
  shadowStatusNotification,
  type ShadowStatus,
  targetChangedNotification,
  type Applied,
  appliedNotification,
  type ShowSettled,
  showSettledNotification,
} from '#protocol';
import { parentFolder, resolvePath } from '#engine/core/paths';
import { ProblemError } from '#engine/core/problem';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Analysis } from '#engine/checking/analysis/analysis';
import { isManifestPath } from '#engine/checking/project/open-project';
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
  WatchKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenDocuments } from './documents';
import { FileChanges, type FileEvent, isOfRepository, watchedPatterns } from './file-changes';
import { manifestSelector } from './manifest-selector';
import { registerCheckStatus } from './features/check-status';
import { registerCodeActions } from './features/code-actions';
import { registerCodeLens } from './features/code-lens';
import { registerCompletion } from './features/completion';
import { registerDefinition } from './features/definition';
import { type Diagnostics, registerDiagnostics } from './features/diagnostics';
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
import type { ProjectEntry } from './project-entry';
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
  const settled = { isShown: false };
  let showsChecks = false;
  let diagnostics: Diagnostics;

  connection.onInitialize((parameters) => {
    capabilities = parameters.capabilities;
    const options = parameters.initializationOptions as { settings?: unknown; showsChecks?: unknown } | undefined;
    settings = settingsFrom(options?.settings);
    showsChecks = options?.showsChecks === true;
    workspace.setFolders(foldersOf(parameters));
    const pulls = capabilities.textDocument?.diagnostic !== undefined;
    diagnostics = registerDiagnostics(
      connection,
      workspace,
      {
        mode: pulls ? 'pull' : 'push',
        canRefresh: capabilities.workspace?.diagnostics?.refreshSupport === true,
        documentation: runtime.documentation,
      },
      settled,
    );
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
        watchers: [
          ...watchedPatterns.map((globPattern) => ({ globPattern, kind: WatchKind.Change })),
          { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
        ],
      });
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async () => {
        const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
        workspace.setFolders(folders.flatMap(({ uri }) => pathOf(uri) ?? []));
        diagnostics.changedOnDisk();
      });
    }
  });

  connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
    const value: unknown = capabilities.workspace?.configuration
      ? await connection.workspace.getConfiguration('mem8Upgrade')
      : (pushed as { mem8Upgrade?: unknown } | undefined)?.mem8Upgrade;
    settings = settingsFrom(value);
    workspace.invalidateAll();
    diagnostics.changedOnDisk();
    if (capabilities.workspace?.codeLens?.refreshSupport) await connection.sendRequest(CodeLensRefreshRequest.type);
    if (capabilities.workspace?.inlayHint?.refreshSupport) await connection.languages.inlayHint.refresh();
  });

  const edited = (path: string) => {
    workspace.filesChanged(FileChanges.edited(path));
    diagnostics.edited(path);
  };
  const changedOnDisk = async (events: readonly FileEvent[]) => {
    open.forget(new Set(events.map(({ path }) => path)));
    const isNewHistory = events.some(({ path }) => isOfRepository(path));
    if (isNewHistory) workspace.repositoryChanged();
    const unseen = events.filter(({ path, type }) => type !== 'changed' || open.openText(path) === undefined || isManifestPath(path));
    const changes = await FileChanges.of(unseen, runtime.files);
    if (changes.paths.size === 0 && !isNewHistory) return;
    workspace.filesChanged(changes);
    diagnostics.changedOnDisk();
  };
  const opened = new Set<string>();
  documents.onDidOpen(({ document }) => {
    opened.add(document.uri);
    workspace.opened();
  });
  documents.onDidChangeContent(async ({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    const isNews = !opened.delete(document.uri) || !(await open.isAsOnDisk(path, document.getText()));
    if (isNews) edited(path);
    else diagnostics.edited(path);
  });
  documents.onDidClose(async ({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    open.forget(new Set([path]));
    const disk = await open.files.readText(path).catch(() => undefined);
    if (disk !== document.getText().replace(/^\uFEFF/, '')) edited(path);
    diagnostics.closed(path);
  });
  connection.onDidChangeWatchedFiles(({ changes }) =>
    changedOnDisk(
      changes.flatMap(({ uri, type }): FileEvent[] => {
        const path = pathOf(uri);
        return path === undefined ? [] : [{ path, type: eventTypes[type] }];
      }),
    ),
  );

  registerCheckStatus(connection, workspace);
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
  registerCodeActions(connection, workspace, () => (showsChecks ? runtime.documentation : undefined));
  registerRename(connection, workspace, (events) => void changedOnDisk(events));

  connection.onRequest(projectsRequest, (...received: unknown[]) =>
    runSafe<ProjectsResult>(runtime.logger, projectsRequest, tokenOf(received), [], async () => {
      const projects: ProjectInfo[] = [];
      for (const entry of await workspace.entries()) {
        const project = await entry.project();
        if (!('ownedFiles' in project)) continue;
        const manifest = project.manifest?.manifest;
        const newest = project.directory?.migrations.filter(({ repeatable }) => !repeatable).at(-1);
        projects.push({
          ...(project.manifest ? { manifest: uriOf(project.manifest.path) } : {}),
          ...(project.directory ? { directory: uriOf(project.directory.path), layout: project.directory.layout } : {}),
          ...(manifest ? { system: manifest.system } : {}),
          releases: (manifest?.releases ?? []).map(({ version, migrations }) => ({ version, migrations: migrations.map(referencedId) })),
          migrations: project.directory?.migrations.length ?? 0,
          ...(newest === undefined ? {} : { newest: { id: newest.id, script: uriOf(newest.up.file) } }),
          targets: Object.entries(manifest?.targets ?? {}).map(([name, target]) => ({
            name,
            driver: target.driver,
            protected: target.protected,
            ...(target.driver === 'pglite' ? { folder: uriOf(resolvePath(parentFolder(project.root), target.path)) } : {}),
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
        workspace.reset();
        let files = 0;
        const counts = { error: 0, warning: 0, other: 0 };
        for (const entry of await workspace.entries()) {
          const project = await entry.project();
          if (!('ownedFiles' in project)) continue;
          files += project.ownedFiles.size;
          for (const finding of (await completeAnalysis(entry)).findings) {
            if (finding.settled && !settled.isShown) continue;
            counts[finding.severity === 'error' || finding.severity === 'warning' ? finding.severity : 'other']++;
          }
        }
        diagnostics.changedOnDisk();
        return { files, errors: counts.error, warnings: counts.warning, others: counts.other };
      },
    ),
  );

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

  connection.onNotification(targetChangedNotification, () => {
    if (capabilities.workspace?.codeLens?.refreshSupport) void connection.sendRequest(CodeLensRefreshRequest.type);
  });

  connection.onShutdown(() => shadows.dispose());
  documents.listen(connection);
  connection.listen();
}

const eventTypes: Record<FileChangeType, FileEvent['type']> = {
  [FileChangeType.Created]: 'created',
  [FileChangeType.Changed]: 'changed',
  [FileChangeType.Deleted]: 'deleted',
};

const oftenEnough = 10;

/** The analysis of a project with every rollback rehearsed, begun again when a change overtakes it. */
async function completeAnalysis(entry: ProjectEntry): Promise<Analysis> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await entry.completeAnalysis();
    } catch (error) {
      if (attempt === oftenEnough || !(error instanceof ProblemError) || error.problem.code !== 'cancelled') throw error;
    }
  }
}

/** Clients may send a request without parameters; its handler then receives the token alone. */
function tokenOf(received: readonly unknown[]): CancellationToken {
  return received.at(-1) as CancellationToken;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
