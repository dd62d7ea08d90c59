import { EventEmitter, workspace, type Disposable, type Event, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type Applied,
  appliedNotification,
  type CheckStatus,
  checkStatusNotification,
  checkWorkspaceRequest,
  projectsRequest,
  shadowStatusNotification,
  showSettledNotification,
  targetChangedNotification,
  type CheckWorkspaceResult,
  type CommandTarget,
  type ProjectsResult,
  type ShadowStatus,
} from '#protocol';

/** The language server as the rest of the extension sees it: started when first needed, restarted on demand. */
export class Server implements Disposable {
  readonly #shadowStatus = new EventEmitter<ShadowStatus>();
  readonly onShadowStatus: Event<ShadowStatus> = this.#shadowStatus.event;
  readonly #checkStatus = new EventEmitter<CheckStatus>();
  readonly onCheckStatus: Event<CheckStatus> = this.#checkStatus.event;
  readonly #settledChanged = new EventEmitter<void>();
  readonly onDidChangeSettled: Event<void> = this.#settledChanged.event;
  #showsSettled = false;
  readonly #applied = new Map<string, Applied>();
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

  /** Whether a lens of the server is shown. */
  isOffered: (command: string, target: CommandTarget) => boolean = () => true;

  /** Shows the lenses anew, because others are offered. */
  async refreshLenses(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (!client?.isRunning()) return;
    const lenses = client.getFeature('textDocument/codeLens');
    const providers = workspace.textDocuments.flatMap((document) => lenses.getProvider(document) ?? []);
    for (const provider of new Set(providers)) provider.onDidChangeCodeLensEmitter.fire();
  }

  async checkWorkspace(): Promise<CheckWorkspaceResult> {
    return (await this.start()).sendRequest<CheckWorkspaceResult>(checkWorkspaceRequest, {});
  }

  /** Whether findings in settled migrations are in the Problems view. */
  get showsSettled(): boolean {
    return this.#showsSettled;
  }

  async showSettled(show: boolean): Promise<void> {
    this.#showsSettled = show;
    this.#settledChanged.fire();
    await (await this.start()).sendNotification(showSettledNotification, { show });
  }

  /** Tells the server what a target has, now and whenever it starts. */
  async tellApplied(applied: Applied): Promise<void> {
    this.#applied.set(`${applied.manifest}\n${applied.target}`, applied);
    const client = await this.#starting?.catch(() => undefined);
    if (client?.isRunning()) await client.sendNotification(appliedNotification, applied);
  }

  /** Tells a running server that a run changed a target. */
  async targetChanged(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client?.isRunning()) await client.sendNotification(targetChangedNotification, {});
  }

  dispose(): void {
    this.#shadowStatus.dispose();
    this.#checkStatus.dispose();
    this.#settledChanged.dispose();
  }

  /** Ends the server; the editor waits for it. */
  async stop(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client?.needsStop()) await client.stop();
  }

  async #start(): Promise<LanguageClient> {
    const { createLanguageClient } = await import('./language-client');
    const client = createLanguageClient(
      this.context,
      this.log,
      (...lens) => this.isOffered(...lens),
      (running) => void this.#tellAgain(running),
    );
    client.onNotification(shadowStatusNotification, (status: ShadowStatus) => this.#shadowStatus.fire(status));
    client.onNotification(checkStatusNotification, (status: CheckStatus) => this.#checkStatus.fire(status));
    await client.start();
    return client;
  }

  /** What a server that was started anew does not know. */
  async #tellAgain(client: LanguageClient): Promise<void> {
    if (this.#showsSettled) await client.sendNotification(showSettledNotification, { show: true });
    for (const applied of this.#applied.values()) await client.sendNotification(appliedNotification, applied);
  }

  #startFailed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(`The language server did not start: ${message}`);
    this.#shadowStatus.fire({ state: 'failed', message });
  }
}
