import { Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, TransportKind } from 'vscode-languageclient/node';
import { languageIds, type CommandTarget } from '#protocol';
import { settingsSection } from './settings';

const noisyFolders = /\/(?:\.git|node_modules)(?:\/|$)/;
/** What is checked out and what remotes have: it decides which migrations are settled. */
const repositoryFiles = /\/\.git\/(?:HEAD|packed-refs|logs\/HEAD|refs\/(?:remotes|tags)\/.*)$/;

function isNoise(uri: string): boolean {
  return noisyFolders.test(uri) && !repositoryFiles.test(uri);
}

const schemes = ['file', 'untitled', 'vscode-vfs'];

/**
 * Makes the client of the bundled language server; nothing runs before its `start()`.
 * @param isOffered whether a lens of the server is shown
 * @param onRunning called whenever the server has started, the first time and after a restart
 */
export function createLanguageClient(
  context: ExtensionContext,
  log: LogOutputChannel,
  isOffered: (command: string, target: CommandTarget) => boolean,
  onRunning: (client: LanguageClient) => void,
): LanguageClient {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  const client = new LanguageClient(
    settingsSection,
    'Mem8 Upgrade',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6019'] } },
    },
    {
      // SQL keeps its own language: the server answers for the scripts that a project owns, and only for those.
      documentSelector: [...schemes.map((scheme) => ({ scheme, language: languageIds.manifest })), { scheme: 'file', pattern: '**/*.sql' }],
      // Evaluated at every start. Later changes the server asks for itself.
      initializationOptions: () => ({ settings: workspace.getConfiguration(settingsSection), showsChecks: true }),
      // The server watches for folders that come and go, so it would hear of everything that is installed or committed.
      middleware: {
        provideCodeLenses: async (document, token, next) =>
          (await next(document, token))?.filter(({ command }) => {
            const [target] = (command?.arguments ?? []) as [CommandTarget?];
            return !command || !target || isOffered(command.command, target);
          }),
        workspace: { didChangeWatchedFile: async (event, next) => (isNoise(event.uri) ? undefined : next(event)) },
      },
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    },
  );
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) onRunning(client);
  });
  return client;
}
