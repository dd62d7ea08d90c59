import { describe, expect, it } from 'vitest';
import { check } from './routine-uses-removed';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text NOT NULL DEFAULT 'new', total int);
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
CREATE TYPE mood AS ENUM ('ok', 'bad');
INSERT INTO orders VALUES (1, 'a', 'new', 3);
CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT 1); UPDATE orders SET total = 0 WHERE orders.note IS NULL; END $$;`;
const { reports, silentOn } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, base, { shadow: false });
const alone = sqlCheck(check);

const docs = `CREATE TABLE docs (id bigint PRIMARY KEY, title text, search text, owner bigint);
CREATE TABLE pages (id bigint PRIMARY KEY, title text, search text);
`;

/** The statement with a marker for its whole length. */
function breaking(statement: string): string {
  return `${statement}\n--${'^'.repeat(statement.length - 3)} routine-uses-removed\n`;
}

/** A history whose second script is the given one. */
function after(first: string, second: string): Record<string, string> {
  return { '0001_base.up.sql': docs + first, '0002_change.up.sql': second };
}

function trigger(code: string, on = 'docs', events = 'INSERT OR UPDATE', name = 'fill'): string {
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ ${code} $$;
CREATE TRIGGER ${name} BEFORE ${events} ON ${on} FOR EACH ROW EXECUTE FUNCTION ${name}();
`;
}

const drop = breaking('ALTER TABLE docs DROP COLUMN search;');
const soundDrop = 'ALTER TABLE docs DROP COLUMN search;\n';

it('names the function that breaks and where it is defined', async () => {
  const [finding] = await reports({ '0002_change.up.sql': breaking('ALTER TABLE orders RENAME COLUMN note TO remark;') });
  expect(finding?.message).toBe('count_notes fails when called: column orders.note does not exist');
  expect(finding?.advice).toBe('Replace count_notes in this migration.');
  expect(finding).toMatchObject({ severity: 'error', verified: true });
});

it('sees columns that the body sets', () => reports({ '0002_change.up.sql': breaking('ALTER TABLE orders DROP COLUMN total;') }));

it('sees tables that are dropped, with a database and without', async () => {
  const fixture = { '0002_change.up.sql': breaking('DROP TABLE orders CASCADE;') };
  const [finding] = await reports(fixture);
  expect(finding?.message).toMatch(/relation "orders" does not exist/);
  const [read] = await bySyntax.reports(fixture);
  expect(read).toMatchObject({ verified: false });
  expect(read?.message).toMatch(/its body still uses table orders/);
});

it('is silent where the body makes what is dropped itself', async () => {
  const body = (code: string) => `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${code} END $$;\n`;
  const making = [
    ['CREATE TABLE IF NOT EXISTS orders (note text); DELETE FROM orders WHERE note IS NULL;', 'DROP TABLE orders CASCADE;'],
    ['ALTER TABLE lines ADD COLUMN IF NOT EXISTS order_id int; UPDATE lines SET order_id = 1;', 'ALTER TABLE lines DROP COLUMN order_id;'],
  ] as const;
  for (const [code, change] of making) {
    const [tables = ''] = base.split('CREATE FUNCTION');
    await alone.silentOn({ '0001_base.up.sql': tables + body(code), '0002_change.up.sql': change });
  }
});

