import type { LayoutName } from '../../core/scripts';

interface InitialManifestOptions {
  /** Becomes `system`; characters that a name cannot have are replaced. */
  readonly system: string;
  /** Where the migrations are, relative to the manifest. */
  readonly directory: string;
  readonly layout: LayoutName | 'auto';
  /** Ids of the migrations in the order in which they run, without repeatable ones. */
  readonly migrations: readonly string[];
  /** Oldest major version of the server that must work. Default 15. */
  readonly minimum?: number;
  /** Releases with their migrations, oldest first. Default: one release 1.0.0 with all. */
  readonly releases?: readonly InitialRelease[];
  /** Sentences about where `releases` come from. */
  readonly assumedReleases?: readonly string[];
  /** Descriptions of APIs, relative to the manifest; those of the last release. */
  readonly apis?: readonly { readonly name: string; readonly file: string }[];
}

interface InitialRelease {
  readonly version: string;
  readonly migrations: readonly string[];
  /** Where it is known from; given as undefined for one that is not out yet. */
  readonly tag?: string | undefined;
}

/** The first manifest of a project, as commented YAML that parses without problems. Comments say what was assumed. */
export function initialManifest(options: InitialManifestOptions): string {
  const releases = options.releases ?? [{ version: '1.0.0', migrations: options.migrations }];
  const listed = new Set(releases.flatMap((release) => release.migrations));
  const unlisted = options.migrations.filter((id) => !listed.has(id));
  const assumed =
    options.releases === undefined
      ? ['  # Assumed: all existing migrations belong to one release. Split it into your releases, oldest first.']
      : (options.assumedReleases ?? ['Assumed: these releases, in this order.']).map((line) => `  # ${line}`);
  return [
    '# The releases of this system and the migrations that move its data from one release to the next.',
    '# What each key means: docs/manifest.md of Mem8 Upgrade, or hover over it.',
    'manifest: 1',
    '',
    '# Assumed from the name of the folder.',
    `system: ${scalarText(nameOf(options.system))}`,
    '',
    '# How many earlier releases may still be running against the newest schema. Assumed: the previous release, as in a rolling upgrade.',
    'window: 1',
    '',
    'migrations:',
    `  directory: ${scalarText(options.directory)}`,
    `  layout: ${options.layout}`,
    '  # The oldest supported server. Assumed.',
    `  minimum: "${options.minimum ?? 15}"`,
    '',
    'targets:',
    '  # A database in a folder; no installation is needed. Exclude the folder from version control.',
    '  local: { driver: pglite, path: .mem8/local }',
    '  # A server. The address comes from the environment, so this file contains no secret.',
    '  # production: { driver: postgresql, url: "${env:DATABASE_URL}", protected: true }',
    '',
    'releases:',
    ...assumed,
    ...releases.flatMap((release, index) => [
      ...('tag' in release && release.tag === undefined ? ['  # Assumed: not released yet. No tag contains these migrations.'] : []),
      `  - version: ${scalarText(release.version)}`,
      ...(index === releases.length - 1 ? apiLines(options.apis ?? []) : []),
      ...migrationLines(release.migrations),
    ]),
    ...(unlisted.length === 0 ? [] : ['      # In no release yet:', ...unlisted.map((id) => `      # - ${id.replace(/[\r\n]/g, ' ')}`)]),
    '',
  ].join('\n');
}

function migrationLines(migrations: readonly string[]): string[] {
  return migrations.length === 0 ? ['    migrations: []'] : ['    migrations:', ...migrations.map((id) => `      - ${scalarText(id)}`)];
}

function apiLines(apis: readonly { readonly name: string; readonly file: string }[]): string[] {
  if (apis.length === 0) return [];
  const lines = apis.map(({ name, file }) => `      ${scalarText(name)}: ${scalarText(file)}`);
  return [
    '    # Assumed: these files describe what this release offers. Keep a copy for each release, so that releases can be compared.',
    '    apis:',
    ...lines,
  ];
}

/** A valid name of a system made from any text. */
export function nameOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return name === '' ? 'system' : name;
}

/** A text as a YAML scalar: plain where YAML reads the same text back, else in double quotes (JSON strings are YAML). */
export function scalarText(text: string): string {
  const isPlain = /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/.test(text) && !/^(null|true|false|\.|\.\.)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
