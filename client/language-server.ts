import { EventEmitter, type Disposable, type Event, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  checkWorkspaceRequest,
  projectsRequest,
  shadowStatusNotification,
  targetChangedNotification,
  type CheckWorkspaceResult,
  type ProjectsResult,
  type ShadowStatus,
} from '#protocol';

/** The language server as the rest of the extension sees it: started when first needed, restarted on demand. */
export class Server implements Disposable {
  readonly #shadowStatus = new EventEmitter<ShadowStatus>();
  readonly onShadowStatus: Event<ShadowStatus> = this.#shadowStatus.event;
  #starting: Promise<LanguageClient> | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  /** Resolves once the server runs. Rejects when it does not start; the next call tries again. */
  start(): Promise<LanguageClient> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** As `start`, for callers that go on without the server: the failure is logged and shown in the language status. */
  startInBackground(): void {
    this.start().catch((error: unknown) => this.#startFailed(error));
  }

  async restart(): Promise<void> {
    if (!this.#starting) {
      await this.start();
      return;
    }
    const client = await this.#starting;
    await client.restart();
  }

  async projects(): Promise<ProjectsResult> {
    return (await this.start()).sendRequest<ProjectsResult>(projectsRequest, {});
  }

  async checkWorkspace(): Promise<CheckWorkspaceResult> {
    return (await this.start()).sendRequest<CheckWorkspaceResult>(checkWorkspaceRequest, {});
  }

  /** Tells a running server that a run changed a target. */
  async targetChanged(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client?.isRunning()) await client.sendNotification(targetChangedNotification, {});
  }

  dispose(): void {
    this.#shadowStatus.dispose();
  }

  /** Ends the server; the editor waits for it. */
  async stop(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client?.needsStop()) await client.stop();
  }

  async #start(): Promise<LanguageClient> {
    const { createLanguageClient } = await import('./language-client');
    const client = createLanguageClient(this.context, this.log);
    client.onNotification(shadowStatusNotification, (status: ShadowStatus) => this.#shadowStatus.fire(status));
    await client.start();
    return client;
  }

  #startFailed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(`The language server did not start: ${message}`);
    this.#shadowStatus.fire({ state: 'failed', message });
  }
}
