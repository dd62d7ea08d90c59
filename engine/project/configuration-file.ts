import { parse } from 'yaml';
import * as z from 'zod';
import type { CheckConfiguration } from '../checks/configuration';
import type { Files } from '../core/host';
import { parentFolder, resolvePath } from '../core/paths';
import { ProblemError } from '../core/problem';
import { type Dialect, dialects } from '../layouts/dialects';
import { layoutNames, type LayoutName } from '../layouts/migration';
import type { RunnerSettings } from '../layouts/runner-settings';
import { searchPathSchema, severitySettingSchema } from '../manifest/schema';

/** The settings of a repository without manifest, or for several manifests: `.mem8-upgrade.yaml`. */
export const configurationFileName = '.mem8-upgrade.yaml';

export const configurationSchema = z.strictObject({
  layout: z
    .enum(['auto', ...layoutNames])
    .default('auto')
    .describe('Whose conventions migrations directories follow.'),
  dialect: z
    .enum(['auto', ...dialects])
    .default('auto')
    .describe('The database that the scripts are for: only those for postgresql are checked.'),
  multiStatement: z.boolean().optional().describe('Whether golang-migrate runs with x-multi-statement.'),
  pendingInOneTransaction: z.boolean().optional().describe('Whether the migration tool runs all pending migrations in one transaction.'),
  searchPath: searchPathSchema
    .optional()
    .describe('The search path of the connection on which the migration tool runs scripts: schemas in their order.'),
  minimum: z
    .string()
    .regex(/^\d+$/, 'must be a major version such as "15"')
    .optional()
    .describe('The oldest major version of the server that must work.'),
  baseline: z.string().min(1).optional().describe('A schema dump that the first migration starts from, relative to this file.'),
  statistics: z.string().min(1).optional().describe('The file with the sizes of the tables of a live target, relative to this file.'),
  since: z
    .string()
    .min(1)
    .optional()
    .describe('Which migrations are settled: "auto", "none", a git ref, or the id of the last settled migration.'),
  checks: z.record(z.string().min(1), severitySettingSchema).default({}).describe('Severity by check id or by group.'),
});

export interface ConfigurationFile {
  readonly layout: LayoutName | 'auto';
  readonly dialect: Dialect | 'auto';
  readonly minimum: number | undefined;
  readonly since: string | undefined;
  readonly runner: RunnerSettings;
  readonly checks: CheckConfiguration;
  /** Absolute path of the configuration file itself. */
  readonly file: string | undefined;
  /** Absolute paths. */
  readonly baseline: string | undefined;
  readonly statistics: string | undefined;
}

const nothing: ConfigurationFile = {
  layout: 'auto',
  dialect: 'auto',
  minimum: undefined,
  since: undefined,
  runner: {},
  checks: {},
  file: undefined,
  baseline: undefined,
  statistics: undefined,
};

/**
 * The nearest configuration file in a folder or above it, up to the root of the repository.
 * @throws ProblemError `configuration-invalid`, `file-*`
 */
export async function readConfiguration(files: Files, folder: string): Promise<ConfigurationFile> {
  for (let current = folder; ; current = parentFolder(current)) {
    const path = `${current === '/' ? '' : current}/${configurationFileName}`;
    if ((await files.kind(path)) === 'file') return parseConfiguration(path, await files.readText(path));
    if (current === '/' || current === parentFolder(current) || (await files.kind(`${current}/.git`)) !== 'missing') return nothing;
  }
}

function parseConfiguration(path: string, text: string): ConfigurationFile {
  const remedy = 'Correct the file; docs/configuration.md describes its keys.';
  let values: unknown;
  try {
    values = parse(text) ?? {};
  } catch (error) {
    throw new ProblemError({
      code: 'configuration-invalid',
      file: path,
      message: `${path} is not valid YAML.`,
      remedy,
      cause: String(error),
    });
  }
  const result = configurationSchema.safeParse(values);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join('.') || 'the file';
    throw new ProblemError({
      code: 'configuration-invalid',
      file: path,
      message: `${path}: ${where}: ${issue?.message ?? 'is not valid'}.`,
      remedy,
    });
  }
  const { layout, dialect, minimum, since, checks, baseline, statistics, multiStatement, pendingInOneTransaction, searchPath } =
    result.data;
  const absolute = (relative: string | undefined) => (relative === undefined ? undefined : resolvePath(parentFolder(path), relative));
  return {
    layout,
    dialect,
    minimum: minimum === undefined ? undefined : Number(minimum),
    since,
    runner: { multiStatement, pendingInOneTransaction, searchPath },
    checks,
    file: path,
    baseline: absolute(baseline),
    statistics: absolute(statistics),
  };
}
