import { type Outcome, success } from '../../../core/problem';
import type { ApiChange, ApiDocument } from './api-format';

/** The changes from the API to a description that offers nothing. */
type CompareWith = (empty: ApiDocument) => Promise<Outcome<readonly ApiChange[]>>;

/**
 * The change of a release that no longer has an API. It counts as announced where the older description had marked
 * all of it as deprecated.
 */
export async function removalOf(api: string, older: ApiDocument, compareWith: CompareWith): Promise<Outcome<ApiChange>> {
  const announced = await isAnnounced(older, compareWith);
  if (!announced.ok) return announced;
  const start = { file: older.file, range: { start: 0, end: 0 } };
  return success({
    id: 'api-removed',
    impact: 'breaking',
    message: `The API ${api} is removed`,
    details: announced.value ? 'All of it was deprecated.' : 'Not all of it was deprecated.',
    place: start,
    before: start,
    announced: announced.value,
  });
}

async function isAnnounced(older: ApiDocument, compareWith: CompareWith): Promise<Outcome<boolean>> {
  const text = older.sources.get(older.file) ?? '';
  if (older.kind === 'json-schema') return success(/["']?\bdeprecated["']?\s*:\s*true\b/.test(text));
  if (older.kind === 'protobuf') return success(/^\s*option\s+deprecated\s*=\s*true\s*;/m.test(text));
  const empty: ApiDocument = { kind: older.kind, file: older.file, sources: new Map([[older.file, emptyText(older.kind, text)]]) };
  const changes = await compareWith(empty);
  if (!changes.ok) return changes;
  const removals = changes.value.filter(({ impact, announced }) => impact === 'breaking' && announced !== undefined);
  return success(removals.length > 0 && removals.every(({ announced }) => announced === true));
}

/** A description of the same kind that offers nothing. */
function emptyText(kind: 'openapi' | 'graphql', text: string): string {
  if (kind === 'graphql') return 'type Query { nothing: Boolean }';
  const info = { title: '', version: '0' };
  return /^\s*["']?swagger["']?\s*:/m.test(text)
    ? JSON.stringify({ swagger: '2.0', info, paths: {} })
    : JSON.stringify({ openapi: /["']?openapi["']?\s*:\s*["']?(3\.\d+\.\d+)/.exec(text)?.[1] ?? '3.1.0', info, paths: {} });
}
