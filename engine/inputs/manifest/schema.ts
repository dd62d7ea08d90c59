import * as z from 'zod';
import { dialects } from '../../core/dialects';
import { layoutNames } from '../../core/scripts';

/**
 * The shape of an upgrade manifest. Descriptions become the hover texts, the JSON Schema and the reference page,
 * so they are written for the person who writes a manifest.
 */

const text = z.string().min(1);
const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must start with a letter or digit and contain only letters, digits, ".", "_" and "-"');

/** Versions and ranges are checked by the version checks, which know more than a pattern does. */
const version = text.describe('A semantic version: MAJOR.MINOR.PATCH with optional pre-release, e.g. 2.1.0 or 3.0.0-rc.1.');
const range = text.describe('A range of semantic versions in npm notation, e.g. ">=1.0.0 <2.0.0" or "^1.4.0".');

export const phases = ['expand', 'migrate', 'contract'] as const;

const requirements = z.record(identifier, range);

const transformSchema = z
  .strictObject({
    table: text.describe('The table whose rows are changed, qualified with its schema unless it is in public.'),
    key: text.describe('A unique, not null, sortable column. Batches are processed in its order.'),
    set: z.record(text, text).describe('Column to SQL expression over the same row, e.g. { arousal: "arousal_raw / 255.0" }.'),
    where: text
      .optional()
      .describe(
        'Only rows that meet this SQL condition are changed. The change must make the condition false, so that a second run finds no rows.',
      ),
    batch: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Rows per transaction. Without it, batches are sized so that each takes about a quarter of a second.'),
    pause: z.int().min(0).max(60_000).default(0).describe('Milliseconds to wait between batches.'),
    undo: z
      .record(text, text)
      .optional()
      .describe('Column to SQL expression that restores the old value on rollback. Without it, a rollback cannot undo the transform.'),
  })
  .describe('A data change in small batches that can be paused and resumed.');

const migrationReferenceSchema = z
  .union([
    text,
    z.strictObject({
      id: text.describe('The migration: its file or folder name without direction and extension, or a name of your own for a transform.'),
      phase: z
        .enum(phases)
        .optional()
        .describe('expand adds what the new release needs, migrate moves data, contract removes what old releases needed.'),
      transform: transformSchema.optional(),
      irreversible: text.optional().describe('Why this migration cannot be undone. Its rollback then needs a backup.'),
      feature: identifier
        .optional()
        .describe('The feature that this migration is for. Its release or an earlier release must have the feature.'),
      requires: requirements
        .optional()
        .describe('Runtimes that this migration needs in addition to those of its release, e.g. { postgresql: ">=16" }.'),
      online: z
        .boolean()
        .optional()
        .describe('True: the system stays in use while this migration runs, so no statement may block it for long.'),
      hash: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits')
        .optional()
        .describe('The hash of the scripts when the release was published. A script that was changed since then is an error.'),
    }),
  ])
  .describe('A migration of the release, in the order in which it runs.');

export const featureStages = ['preview', 'stable', 'deprecated', 'removed'] as const;

const date = z.iso.date('must be a date such as 2027-03-31');

const featureSchema = z
  .union([
    z.enum(featureStages),
    z.strictObject({
      stage: z.enum(featureStages).describe('The stage of the feature in this release.'),
      default: z.boolean().optional().describe('Whether the feature is on by default. If omitted: on, unless the feature is in preview.'),
      needs: z.array(identifier).default([]).describe('Other features that must be in the same release.'),
      requires: requirements.default({}).describe('Runtimes that only this feature needs, e.g. { postgresql: ">=16" }.'),
      replacement: text.optional().describe('What to use instead of a deprecated feature.'),
      sunset: date.optional().describe('The date until which a deprecated feature is guaranteed to work.'),
    }),
  ])
  .describe('The stage of a feature, optionally with its dependencies.');

const schemaModes = ['none', 'backward', 'backward-transitive', 'forward', 'forward-transitive', 'full', 'full-transitive'] as const;

const apiSchema = z
  .union([
    text,
    z.strictObject({
      file: text.describe('The path of the description, relative to the manifest.'),
      compatibility: z
        .enum(schemaModes)
        .optional()
        .describe(
          'For JSON Schema: whether new readers understand old data (backward), old readers understand new data (forward), or both (full). The transitive modes compare with every supported release, not only with the previous one. Default: backward.',
        ),
      stability: z.enum(['alpha', 'beta', 'stable']).optional().describe('An alpha API may change in any way. Default: stable.'),
    }),
  ])
  .describe('A description of an API or of data: OpenAPI, JSON Schema, GraphQL or Protocol Buffers.');