it('is silent on other columns and where the function is replaced in the same migration', () =>
  silentOn({
    '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN state;
ALTER TABLE orders DROP COLUMN note;
CREATE OR REPLACE FUNCTION count_notes() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
`,
  }));

describe('triggers', () => {
  it('says which writes fail', async () => {
    const [finding] = await alone.reports(after(trigger('BEGIN NEW.search := lower(NEW.title); RETURN NEW; END'), drop));
    expect(finding?.message).toBe('INSERT and UPDATE on docs fail: record "new" has no field "search"');
    expect(finding?.details).toBe('The error is in trigger function fill.');
    expect(finding?.advice).toBe('Replace fill in this migration.');
    expect(finding?.related[0]?.message).toBe('fill uses it.');
  });

  it.each([
    ['reads of NEW', 'BEGIN IF NEW.search IS NULL THEN RETURN NULL; END IF; RETURN NEW; END'],
    ['reads of OLD', "BEGIN RAISE NOTICE '%', OLD.search; RETURN NEW; END"],
    ['NEW in a query', 'BEGIN INSERT INTO pages (id, title) VALUES (NEW.id, NEW.search); RETURN NEW; END'],
    ['results that go to NEW', 'BEGIN SELECT title INTO NEW.search FROM pages WHERE id = NEW.id; RETURN NEW; END'],
    ['a nested block', 'BEGIN DECLARE x text; BEGIN x := NEW.search; END; RETURN NEW; END'],
    ['an upsert of the table itself', 'BEGIN UPDATE docs SET search = NEW.title WHERE owner = NEW.id; RETURN NEW; END'],
    ['a variable of the row', 'DECLARE d docs%ROWTYPE; BEGIN d := NEW; d.search := 1; RETURN d; END'],
    ['a variable of the type', 'DECLARE s docs.search%TYPE; BEGIN s := NEW.title; RETURN NEW; END'],
  ])('sees %s', async (_, code) => {
    await alone.reports(after(trigger(code), drop));
  });

  it('says the same of a column that is renamed', async () => {
    await alone.reports(
      after(trigger('BEGIN NEW.search := lower(NEW.title); RETURN NEW; END'), breaking('ALTER TABLE docs RENAME COLUMN title TO heading;')),
    );
  });

  it.each([
    ['the trigger is dropped later in the script', soundDrop + 'DROP TRIGGER fill ON docs;'],
    [
      'the function is replaced before',
      'CREATE OR REPLACE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n' + soundDrop,
    ],
    [
      'the function is replaced later',
      soundDrop + 'CREATE OR REPLACE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;',
    ],
    ['the function is dropped with its trigger', soundDrop + 'DROP FUNCTION fill() CASCADE;'],
    ['the column comes back', soundDrop + 'ALTER TABLE docs ADD COLUMN search varchar(100);'],
    ['the trigger is disabled', 'ALTER TABLE docs DISABLE TRIGGER fill;\n' + soundDrop],
    ['the other table loses its column', 'ALTER TABLE pages DROP COLUMN search;'],
    ['the column is not used', 'ALTER TABLE docs DROP COLUMN owner;'],
  ])('is silent where %s', (_, second) => alone.silentOn(after(trigger('BEGIN NEW.search := lower(NEW.title); RETURN NEW; END'), second)));

  it.each([
    ['only text that EXECUTE runs names the column', "BEGIN EXECUTE 'UPDATE docs SET search = NULL'; RETURN NEW; END"],
    ['the code handles it', 'BEGIN BEGIN NEW.search := 1; EXCEPTION WHEN undefined_column THEN NULL; END; RETURN NEW; END'],
    ['a variable has the name', 'DECLARE search text; BEGIN search := NEW.title; RETURN NEW; END'],
    ['a record has the field', 'DECLARE r record; BEGIN SELECT 1 AS search INTO r; NEW.title := r.search; RETURN NEW; END'],
    [
      'a temporary table has the column',
      'BEGIN CREATE TEMP TABLE s (search text) ON COMMIT DROP; INSERT INTO s (search) VALUES (1); RETURN NEW; END',
    ],
    [
      'the code looks first',
      "BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'search') THEN NEW.search := 1; END IF; RETURN NEW; END",
    ],
  ])('is silent where %s', (_, code) => alone.silentOn(after(trigger(code), soundDrop)));

  it('takes a function of several tables for each of them', async () => {
    const shared =
      trigger('BEGIN NEW.search := lower(NEW.title); RETURN NEW; END') +
      'CREATE TRIGGER fill BEFORE DELETE ON pages FOR EACH ROW EXECUTE FUNCTION fill();\n';
    const findings = await alone.reports(after(shared, drop + breaking('ALTER TABLE pages DROP COLUMN search;')));
    expect(findings.map(({ message }) => message.split(':')[0])).toEqual(['INSERT and UPDATE on docs fail', 'DELETE on pages fails']);
  });

  it('is silent where a function of several tables asks which one it is', async () => {
    const shared =
      trigger("BEGIN IF TG_TABLE_NAME = 'pages' THEN NEW.search := 1; END IF; RETURN NEW; END") +
      'CREATE TRIGGER fill BEFORE INSERT ON pages FOR EACH ROW EXECUTE FUNCTION fill();\n';
    await alone.silentOn(after(shared, soundDrop));
  });
});

describe('other routines', () => {
  it.each([
    ['a function in SQL', 'CREATE FUNCTION f(n bigint) RETURNS text LANGUAGE sql AS $$ SELECT search FROM docs WHERE id = n $$;'],
    [
      'a loop over rows',
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM docs LOOP RAISE NOTICE '%', r.search; END LOOP; END $$;",
    ],
    [
      'INSERT without columns',
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO docs VALUES (1, 'a', 'b', 2); END $$;",
    ],
    [
      'a procedure with arguments',
      'CREATE PROCEDURE f(INOUT docs_id bigint, v docs) LANGUAGE plpgsql AS $$ BEGIN UPDATE docs SET search = v.title WHERE id = $1; END $$;',
    ],
    [
      'a set of rows',
      'CREATE FUNCTION f() RETURNS TABLE (a bigint, b text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT d.id, d.search FROM docs d; END $$;',
    ],
    [
      'a cursor',
      'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE c CURSOR (k bigint) FOR SELECT search FROM docs WHERE id = k; BEGIN OPEN c(1); END $$;',
    ],
    [
      'another schema on the path',
      'CREATE SCHEMA app; CREATE TABLE app.x (id int); SET search_path TO app, public;\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM search FROM docs, x; END $$;',
    ],
  ])('sees %s', async (_, first) => {
    await alone.reports(after(first, drop));
  });

  it('sees a changed type that no operator is for', async () => {
    await alone.reports(
      after(
        'CREATE FUNCTION f(n bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE docs SET title = 1 WHERE owner = n; END $$;',
        breaking('ALTER TABLE docs ALTER COLUMN owner TYPE text;'),
      ),
    );
  });

  it('sees a new column that a variable has the name of', async () => {
    const [finding] = await alone.reports(
      after(
        'CREATE FUNCTION f(done bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE docs SET title = 1 WHERE owner = done; END $$;',
        breaking('ALTER TABLE docs ADD COLUMN done boolean;'),
      ),
    );
    expect(finding?.message).toMatch(/column reference "done" is ambiguous/);
  });

  it('is silent where a table is made again in the same script, with a database and without', async () => {
    const fixture = after(
      `CREATE TABLE item_fast (id bigint, title text);
CREATE FUNCTION fast(n bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT id FROM item_fast WHERE id = n $$;
CREATE FUNCTION faster(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT id FROM item_fast WHERE id = n); END $$;`,
      'DROP TABLE item_fast;\nALTER TABLE docs ADD COLUMN c int;\nCREATE TABLE item_fast AS SELECT * FROM docs;',
    );
    await alone.silentOn(fixture);
    await sqlCheck(check, '', { shadow: false }).silentOn(fixture);
  });

  it('is silent on what was broken before', () =>
    alone.silentOn(
      after('CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM nothing, search FROM docs; END $$;', soundDrop),
    ));

  it('is silent where a later migration of the release replaces the function', async () => {
    const files = {
      ...after(trigger('BEGIN NEW.search := 1; RETURN NEW; END'), soundDrop),
      '0003_fix.up.sql': 'CREATE OR REPLACE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;',
    };
    const manifest = (second: string, third: string) => `manifest: 1
system: demo
releases:
  - version: 1.0.0
    migrations: [0001_base]
  - version: 1.1.0
    migrations: [${second}]
${third}`;
    await alone.silentOn({ ...files, 'upgrade.yaml': manifest('0002_change, 0003_fix', '') });
    await alone.reports({
      ...files,
      '0002_change.up.sql': drop,
      'upgrade.yaml': manifest('0002_change', '  - version: 1.2.0\n    migrations: [0003_fix]\n'),
    });
  });
});
