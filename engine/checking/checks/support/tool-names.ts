import type { LayoutName } from '../../../core/scripts';

const names: Partial<Record<LayoutName, string>> = {
  flyway: 'Flyway',
  prisma: 'Prisma Migrate',
  diesel: 'Diesel',
  atlas: 'Atlas',
  supabase: 'Supabase',
  hasura: 'Hasura',
  plain: 'The migration runner',
  loose: 'The migration runner',
};

/** The migration tool of a layout, as its documentation writes the name; it may begin a sentence. */
export function toolName(layout: LayoutName): string {
  return names[layout] ?? layout;
}