const checkSchema = z
  .union([
    z.strictObject({
      name: text.optional().describe('Shown in progress and reports.'),
      sql: text.describe('A query that returns one value.'),
      expect: z.union([z.string(), z.number(), z.boolean(), z.null()]).describe('The value that the query must return.'),
    }),
    z.strictObject({
      name: text.optional().describe('Shown in progress and reports.'),
      http: z.url().describe('An address to GET.'),
      status: z.int().min(100).max(599).default(200).describe('The expected status.'),
    }),
    z.strictObject({
      name: text.optional().describe('Shown in progress and reports.'),
      command: z.array(text).min(1).describe('A program with its arguments, run without a shell. It must exit with 0.'),
      timeout: z.int().min(1).max(3600).default(60).describe('Seconds after which the program is stopped and the check fails.'),
    }),
  ])
  .describe('A health check: a query, an HTTP address or a program.');

export const releaseSchema = z
  .strictObject({
    version,
    from: range.optional().describe('Releases that can be upgraded to this one directly. Default: the previous release in the list.'),
    requires: requirements
      .default({})
      .describe('Required versions of runtimes and other systems, e.g. { postgresql: ">=15", node: ">=20", billing: "^2.0.0" }.'),
    channels: z.array(identifier).optional().describe('The channels that offer this release. Default: every channel of the system.'),
    published: z
      .boolean()
      .optional()
      .describe(
        'True: databases may have run the migrations of this release, so they are settled and no longer checked. Default: true if a tag names the version.',
      ),
    yanked: text
      .optional()
      .describe('Why this release must no longer be installed. Targets on this release can still be upgraded or rolled back.'),
    downgrade: version
      .optional()
      .describe('The oldest release to which a target on this release can be rolled back with the data it wrote.'),
    features: z.record(identifier, featureSchema).default({}).describe('The features of this release and their stages.'),
    apis: z.record(identifier, apiSchema).default({}).describe('API name to its description, relative to the manifest.'),
    queries: z
      .union([text, z.array(text)])
      .optional()
      .describe(
        'Files or folders with the SQL that this release sends, or with the code that contains it. All of these queries must keep working while the release is in the window.',
      ),
    formats: z
      .record(
        identifier,
        z
          .strictObject({
            writes: z.int().min(0).describe('The version of the format that this release writes.'),
            reads: z
              .array(z.int().min(0))
              .optional()
              .describe('The versions that this release reads. Default: only the version that it writes.'),
          })
          .describe('A format of data stored outside the schema: files, documents, messages.'),
      )
      .default({})
      .describe('Formats of stored data by name, with the versions that this release writes and reads.'),
    migrations: z.array(migrationReferenceSchema).default([]).describe('The migrations that bring the data to this release, in order.'),
    checks: z
      .strictObject({
        before: z.array(checkSchema).default([]).describe('Must pass before anything is changed.'),
        after: z.array(checkSchema).default([]).describe('Must pass after the release is reached.'),
      })
      .prefault({})
      .describe('Health checks before and after the upgrade to this release.'),
    rollback: z
      .union([z.enum(['down', 'restore']), z.strictObject({ none: text.describe('Why this release cannot be rolled back.') })])
      .default('down')
      .describe('How the release is rolled back: by its down scripts, by restoring the backup, or not at all (with the reason).'),
    notes: text.optional().describe('Notes for the operator, shown with the plan.'),
  })
  .describe('One version of the system.');

const targetSchema = z
  .discriminatedUnion('driver', [
    z.strictObject({
      driver: z.literal('pglite').describe('An embedded PostgreSQL in a folder: nothing to install.'),
      path: text.describe('The folder, relative to the manifest.'),
      protected: z.boolean().default(false).describe('True: every run asks for confirmation and shows its plan.'),
    }),
    z.strictObject({
      driver: z.literal('postgresql').describe('A PostgreSQL server.'),
      url: text.describe(
        'A postgresql:// address; sslmode and the other ssl parameters mean what they mean to psql. Take secrets from the environment: "${env:MEM8_DATABASE_URL}".',
      ),
      protected: z.boolean().default(true).describe('False: runs need no confirmation. Use it only for disposable databases.'),
    }),
  ])
  .describe('A database with one copy of the state of the system.');

/** A major version of the server. Two digits are enough for a long time, and more are a slip. */
export const majorVersion = z.string().regex(/^(?:9|[1-4]\d)$/, 'must be a major version of PostgreSQL such as "15"');

export const searchPathSchema = z.union([text, z.array(text).min(1)]);

export const severitySettingSchema = z.enum(['error', 'warning', 'info', 'hint', 'off']);

