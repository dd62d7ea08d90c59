import { test } from '../runner';
import { inFolder, type Files } from './host';

interface LayoutFolder {
  /** Only migrations, the newest of which changes a column that is not there. */
  readonly files: Files;
  /** The newest script; the folder before its name where other scripts are called alike. */
  readonly newest: string;
  readonly pictured?: true;
}

const create = 'CREATE TABLE items (id bigint PRIMARY KEY, name text);\n';
const mistake = 'ALTER TABLE items DROP COLUMN nowhere;\n';

const layouts: Readonly<Record<string, LayoutFolder>> = {
  'golang-migrate': {
    files: {
      'go.mod': 'module shop\n\nrequire github.com/golang-migrate/migrate/v4 v4.17.0\n',
      'db/migrations/0001_items.up.sql': create,
      'db/migrations/0001_items.down.sql': 'DROP TABLE items;\n',
      'db/migrations/0002_change.up.sql': mistake,
    },
    newest: '0002_change.up.sql',
    pictured: true,
  },
  sqlx: {
    files: {
      'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n',
      'migrations/20240101000000_items.sql': create,
      'migrations/20240102000000_change.sql': mistake,
    },
    newest: '20240102000000_change.sql',
  },
  diesel: {
    files: {
      'diesel.toml': '[migrations_directory]\ndir = "migrations"\n',
      'migrations/2024-01-01-000000_items/up.sql': create,
      'migrations/2024-01-01-000000_items/down.sql': 'DROP TABLE items;\n',
      'migrations/2024-01-02-000000_change/up.sql': mistake,
      'migrations/2024-01-02-000000_change/down.sql': 'SELECT 1;\n',
    },
    newest: '2024-01-02-000000_change/up.sql',
  },
  goose: {
    files: {
      'internal/store/migrations/00001_items.sql': `-- +goose Up\n${create}-- +goose Down\nDROP TABLE items;\n`,
      'internal/store/migrations/00002_change.sql': `-- +goose Up\n${mistake}`,
    },
    newest: '00002_change.sql',
  },
  dbmate: {
    files: {
      'db/migrations/20240101000000_items.sql': `-- migrate:up\n${create}-- migrate:down\nDROP TABLE items;\n`,
      'db/migrations/20240102000000_change.sql': `-- migrate:up\n${mistake}-- migrate:down\n`,
    },
    newest: '20240102000000_change.sql',
  },
  flyway: {
    files: {
      'src/main/resources/db/migration/V1__items.sql': create,
      'src/main/resources/db/migration/V2__change.sql': mistake,
    },
    newest: 'V2__change.sql',
    pictured: true,
  },
  sqitch: {
    files: {
      'sqitch.conf': '[core]\n\tengine = pg\n',
      'sqitch.plan':
        '%syntax-version=1.0.0\n%project=shop\n\nitems 2024-01-01T00:00:00Z A <a@example.org> # items\nchange 2024-01-02T00:00:00Z A <a@example.org> # change\n',
      'deploy/items.sql': `BEGIN;\n${create}COMMIT;\n`,
      'deploy/change.sql': `BEGIN;\n${mistake}COMMIT;\n`,
    },
    newest: 'change.sql',
  },
  prisma: {
    files: {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20240101000000_items/migration.sql': create,
      'prisma/migrations/20240102000000_change/migration.sql': mistake,
    },
    newest: '20240102000000_change/migration.sql',
  },
  atlas: {
    files: {
      'atlas.hcl': 'env "local" {\n  migration { dir = "file://migrations" }\n}\n',
      'migrations/atlas.sum': 'h1:\n',
      'migrations/20240101000000_items.sql': create,
      'migrations/20240102000000_change.sql': mistake,
    },
    newest: '20240102000000_change.sql',
  },
  'node-pg-migrate': {
    files: {
      'package.json': '{ "dependencies": { "node-pg-migrate": "^7.0.0", "pg": "^8.0.0" } }\n',
      'migrations/1704067200000_items.sql': `-- Up Migration\n${create}-- Down Migration\nDROP TABLE items;\n`,
      'migrations/1704153600000_change.sql': `-- Up Migration\n${mistake}`,
    },
    newest: '1704153600000_change.sql',
  },
  supabase: {
    files: {
      'supabase/config.toml': 'project_id = "shop"\n',
      'supabase/migrations/20240101000000_items.sql': create,
      'supabase/migrations/20240102000000_change.sql': mistake,
    },
    newest: '20240102000000_change.sql',
    pictured: true,
  },
  plain: {
    files: { 'schema/001_items.sql': create, 'schema/002_change.sql': mistake },
    newest: '002_change.sql',
  },
};

for (const [name, { files, newest, pictured }] of Object.entries(layouts)) {
  test(`a folder with migrations of ${name} alone has findings in the script that is opened`, () =>
    inFolder(name, files, async (workbench) => {
      await workbench.openFile(newest.slice(newest.lastIndexOf('/') + 1), newest);
      const opened = Date.now();
      await workbench.squiggles('error', 90_000);
      console.log(`          ${name}: first finding ${Date.now() - opened} ms after the script was shown`);
      await workbench.problems('nowhere');
      if (pictured) await workbench.screenshot(`layout-${name}`);
    }));
}
