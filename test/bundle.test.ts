import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a finding is, wherever it is shown: place, check, severity. */
type Told = readonly [line: number, column: number, id: string, severity: string];

it('says over stdio what the command line says, and ends when asked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mem8-bundle-'));
  cpSync(join(root, 'examples', 'mem8'), folder, { recursive: true, filter: (path) => !path.endsWith('.mem8') });
  const script = join(folder, 'migrations', '0009_drop_integer_emotion.up.sql');
  const server = spawn(process.execPath, [join(root, 'dist', 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  try {
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.listen();
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'mem8' }],
      capabilities: { textDocument: { diagnostic: {} } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    const uri = pathToFileURL(script).href;
    const text = readFileSync(script, 'utf8');
    await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'sql', version: 1, text } });
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    const severities = ['', 'error', 'warning', 'info', 'hint'];
    const inEditor = (report.kind === 'full' ? report.items : []).map(({ range, code, severity }): Told => [
      range.start.line + 1,
      range.start.character + 1,
      String(code),
      severities[severity ?? 0] ?? '',
    ]);

    const output = execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), 'check', folder, '--format', 'json'], {
      encoding: 'utf8',
    });
    const { findings } = JSON.parse(output) as { findings: { file: string; line: number; column: number; id: string; severity: string }[] };
    const inTerminal = findings
      .filter(({ file }) => file === script)
      .map(({ line, column, id, severity }): Told => [line, column, id, severity]);

    expect(inEditor.length).toBeGreaterThan(0);
    expect(inEditor).toEqual(inTerminal);
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    expect(await ended).toBe(0);
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