export const manifestSchema = z
  .strictObject({
    manifest: z.literal(1).describe('The version of the manifest format.'),
    system: identifier.describe('The name of the system to upgrade.'),
    window: z.int().min(0).max(100).default(1).describe('How many earlier releases may still be running against the newest schema.'),
    migrations: z
      .strictObject({
        directory: text.default('migrations').describe('The directory of the migration scripts, relative to the manifest.'),
        layout: z
          .enum(['auto', ...layoutNames])
          .default('auto')
          .describe('The migration tool whose conventions the directory follows.'),
        dialect: z
          .enum(['auto', ...dialects])
          .default('auto')
          .describe(
            'The database system of the scripts: only scripts for postgresql are checked. auto detects it from names, configuration and SQL.',
          ),
        multiStatement: z
          .boolean()
          .optional()
          .describe(
            'Whether golang-migrate runs with x-multi-statement, which sends each statement separately. Default: as set in the Makefile, Compose files and similar files.',
          ),
        pendingInOneTransaction: z
          .boolean()
          .optional()
          .describe(
            'Whether the migration tool runs all pending migrations in one transaction. Default: the default of the tool, which is true for node-pg-migrate.',
          ),
        searchPath: searchPathSchema
          .optional()
          .describe(
            'The search path with which scripts run: a list of schemas in order. Schemas that no script creates are assumed to exist. Default: taken from the url of the targets or from the files that start the migration tool.',
          ),
        minimum: majorVersion.default('15').describe('The oldest supported major version of the server.'),
        baseline: text
          .optional()
          .describe('A schema dump (pg_dump --schema-only) to start from before the first migration, relative to the manifest.'),
        statistics: text
          .optional()
          .describe(
            'The file with the sizes of the tables of a live target, relative to the manifest. Default: mem8-statistics.json, if it exists.',
          ),
        since: text
          .optional()
          .describe(
            'Which migrations are settled and no longer checked: "auto" (those on the default branch and those of tagged or published releases), "none", a git ref, or the id of the last settled migration. Default: auto.',
          ),
      })
      .prefault({})
      .describe('The migrations directory, and the tool and server that it is for.'),
    targets: z.record(identifier, targetSchema).default({}).describe('Databases that can be upgraded, by name.'),
    releases: z.array(releaseSchema).min(1).describe('The releases, oldest first.'),
    stops: z.array(version).default([]).describe('Required stops: releases that an upgrade cannot skip.'),
    channels: z.array(identifier).default([]).describe('Release channels, from the least to the most stable, e.g. [candidate, stable].'),
    feed: text
      .optional()
      .describe(
        'The feed that announces newer releases: the path or https address of another manifest or JSON document, "npm:package" or "git:address".',
      ),
    systems: z
      .record(identifier, text)
      .default({})
      .describe('Other systems that releases require, by name, with the paths of their manifests.'),
    deprecation: z
      .strictObject({
        releases: z
          .int()
          .min(0)
          .default(1)
          .describe('The number of releases in which a feature must be deprecated before it can be removed.'),
        days: z.int().min(0).default(0).describe('The number of days between the deprecation, or the sunset date, and the removal.'),
      })
      .prefault({})
      .describe('How long deprecated features and APIs are kept.'),
    budget: z
      .strictObject({
        lock: z.number().min(0).optional().describe('Seconds for which one statement may block other sessions from a table.'),
        migration: z.number().min(0).optional().describe('Seconds that one migration may take.'),
      })
      .optional()
      .describe('Time limits for migrations. Times are estimated from the sizes in the statistics file.'),
    risks: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[A-Z][A-Za-z0-9]*$/, 'must be in CamelCase, e.g. SlowIndex')
            .describe('The name by which the risk is accepted, in CamelCase.'),
          from: range.describe('The risk applies to upgrades from these releases.'),
          to: range.describe('The risk applies to upgrades to these releases.'),
          message: text.describe('What can happen. Shown before the risk is accepted.'),
          url: z.url().optional().describe('A page with more information.'),
          fixedIn: version.optional().describe('The release in which the risk is fixed.'),
        }),
      )
      .default([])
      .describe('Known risks of particular upgrade paths. A path with a risk is blocked until the risk is accepted by name.'),
    checks: z
      .record(text, severitySettingSchema)
      .default({})
      .describe('Severity by check id or by group, e.g. { missing-down: "off", locks: "error" }.'),
  })
  .meta({ title: 'Upgrade manifest' })
  .describe('The releases of a system and the migrations that move its data from one release to the next.');

export type Manifest = z.output<typeof manifestSchema>;
export type Release = Manifest['releases'][number];
export type MigrationReference = Release['migrations'][number];
export type FeatureStage = (typeof featureStages)[number];
export type SchemaMode = (typeof schemaModes)[number];
export type Transform = z.output<typeof transformSchema>;
export type HealthCheck = Release['checks']['before'][number];

/** The id that a reference names, whichever way it is written. */
export function referencedId(reference: MigrationReference): string {
  return typeof reference === 'string' ? reference : reference.id;
}

/** A feature of a release with everything that the manifest may say of it, whichever way it is written. */
export function featureOf(entry: Release['features'][string]): Exclude<Release['features'][string], string> {
  return typeof entry === 'string' ? { stage: entry, needs: [], requires: {} } : entry;
}

/** The path of an API's description as the manifest writes it, and what else it says of the API. */
export function apiOf(entry: Release['apis'][string]): Exclude<Release['apis'][string], string> {
  return typeof entry === 'string' ? { file: entry } : entry;
}

/** The files and folders of a release's queries, as the manifest writes them. */
export function queryPathsOf(release: Release): readonly string[] {
  return typeof release.queries === 'string' ? [release.queries] : (release.queries ?? []);
}
