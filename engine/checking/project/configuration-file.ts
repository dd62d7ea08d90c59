import * as z from 'zod';
import { type CheckConfiguration, configurationFileName } from '../context/configuration';
import type { Files } from '../../core/host';
import { parentFolder, resolvePath } from '../../core/paths';
import { ProblemError } from '../../core/problem';
import { LineIndex, type TextRange } from '../../core/text';
import { type Dialect, dialects } from '../../core/dialects';
import { layoutNames, type LayoutName } from '../../core/scripts';
import type { RunnerSettings } from '../../inputs/scripts/runner-settings';
import type { ManifestPath } from '../../inputs/manifest/document';
import { rangeAt } from '../../inputs/manifest/place';
import { majorVersion, searchPathSchema, severitySettingSchema } from '../../inputs/manifest/schema';
import { resolveUnions, wordIssue } from '../../inputs/manifest/wording';
import { readYaml } from '../../inputs/manifest/yaml-tree';
import { unknownChecks } from './unknown-checks';

export const configurationSchema = z.strictObject({
  layout: z
    .enum(['auto', ...layoutNames])
    .default('auto')
    .describe('The migration tool whose conventions the migrations directories follow.'),
  dialect: z
    .enum(['auto', ...dialects])
    .default('auto')
    .describe('The database system of the scripts: only scripts for postgresql are checked.'),
  multiStatement: z.boolean().optional().describe('Whether golang-migrate runs with x-multi-statement.'),
  pendingInOneTransaction: z.boolean().optional().describe('Whether the migration tool runs all pending migrations in one transaction.'),
  searchPath: searchPathSchema
    .optional()
    .describe('The search path with which the migration tool runs scripts: a list of schemas in order.'),
  minimum: majorVersion.optional().describe('The oldest supported major version of the server.'),
  baseline: z.string().min(1).optional().describe('A schema dump to start from before the first migration, relative to this file.'),
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

const form = { schema: configurationSchema, name: 'the file' };

function parseConfiguration(path: string, text: string): ConfigurationFile {
  const tree = readYaml(text, configurationSchema);
  const lines = new LineIndex(text);
  const refuse = (range: TextRange, message: string, remedy: string): never => {
    const line = lines.positionAt(range.start).line + 1;
    throw new ProblemError({
      code: 'configuration-invalid',
      file: path,
      line,
      message,
      remedy: `${remedy} docs/configuration.md describes the keys.`,
    });
  };
  const [broken] = tree.problems;
  if (broken) refuse(broken.range, broken.message, broken.remedy);
  const values = withoutEmpty(tree.value ?? {});
  const result = configurationSchema.safeParse(values);
  const rangeOf = (at: ManifestPath, part: 'key' | 'value') => (tree.place ? rangeAt(tree.place, at, part) : { start: 0, end: 0 });
  const [issue] = (result.error?.issues ?? []).flatMap((each) => resolveUnions(each, (at) => valueAt(values, at)));
  const [worded] = issue ? wordIssue(issue, valueAt(values, issue.path as ManifestPath), form) : [];
  if (worded) refuse(rangeOf(worded.path, worded.part), worded.message, worded.remedy);
  if (!result.success) throw result.error;
  for (const { path: at, message, remedy } of unknownChecks(result.data.checks, ['checks'])) refuse(rangeOf(at, 'key'), message, remedy);
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

/** A key without value is as good as none: `checks:` before its entries are written. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

function valueAt(value: unknown, path: ManifestPath): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined),
    value,
  );
}
