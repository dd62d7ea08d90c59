import type { LayoutName } from '../../layouts/migration';

const names: Partial<Record<LayoutName, string>> = {
  flyway: 'Flyway',
  prisma: 'Prisma Migrate',
  diesel: 'Diesel',
  atlas: 'Atlas',
  supabase: 'Supabase',
  plain: 'The migration runner',
  loose: 'The migration runner',
};

/** The migration tool of a layout as its users write its name; it may begin a sentence. */
export function toolName(layout: LayoutName): string {
  return names[layout] ?? layout;
}
