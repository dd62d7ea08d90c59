import { joined } from '../../../core/paths';
import type { MigrationDirectory } from '../../../core/scripts';
import { layoutNamed } from '../../scripts/index';

interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** The files of a migration that does not exist yet, in the layout of the directory; empty where its tool has to make them. */
export function newMigrationFiles(directory: Pick<MigrationDirectory, 'path' | 'layout' | 'migrations'>, id: string): NewFile[] {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) return [];
  const files = relativeFiles(directory, id);
  const layout = layoutNamed(directory.layout);
  return files.every(({ file }) => layout.owns(file)) ? files.map(({ file, text }) => ({ file: joined(directory.path, file), text })) : [];
}

function relativeFiles({ layout, migrations }: Pick<MigrationDirectory, 'layout' | 'migrations'>, id: string): NewFile[] {
  const up = `-- ${id}\n`;
  const down = `-- Undoes ${id}.\n`;
  const pair = [
    { file: `${id}.up.sql`, text: up },
    { file: `${id}.down.sql`, text: down },
  ];
  const inOne = (upLine: string, downLine: string): NewFile[] => [{ file: `${id}.sql`, text: `${upLine}\n\n${downLine}\n` }];
  switch (layout) {
    case 'golang-migrate':
      return pair;
    case 'sqlx':
    case 'plain': {
      const namesUp = migrations.length === 0 || migrations.some(({ up: { file } }) => file.endsWith('.up.sql'));
      return namesUp ? pair : [{ file: `${id}.sql`, text: up }, ...pair.slice(1)];
    }
    case 'diesel':
    case 'hasura':
      return [
        { file: `${id}/up.sql`, text: up },
        { file: `${id}/down.sql`, text: down },
      ];
    case 'goose':
      return inOne('-- +goose Up', '-- +goose Down');
    case 'dbmate':
      return inOne('-- migrate:up', '-- migrate:down');
    case 'node-pg-migrate':
      return inOne('-- Up Migration', '-- Down Migration');
    case 'flyway':
      return [{ file: `${id}.sql`, text: up }, ...(id.startsWith('V') ? [{ file: `U${id.slice(1)}.sql`, text: down }] : [])];
    case 'supabase':
      return [{ file: `${id}.sql`, text: up }];
    case 'prisma':
      return [{ file: `${id}/migration.sql`, text: up }];
    case 'atlas':
    case 'sqitch':
    case 'loose':
      return [];
  }
}
