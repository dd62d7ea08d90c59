import * as z from 'zod';
import type { Files } from '../../core/host';
import { ProblemError, type Problem } from '../../core/problem';
import type { TableSize, TableStatistics } from './statistics';

/** Where the statistics of a repository are unless its settings say otherwise. */
export const statisticsFileName = 'mem8-statistics.json';

const count = z.number().min(0);

const statisticsSchema = z.strictObject({
  version: z.literal(1),
  takenAt: z.iso.datetime({ offset: true }),
  tables: z.record(
    z.string().regex(/^[^.]+\..+$/, 'must be a qualified name such as "public.orders"'),
    z.strictObject({ rows: count, bytes: count, writesPerSecond: count.optional() }),
  ),
});

/**
 * Reads a statistics file.
 * @throws ProblemError `statistics-invalid` when it is not one, otherwise `file-*`
 */
export async function readStatistics(files: Files, file: string): Promise<TableStatistics> {
  const text = await files.readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ ...invalid(file, 'it is not valid JSON'), cause: String(error) });
  }
  const result = statisticsSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new ProblemError(invalid(file, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not as expected'}`));
  }
  const tables = Object.entries(result.data.tables).map(([name, size]): [string, TableSize] => [
    name,
    { rows: size.rows, bytes: size.bytes, writesPerSecond: size.writesPerSecond },
  ]);
  return { file, takenAt: result.data.takenAt, tables: new Map(tables) };
}

/** The text of a statistics file; tables in the order of their names, so that a new one differs only where the target does. */
export function statisticsText(takenAt: string, tables: ReadonlyMap<string, TableSize>): string {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted.map(([name, { rows, bytes, writesPerSecond }]) => [name, { rows, bytes, writesPerSecond }]);
  return `${JSON.stringify({ version: 1, takenAt, tables: Object.fromEntries(entries) as Record<string, TableSize> }, null, 2)}\n`;
}

function invalid(file: string, why: string): Problem {
  return {
    code: 'statistics-invalid',
    file,
    message: `${file} is not a statistics file: ${why}.`,
    remedy: 'Create it again: mem8-upgrade statistics --target NAME.',
  };
}
