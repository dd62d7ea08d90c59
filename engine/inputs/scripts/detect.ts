import type { Files } from '../../core/host';
import { atlas } from './atlas';
import { dbmate } from './dbmate';
import { diesel } from './diesel';
import { flyway } from './flyway';
import { golangMigrate } from './golang-migrate';
import { goose } from './goose';
import { hasura } from './hasura';
import { confidences, type Detection, type Layout } from './layout';
import { listDirectory, type Listing } from './listing';
import { loose } from './loose';
import { nodePgMigrate } from './node-pg-migrate';
import { plain } from './plain';
import { prisma } from './prisma';
import { sqitch } from './sqitch';
import { sqlx } from './sqlx';
import { supabase } from './supabase';

/** In the order in which they are asked; the first of those that are surest is taken. */
export const layouts: readonly Layout[] = [
  sqitch,
  supabase,
  hasura,
  prisma,
  atlas,
  flyway,
  diesel,
  goose,
  dbmate,
  nodePgMigrate,
  sqlx,
  golangMigrate,
  plain,
  loose,
];

export interface Found {
  readonly layout: Layout;
  readonly detection: Detection;
}

/** The layout that is surest of a directory, with what it was seen by; undefined when none takes it for its own. */
export async function surestLayout(files: Files, path: string): Promise<(Found & { readonly listing: Listing }) | undefined> {
  const listing = await listDirectory(files, path);
  const found = layouts.flatMap((layout) => {
    const detection = layout.detect(listing);
    return detection ? [{ layout, detection, listing }] : [];
  });
  return surest(found);
}

export function surest<T extends Found>(found: readonly T[]): T | undefined {
  for (const confidence of [...confidences].reverse()) {
    const first = found.find(({ detection }) => detection.confidence === confidence);
    if (first) return first;
  }
  return undefined;
}
