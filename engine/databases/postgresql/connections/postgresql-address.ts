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
  connectionString(database: string): string;
  /** Holds the password: never print it. */
  libpqEnvironment(database: string): Record<string, string>;
}

/** @throws ProblemError `manifest-invalid` */
export function parseAddress(name: string, text: string): Address {
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
  return {
    place: `${host}:${port}`,
    database,
    secrets: [...new Set([password, url.password, encodeURIComponent(password)])].filter((secret) => secret !== ''),
    connectionString(other) {
      const copy = new URL(url);
      copy.pathname = `/${encodeURIComponent(other)}`;
      return copy.href;
    },
    libpqEnvironment(other) {
      const environment: Record<string, string> = { PGHOST: host, PGPORT: port, PGDATABASE: other, PGAPPNAME: applicationName };
      if (user) environment.PGUSER = user;
      if (password) environment.PGPASSWORD = password;
      for (const [parameter, variable] of Object.entries(libpqVariables)) {
        const value = url.searchParams.get(parameter);
        if (value) environment[variable] = value;
      }
      return environment;
    },
  };
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
