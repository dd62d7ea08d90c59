import { execFile, spawn } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver-protocol/node';
import type { Finding } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import { checkWorkspaceRequest, showSettledNotification } from '../../protocol';

/** Everything that a finding is to a person: place, severity, check and message. */
type Line = string;

export interface Comparison {
  readonly findings: number;
  /** Each begins with `editor` or `command line`, the host that alone has it. */
  readonly differences: readonly string[];
  /** What the command line says when it cannot check the folder at all. */
  readonly problem?: string;
}

/**
 * Checks a folder with the built language server and with the built command line. The findings of the workspace, those of each script
 * asked for alone, and those of the command line have to be the same; with `all`, those in settled migrations too.
 * @param dist the folder with `server.js` and `cli.js`
 */
export async function compareHosts(folder: string, dist: string, all: boolean): Promise<Comparison> {
  const root = realpathSync(folder);
  const command = await findingsOfCommand(root, dist, all);
  const editor = await findingsOfServer(root, dist, all);
  const terminal = Array.isArray(command) ? command : [];
  const differences = [
    ...onlyIn(editor.workspace, terminal).map((line) => `editor ${line}`),
    ...onlyIn(terminal, editor.workspace).map((line) => `command line ${line}`),
    ...onlyIn(editor.documents, editor.everything).map((line) => `document ${line}`),
    ...onlyIn(editor.everything, editor.documents).map((line) => `workspace ${line}`),
  ];
  return { findings: editor.workspace.length, differences, problem: Array.isArray(command) ? undefined : command };
}

function onlyIn(lines: readonly Line[], others: readonly Line[]): Line[] {
  const left = new Map<Line, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

interface JsonFinding extends Pick<Finding, 'message' | 'details' | 'advice' | 'basis'> {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly id: string;
}

async function findingsOfCommand(root: string, dist: string, all: boolean): Promise<Line[] | string> {
  const words = [join(dist, 'cli.js'), 'check', '.', '--format', 'json', ...(all ? ['--all'] : [])];
  const environment = { ...process.env, CI: '' };
  const output = await promisify(execFile)(process.execPath, words, { cwd: root, env: environment, maxBuffer: 1 << 30 }).catch(
    (error: { stdout?: string; stderr?: string }) => ({ stdout: error.stdout ?? '', stderr: error.stderr ?? '' }),
  );
  if (!output.stdout.startsWith('{')) return output.stderr;
  const withoutNull = (_key: string, value: unknown) => (value === null ? undefined : value);
  const { findings } = JSON.parse(output.stdout, withoutNull) as { findings: JsonFinding[] };
  return findings.map((finding) => {
    const { file, line, column, endLine, endColumn, severity, id } = finding;
    return `${file}:${line}:${column}:${endLine}:${endColumn} ${severity} ${id} ${findingText(finding)}`;
  });
}

const severities = ['', 'error', 'warning', 'info', 'hint'];

function lineOf(root: string, uri: string, { range: { start, end }, severity, code, message }: Diagnostic): Line {
  const file = fileURLToPath(uri).slice(root.length + 1);
  const place = [start.line, start.character, end.line, end.character].map((part) => part + 1).join(':');
  return `${file}:${place} ${severities[severity ?? 0] ?? ''} ${String(code)} ${String(message)}`;
}

async function findingsOfServer(root: string, dist: string, all: boolean) {
  const server = spawn(process.execPath, [join(dist, 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  try {
    connection.listen();
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'project' }],
      capabilities: { textDocument: { diagnostic: {} } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    if (all) await connection.sendNotification(showSettledNotification, { show: true });
    await connection.sendRequest(checkWorkspaceRequest, {});
    const workspace = await ofWorkspace(connection, root);
    // A script that is looked at shows what is settled in it too.
    if (!all) await connection.sendNotification(showSettledNotification, { show: true });
    if (!all) await connection.sendRequest(checkWorkspaceRequest, {});
    const everything = all ? workspace : await ofWorkspace(connection, root);
    const documents = await ofDocuments(connection, root);
    return { workspace, everything: everything.filter((line) => /\.(?:sql|ya?ml):/.test(line)), documents };
  } finally {
    await connection.sendRequest(ShutdownRequest.type).catch(() => undefined);
    await connection.sendNotification(ExitNotification.type).catch(() => undefined);
    await ended;
    connection.dispose();
  }
}

async function ofWorkspace(connection: ProtocolConnection, root: string): Promise<Line[]> {
  const { items } = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  return items.flatMap((item) => (item.kind === 'full' ? item.items.map((diagnostic) => lineOf(root, item.uri, diagnostic)) : []));
}

async function ofDocuments(connection: ProtocolConnection, root: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (const file of filesBelow(root)) {
    const uri = pathToFileURL(file).toString();
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    if (report.kind === 'full') lines.push(...report.items.map((diagnostic) => lineOf(root, uri, diagnostic)));
  }
  return lines;
}

/** Scripts and manifests, hidden folders and dependencies left out. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(path);
    return /\.(?:sql|ya?ml)$/.test(entry.name) ? [path] : [];
  });
}
