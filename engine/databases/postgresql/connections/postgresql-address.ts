import { ProblemError } from '../../../core/problem';

/** How connections of this program are called on the server. */
export const applicationName = 'mem8-upgrade';

/** Where a database is and how to log in, as the url of a target says. */
export interface Address {
  /** `host:port`. */
  readonly place: string;
  readonly database: string;
  /** Every form in which the password can stand in a text. */
  readonly secrets: readonly string[];
  /** To be tried one after the other: with TLS and without it, where the mode leaves that open. Hold the password. */
  connectionStrings(database: string): readonly string[];
  /** Holds the password: never print it. */
  libpqEnvironment(database: string): Record<string, string>;
}

/**
 * What libpq does about TLS in each mode: the modes in which `pg` connects, in the order in which they are tried. libpq's `prefer`, the
 * default, and `allow` do without TLS where one side does not have it.
 */
const attempts: Readonly<Record<string, readonly string[]>> = {
  disable: ['disable'],
  allow: ['disable', 'prefer'],
  prefer: ['prefer', 'disable'],
  require: ['require'],
  'verify-ca': ['verify-ca'],
  'verify-full': ['verify-full'],
};

/**
 * @param sslmode the mode of an address that has none
 * @throws ProblemError `manifest-invalid`
 */
export function parseAddress(name: string, text: string, sslmode = 'prefer'): Address {
  let url: URL;
  try {
    url = new URL(text);
    if (!/^postgres(ql)?:$/.test(url.protocol) || holdsPartOfPassword(url)) throw new Error(url.protocol);
    decodeURIComponent(url.password + url.username + url.pathname);
  } catch {
    throw new ProblemError({
      code: 'manifest-invalid',
      message: `The url of target ${name} does not have the form postgresql://user:password@host:port/database.`,
      remedy: 'Correct the address. In a password, write "@", "/", "?", "#" and "%" as "%40", "%2F", "%3F", "%23" and "%25".',
    });
  }
  url.searchParams.delete('application_name');
  // The server knows no parameter of this name at the start of a connection but in its options, as Go's drivers send it.
  const searchPath = url.searchParams.get('search_path');
  if (searchPath !== null) {
    url.searchParams.delete('search_path');
    const options = [url.searchParams.get('options') ?? '', `-c search_path=${searchPath.replace(/[\\\s]/g, '\\$&')}`];
    url.searchParams.set('options', options.join(' ').trim());
  }
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  const user = url.searchParams.get('user') ?? decodeURIComponent(url.username);
  const host = url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  const database = decodeURIComponent(url.pathname.slice(1)) || user || 'postgres';
  const modes = modesOf(name, url, host, sslmode);
  return {
    place: `${host}:${port}`,
    database,
    secrets: [...new Set([password, url.password, encodeURIComponent(password)])].filter((secret) => secret !== ''),
    connectionStrings(other) {
      return modes.map((mode) => {
        const copy = new URL(url);
        copy.pathname = `/${encodeURIComponent(other)}`;
        copy.searchParams.set('sslmode', mode);
        copy.searchParams.set('uselibpqcompat', 'true');
        // Node.js has a list of its own of the authorities that systems trust.
        if (copy.searchParams.get('sslrootcert') === 'system') copy.searchParams.delete('sslrootcert');
        return copy.href;
      });
    },
    libpqEnvironment(other) {
      const environment: Record<string, string> = { PGHOST: host, PGPORT: port, PGDATABASE: other, PGAPPNAME: applicationName };
      if (user) environment.PGUSER = user;
      if (password) environment.PGPASSWORD = password;
      for (const [parameter, variable] of Object.entries(libpqVariables)) {
        const value = url.searchParams.get(parameter);
        if (value) environment[variable] = value;
      }
      environment.PGSSLMODE ??= sslmode;
      return environment;
    },
  };
}

/** @throws ProblemError `manifest-invalid` */
function modesOf(name: string, { searchParams }: URL, host: string, byDefault: string): readonly string[] {
  const mode = searchParams.get('sslmode') ?? byDefault;
  const modes = attempts[mode];
  // No TLS goes through a socket in the file system.
  if (modes) return host.startsWith('/') ? ['disable'] : modes;
  throw new ProblemError({
    code: 'manifest-invalid',
    message: `The sslmode of target ${name} is ${mode}; one of ${Object.keys(attempts).join(', ')} was expected.`,
    remedy: 'Correct it in the url, or in PGSSLMODE where the url has none.',
  });
}

/**
 * True when what follows the host shows that a password was cut at a "/", "?" or "#": such a part would be printed as the name of the
 * database. An address has no fragment, and an "@" only in the values of parameters such as `user`.
 */
function holdsPartOfPassword(url: URL): boolean {
  const names = [...url.searchParams.keys()].join();
  return url.hash !== '' || url.pathname.includes('@') || names.includes('@') || (url.pathname === '' && url.search.includes('@'));
}

const libpqVariables = { sslmode: 'PGSSLMODE', sslrootcert: 'PGSSLROOTCERT', sslcert: 'PGSSLCERT', sslkey: 'PGSSLKEY' };
