import { checkWorkspaceRequest, type CheckWorkspaceResult, projectsRequest, type ProjectsResult } from '#protocol';
import {
  type ClientCapabilities,
  CodeActionKind,
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  WillRenameFilesRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver';
import { type Feature, ofDocument, ofManifest, ofWorkspace, placeOf } from '../answer';
import { manifestSelector } from '../manifest-selector';
import { pathOf } from '../uris';
import { checkWorkspace } from './check-workspace';
import { codeActions } from './code-actions';
import { LastCodeLenses } from './code-lens';
import { completion } from './completion';
import { definition } from './definition';
import { documentLinks } from './document-links';
import { documentSymbols } from './document-symbols';
import { foldingRanges, selectionRange } from './folding-ranges';
import { formatting } from './formatting';
import { hover } from './hover';
import { inlayHints } from './inlay-hints';
import { projectInfo } from './projects';
import { documentHighlights, references } from './references';
import { prepareRename, renameAt, renameWithFiles } from './rename';
import { semanticTokens, semanticTokensLegend } from './semantic-tokens';
import { workspaceSymbols } from './workspace-symbols';

export interface FeatureOptions {
  readonly client: ClientCapabilities;
  /** Folder with the documentation of the checks, where it exists and the client can show it. */
  readonly pages: string | undefined;
  showsSettled(): boolean;
  /** The whole workspace was checked anew. */
  checked(): void;
}

/** Every request that the server answers, except those for diagnostics. */
export function featuresFor({ client, pages, showsSettled, checked }: FeatureOptions): Feature[] {
  const ofManifests = { documentSelector: manifestSelector };
  const lenses = new LastCodeLenses();
  return [
    ofDocument(HoverRequest.type, {
      capability: { hoverProvider: true },
      neutral: null,
      handle: (place, { position }) => hover(place, position),
    }),
    ofManifest(CompletionRequest.type, {
      capability: { completionProvider: { triggerCharacters: [' ', ':', '-', '"', '/', '[', '{', ','] } },
      neutral: [],
      handle: (place, { position }) => completion(place, position),
    }),
    ofDocument(CodeActionRequest.type, {
      capability: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] } },
      neutral: [],
      handle: (place, parameters) => codeActions(place, parameters, pages),
    }),
    ofWorkspace(CodeLensRequest.type, {
      capability: { codeLensProvider: { resolveProvider: false } },
      isOn: ({ codeLens }) => codeLens.enabled,
      neutral: [],
      handle: async (workspace, { textDocument: { uri } }) => lenses.of((await placeOf(workspace, uri))?.project, pathOf(uri) ?? uri),
    }),
    ofDocument(InlayHintRequest.type, {
      capability: { inlayHintProvider: { resolveProvider: false } },
      isOn: ({ inlayHints: { enabled } }) => enabled,
      neutral: [],
      handle: async ({ path, entry, files }, { range }) => inlayHints(await entry.analysis(path), path, await files.readText(path), range),
    }),
    ofDocument(DefinitionRequest.type, {
      capability: { definitionProvider: true },
      neutral: [],
      handle: ({ project, path }, { position }) => definition(project, path, position),
    }),
    ofDocument(ReferencesRequest.type, {
      capability: { referencesProvider: true },
      neutral: [],
      handle: ({ project, path }, { position, context }) => references(project, path, position, context.includeDeclaration),
    }),
    ofManifest(DocumentHighlightRequest.type, {
      capability: { documentHighlightProvider: true },
      neutral: [],
      handle: ({ document }, { position }) => documentHighlights(document, position),
    }),
    ofManifest(DocumentLinkRequest.type, {
      capability: { documentLinkProvider: { resolveProvider: false } },
      neutral: [],
      handle: ({ document, project }) => documentLinks(document, project.directory),
    }),
    ofDocument(DocumentSymbolRequest.type, {
      capability: { documentSymbolProvider: true },
      neutral: [],
      handle: ({ project, path }) => documentSymbols(project, path),
    }),
    ofWorkspace(WorkspaceSymbolRequest.type, {
      capability: { workspaceSymbolProvider: true },
      neutral: [],
      handle: async (workspace, { query }, signal) => {
        const projects = await workspace.projects();
        return signal.aborted ? [] : workspaceSymbols(projects, query);
      },
    }),
    ofManifest(FoldingRangeRequest.type, {
      capability: { foldingRangeProvider: ofManifests },
      neutral: null,
      handle: ({ document }) => foldingRanges(document),
    }),
    ofManifest(SelectionRangeRequest.type, {
      capability: { selectionRangeProvider: ofManifests },
      neutral: null,
      handle: ({ document }, { positions }) => positions.map((position) => selectionRange(document, position)),
    }),
    ofManifest(SemanticTokensRequest.type, {
      capability: { semanticTokensProvider: { ...ofManifests, legend: semanticTokensLegend, full: true } },
      neutral: { data: [] },
      handle: ({ document }) => semanticTokens(document),
    }),
    ofManifest(DocumentFormattingRequest.type, {
      // Other clients are asked to register it for manifests alone.
      capability: client.textDocument?.formatting?.dynamicRegistration ? {} : { documentFormattingProvider: true },
      neutral: [],
      handle: ({ document }) => formatting(document),
    }),
    ofManifest(PrepareRenameRequest.type, {
      capability: { renameProvider: { prepareProvider: true } },
      neutral: null,
      handle: ({ document }, { position }) => prepareRename(document, position),
    }),
    ofManifest(RenameRequest.type, {
      neutral: null,
      handle: ({ document, project }, { position, newName }) => renameAt(document, project.directory, position, newName),
    }),
    ofWorkspace(WillRenameFilesRequest.type, {
      neutral: null,
      handle: async (workspace, { files }) => renameWithFiles(await workspace.projects(), files),
    }),
    ofWorkspace<unknown, ProjectsResult>(projectsRequest, {
      neutral: [],
      handle: async (workspace) => (await workspace.projects()).map(projectInfo),
    }),
    ofWorkspace<unknown, CheckWorkspaceResult>(checkWorkspaceRequest, {
      neutral: { files: 0, errors: 0, warnings: 0, others: 0 },
      handle: async (workspace) => {
        const result = await checkWorkspace(workspace, showsSettled);
        checked();
        return result;
      },
    }),
  ];
}
