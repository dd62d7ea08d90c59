import type { Files } from '#engine/core/host';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import type { Project } from '#engine/operations/checking';
import type {
  CancellationToken,
  Connection,
  ProtocolRequestType,
  ResponseError,
  ServerCapabilities,
  TextDocumentIdentifier,
} from 'vscode-languageserver';
import type { ProjectEntry } from './project-entry';
import { runSafe } from './run-safe';
import type { Settings } from './settings';
import { pathOf } from './uris';
import type { Workspace } from './workspace';

/** A document that a project owns; the project was read as it is now. */
export interface Place {
  readonly path: string;
  readonly project: Project;
  readonly entry: Pick<ProjectEntry, 'latest' | 'analysis'>;
  readonly files: Files;
}

/** A document that is the manifest of its project. */
export interface ManifestPlace extends Place {
  readonly document: ManifestDocument;
}

type Request<P, R> = string | ProtocolRequestType<P, R, unknown, unknown, unknown>;

interface Answer<S, P, R> {
  /** What the client is told that the server can do. */
  readonly capability?: ServerCapabilities;
  /** The setting that switches the feature on; without one it is always on. */
  readonly isOn?: (settings: Settings) => boolean;
  /** The answer when the feature is off, when there is nothing to answer from, and after a bug. */
  readonly neutral: R;
  handle(subject: S, parameters: P, signal: AbortSignal): R | ResponseError<void> | Promise<R | ResponseError<void>>;
}

/** One request of the protocol, with the function that answers it. */
export type Feature = Answer<Workspace, never, unknown> & { readonly request: string | { readonly method: string } };

/** A request that is answered from all projects. */
export function ofWorkspace<P, R>(request: Request<P, R>, answer: Answer<Workspace, P, R>): Feature {
  return { ...answer, request };
}

/** A request about a document; what no readable project owns gets the neutral answer. */
export function ofDocument<P extends { textDocument: TextDocumentIdentifier }, R>(
  request: Request<P, R>,
  { handle, ...answer }: Answer<Place, P, R>,
): Feature {
  return ofWorkspace<P, R>(request, {
    ...answer,
    handle: async (workspace, parameters, signal) => {
      const place = await placeOf(workspace, parameters.textDocument.uri);
      return place ? handle(place, parameters, signal) : answer.neutral;
    },
  });
}

/** A request about a manifest; every other document gets the neutral answer. */
export function ofManifest<P extends { textDocument: TextDocumentIdentifier }, R>(
  request: Request<P, R>,
  { handle, ...answer }: Answer<ManifestPlace, P, R>,
): Feature {
  return ofDocument<P, R>(request, {
    ...answer,
    handle: (place, parameters, signal) => {
      const { manifest: document } = place.project;
      return document?.path === place.path ? handle({ ...place, document }, parameters, signal) : answer.neutral;
    },
  });
}

/** Answers a request over a connection, from the projects of the workspace. */
export function answer(connection: Connection, workspace: Workspace, { request, isOn, neutral, handle }: Feature): void {
  const name = typeof request === 'string' ? request : request.method;
  // Clients may send a custom request without parameters; its handler then receives the token alone.
  connection.onRequest(request as string, (...received: unknown[]) =>
    runSafe(workspace.logger, name, received.at(-1) as CancellationToken, neutral, (signal) =>
      isOn?.(workspace.settings()) === false ? neutral : handle(workspace, received[0] as never, signal),
    ),
  );
}

/** The place of a document; undefined for what no readable project owns. */
export async function placeOf(workspace: Workspace, uri: string): Promise<Place | undefined> {
  const path = pathOf(uri);
  const entry = path === undefined ? undefined : await workspace.entryOf(path);
  const project = await entry?.project();
  return path !== undefined && entry && project?.ok ? { path, entry, project: project.value, files: workspace.files } : undefined;
}
