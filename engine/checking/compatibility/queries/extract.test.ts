import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { loadSqlParser } from '../../../databases/postgresql/sql/library';
import { extractQueries } from './extract';
import { frozenQueries } from './frozen';
import { offsetIn } from './release-query';

beforeAll(loadSqlParser);

/** What is found in a file, one line each: `name | statement | parameters`, or `unusable | the text at the place | reason`. */
function found(extension: string, text: string): string[] {
  const { queries, unusable, included } = extractQueries(`/code/file.${extension}`, text);
  const oneLine = (each: string): string => each.replace(/\s+/g, ' ').trim();
  return [
    ...queries.map(({ name, sql, parameters }) => [name, oneLine(sql), parameters.map((each) => each ?? '_').join(',')].join(' | ')),
    ...unusable.map(({ range, reason }) => ['unusable', oneLine(text.slice(range.start, range.end)), reason].join(' | ')),
    ...included.map(({ path, range }) => ['included', path, text.slice(range.start, range.end)].join(' | ')),
  ];
}

const joined = 'It is built at run time, so its text is not known.';

type Case = readonly [title: string, extension: string, text: string, expected: readonly string[]];

const sqlFiles: readonly Case[] = [
  [
    'several statements without markers, DDL and transactions left out',
    'sql',
    'BEGIN;\nCREATE TABLE t (a int);\nSELECT 1;\n\nUPDATE t SET a = $1;\nCOMMIT;',
    ['file.sql:3 | SELECT 1 | ', 'file.sql:5 | UPDATE t SET a = $1 | _'],
  ],
  [
    'sqlc markers, functions and names',
    'sql',
    `-- name: GetMemory :one
SELECT sqlc.embed(m) FROM memories m WHERE id = @id AND kind = sqlc.arg('kind') AND (note = sqlc.narg(note) OR id = @id);

-- name: Pick :many
SELECT * FROM memories WHERE id IN (sqlc.slice(ids)) AND a @> $2 AND b = $1;`,
    [
      'GetMemory | SELECT m.* FROM memories m WHERE id = $1 AND kind = $2 AND (note = $3 OR id = $1) | id,kind,note',
      'Pick | SELECT * FROM memories WHERE id IN ($3) AND a @> $2 AND b = $1 | _,_,ids',
    ],
  ],
  ['a marker in a block comment', 'sql', '/* name: Count :one */\nSELECT count(*) FROM t;', ['Count | SELECT count(*) FROM t | ']],
  [
    'pgtyped markers, lists and required parameters',
    'sql',
    `/*
  @name InsertMany
  @param rows -> ((id, note)...)
  @param ids -> (...)
*/
INSERT INTO t (id, note) VALUES :rows;
/* @name Find
   @param ids -> (...) */
SELECT * FROM t WHERE id IN :ids AND kind = :kind! AND note = :kind;`,
    [
      'InsertMany | INSERT INTO t (id, note) VALUES ($1, $2) | rows.id,rows.note',
      'Find | SELECT * FROM t WHERE id IN ($1) AND kind = $2 AND note = $2 | ids,kind',
    ],
  ],
  [
    'yesql and aiosql markers without semicolons',
    'sql',
    '-- name: get-user^\n-- One user.\nSELECT * FROM users WHERE id = :id\n\n-- name: touch!\nUPDATE users SET seen = now() WHERE id = :id\n',
    ['get-user | SELECT * FROM users WHERE id = $1 | id', 'touch | UPDATE users SET seen = now() WHERE id = $1 | id'],
  ],
  [
    'hugsql markers, dashes and lists',
    'sql',
    '-- :name find-users :? :*\n-- :doc Users.\nSELECT * FROM users WHERE id IN (:v*:user-ids) AND a = :max-age',
    ['find-users | SELECT * FROM users WHERE id IN ($1) AND a = $2 | user-ids,max-age'],
  ],
  [
    'cornucopia markers',
    'sql',
    '--! authors (country?) : Author()\nSELECT id FROM author WHERE country = :country;',
    ['authors | SELECT id FROM author WHERE country = $1 | country'],
  ],
  [
    'casts, slices, strings, comments and named arguments are no parameters',
    'sql',
    `SELECT a[1:n], b::text, ':x', f(p := 1) -- :no\nFROM t WHERE c = :c::int AND d = ANY(ARRAY[:e, :f]);`,
    [`file.sql:1 | SELECT a[1:n], b::text, ':x', f(p := 1) -- :no FROM t WHERE c = $1::int AND d = ANY(ARRAY[$2, $3]) | c,e,f`],
  ],
  ['question marks', 'sql', 'SELECT a FROM t WHERE b = ? LIMIT ?;', ['file.sql:1 | SELECT a FROM t WHERE b = $1 LIMIT $2 | _,_']],
  [
    'question marks in a file with the operator',
    'sql',
    "SELECT a FROM t WHERE b ? 'k';\nSELECT a FROM t WHERE b ?| ARRAY['k'] AND c = $1;",
    ["file.sql:1 | SELECT a FROM t WHERE b ? 'k' | ", "file.sql:2 | SELECT a FROM t WHERE b ?| ARRAY['k'] AND c = $1 | _"],
  ],
  [
    'what does not parse, at the token at fault, and what comes after it',
    'sql',
    'SELECT a FRM t WHERE;\nSELECT :a;\n',
    ['file.sql:2 | SELECT $1 | a', 'unusable | t | It does not parse: syntax error at or near "t".'],
  ],
  [
    'a quote that never ends, and what comes after it',
    'sql',
    "SELECT 'a FROM t;\n\n-- name: next\nSELECT 1;",
    ['next | SELECT 1 | ', "unusable | ' | The quoted string that starts here has no end."],
  ],
  ['numbers with gaps', 'sql', 'SELECT $3, $1, $3', ['file.sql:1 | SELECT $2, $1, $2 | _,_']],
];

const rust: readonly Case[] = [
  [
    'macros, functions, raw strings and joined strings',
    'rs',
    `// sqlx::query!("SELECT 0")
fn f<'a>(c: char) {
  let q = '"'; sqlx::query!(r#"SELECT id AS "id!" FROM t WHERE a = $1"#, a);
  sqlx::query_as!(Row, "SELECT a \\
     FROM t" + " WHERE b = $1", b);
  sqlx::query_as::<_, (i64, Vec<String>)>("DELETE FROM t WHERE note = \\"x\\"").execute(&pool);
  diesel::sql_query("SELECT 2").load(c);
}`,
    [
      'file.rs:3 | SELECT id AS "id!" FROM t WHERE a = $1 | _',
      'file.rs:4 | SELECT a FROM t WHERE b = $1 | _',
      'file.rs:6 | DELETE FROM t WHERE note = "x" | ',
      'file.rs:7 | SELECT 2 | ',
    ],
  ],
  [
    'constants, and what is put together',
    'rs',
    `const LIST: &str = "SELECT a FROM t";
static TAKE: &'static str = r"DELETE FROM t";
const HELP: &str = "Select a file from the list";
fn f() {
  sqlx::query(&format!("SELECT {} FROM t", columns));
  let mut b = QueryBuilder::<Postgres>::new("SELECT a FROM t WHERE ");
  println!("SELECT a FROM t");
}`,
    [
      'LIST | SELECT a FROM t | ',
      'TAKE | DELETE FROM t | ',
      `unusable | "SELECT {} FROM t" | ${joined}`,
      `unusable | "SELECT a FROM t WHERE " | ${joined}`,
    ],
  ],
  [
    'variables, known and unknown',
    'rs',
    'let query = "SELECT a FROM t";\nsqlx::query(query);\nsqlx::query_as_with::<_, Row, _>(&sql, arguments);\nserver.query(name);',
    ['file.rs:1 | SELECT a FROM t | ', 'unusable | sql | The value of variable sql is not known.'],
  ],
  ['files', 'rs', 'sqlx::query_file_as!(Row, "sql/list.sql", "x")', ['included | sql/list.sql | "sql/list.sql"']],
];

const javascript: readonly Case[] = [
  [
    'templates with values',
    'ts',
    'const rows = await sql<Row[]>`SELECT * FROM t WHERE a = ${user.id}::int AND b = ${f({ x: "}" })}`;',
    ['file.ts:1 | SELECT * FROM t WHERE a = $1::int AND b = $2 | id,_'],
  ],
  [
    'templates with other SQL',
    'ts',
    'sql`SELECT * FROM ${sql(table)}`; sql`SELECT * FROM t ${where ? sql`WHERE a = ${a}` : sql``}`; sql.unsafe`SELECT * FROM ${sql.identifier(["t"])}`;',
    ['sql(table)', 'where ? sql`WHERE a = ${a}` : sql``', 'sql.identifier(["t"])'].map((each) => `unusable | \${${each}} | ${joined}`),
  ],
  [
    'templates with values that cannot be parameters or are parts of words',
    'ts',
    "sql`SELECT * FROM ${table}`; sql`SELECT * FROM t_${n}`; sql`SELECT '${x}'`",
    [
      'unusable | ${table} | It does not parse with a parameter in place of the inserted text (syntax error at or near "$1").',
      `unusable | \${n} | ${joined}`,
      `unusable | \${x} | ${joined}`,
    ],
  ],
  [
    'values with helpers, types and other tags',
    'ts',
    'sql.type(z.object({}))`SELECT * FROM t WHERE a = ANY(${sql.array(ids, "int4")})`; prisma.$queryRaw<T>`SELECT ${x}`; gql`SELECT ${x}`; sql.fragment`x`',
    ['file.ts:1 | SELECT * FROM t WHERE a = ANY($1) | _', 'file.ts:1 | SELECT $1 | x'],
  ],
  [
    'pgtyped',
    'ts',
    'export const getUsers = sql<IGetUsers>`SELECT * FROM users WHERE id IN $$ids AND name = $name!`;\nconst add = sql`INSERT INTO users (id, name) VALUES $$users(id, name)`;',
    [
      'getUsers | SELECT * FROM users WHERE id IN ($1) AND name = $2 | ids,name',
      'add | INSERT INTO users (id, name) VALUES ($1, $2) | users.id,users.name',
    ],
  ],
  [
    'calls, regular expressions and comments',
    'ts',
    `const quote = /['"\`]/; // client.query("SELECT 0")
client.query('SELECT a FROM t WHERE b = $1', [b]);
client.query<Row>(\`
  DELETE FROM t WHERE id = $1\`);
client.query({ name: 'x', text: 'SELECT 2' });
client.query(\`SELECT * FROM \${table}\`);
client.query('SELECT a FROM t WHERE b = ' + b);
const help = 'Select one from the list';
const list = "SELECT a FROM t";`,
    [
      'file.ts:2 | SELECT a FROM t WHERE b = $1 | _',
      'file.ts:4 | DELETE FROM t WHERE id = $1 | _',
      'file.ts:5 | SELECT 2 | ',
      'list | SELECT a FROM t | ',
      `unusable | \`SELECT * FROM \${table}\` | ${joined}`,
      `unusable | 'SELECT a FROM t WHERE b = ' | ${joined}`,
    ],
  ],
  ['JSX with an apostrophe', 'tsx', "<p>Don't</p>;\ndb.query('SELECT 1');", ['file.tsx:2 | SELECT 1 | ']],
];

const go: readonly Case[] = [
  [
    'sqlc constants',
    'go',
    'const listMemories = `-- name: ListMemories :many\nSELECT id FROM memories WHERE a = $1\n`',
    ['ListMemories | SELECT id FROM memories WHERE a = $1 | _'],
  ],
  [
    'calls',
    'go',
    `rows, err := db.QueryContext(ctx, "SELECT a FROM t WHERE b = ?"+
  " AND c = ?", b, '"')
tx.NamedExec(\`UPDATE t SET a = :a\`, x)
conn.QueryRow(ctx, "SELECT a FROM t WHERE b = @b", pgx.NamedArgs{"b": 1})
db.Exec(fmt.Sprintf("DELETE FROM %s", table))
q := "SELECT a FROM t " + where
log.Print("SELECT a FROM t")`,
    [
      'file.go:1 | SELECT a FROM t WHERE b = $1 AND c = $2 | _,_',
      'file.go:3 | UPDATE t SET a = $1 | a',
      'file.go:4 | SELECT a FROM t WHERE b = $1 | b',
      `unusable | "DELETE FROM %s" | ${joined}`,
      `unusable | "SELECT a FROM t " | ${joined}`,
    ],
  ],
];

const python: readonly Case[] = [
  [
    'percent signs and names',
    'py',
    `# cur.execute("SELECT 0")
cur.execute("SELECT a FROM t WHERE b = %s AND c LIKE 'x%%' AND d IN %s", (b, d))
cur.execute("""
  SELECT a FROM t
  WHERE b = %(b)s AND c = %(b)s""", {"b": 1})
session.execute(text("SELECT a FROM t "
                     "WHERE b = :b"), {"b": 1})
`,
    [
      "file.py:2 | SELECT a FROM t WHERE b = $1 AND c LIKE 'x%' AND d IN ($2) | _,_",
      'file.py:4 | SELECT a FROM t WHERE b = $1 AND c = $1 | b',
      'file.py:6 | SELECT a FROM t WHERE b = $1 | b',
    ],
  ],
  [
    'what is put together',
    'py',
    `cur.execute(f"SELECT {a} FROM t")
cur.execute("SELECT %s FROM t" % a)
cur.execute(sql.SQL("SELECT {} FROM t").format(a))
LIST = "SELECT a FROM t"
sql = "SELECT a FROM t WHERE "
`,
    [
      'LIST | SELECT a FROM t | ',
      `unusable | f"SELECT {a} FROM t" | ${joined}`,
      `unusable | "SELECT %s FROM t" | ${joined}`,
      `unusable | "SELECT {} FROM t" | ${joined}`,
      'unusable | E | It ends in the middle; the rest may be added at run time.',
    ],
  ],
];

const java: readonly Case[] = [
  [
    'annotations',
    'java',
    `import org.springframework.data.jpa.repository.Query;
interface R {
  @Query(nativeQuery = true, value = "SELECT * FROM t WHERE a = :a AND b = ?2")
  List<T> findNative(String a);
  @Query("SELECT t FROM T t WHERE t.a = :a")
  List<T> findByObjects(String a);
  @SqlQuery("""
    SELECT a FROM t WHERE b = :row.b AND c = '\\\\x'""")
  @RegisterBeanMapper(T.class)
  List<T> listRows();
  @Select("SELECT a FROM t WHERE b = #{b,jdbcType=INTEGER}")
  T one();
}`,
    [
      'findNative | SELECT * FROM t WHERE a = $1 AND b = $2 | a,_',
      "listRows | SELECT a FROM t WHERE b = $1 AND c = '\\x' | row.b",
      'one | SELECT a FROM t WHERE b = $1 | b',
    ],
  ],
  [
    'calls in Java',
    'java',
    'String LIST = "SELECT a " +\n  "FROM t";\njdbc.queryForObject("SELECT a FROM t WHERE b = ?", T.class, b);\nem.createNativeQuery("SELECT 1");\njdbc.update(String.format("DELETE FROM %s", t));',
    [
      'LIST | SELECT a FROM t | ',
      'file.java:3 | SELECT a FROM t WHERE b = $1 | _',
      'file.java:4 | SELECT 1 | ',
      `unusable | "DELETE FROM %s" | ${joined}`,
    ],
  ],
  [
    'Kotlin',
    'kt',
    'handle.createUpdate("""\n  UPDATE t SET a = :a\n""".trimIndent())\nhandle.select("SELECT a FROM t WHERE b = $b")\n@SqlQuery("SELECT 1") fun one(): Int',
    ['file.kt:2 | UPDATE t SET a = $1 | a', 'one | SELECT 1 | ', `unusable | "SELECT a FROM t WHERE b = $b" | ${joined}`],
  ],
];

describe.each(Object.entries({ 'SQL files': sqlFiles, rust, javascript, go, python, java }))('%s', (_, cases) => {
  it.each(cases)('finds %s', (title, extension, text, expected) => {
    expect(found(extension, text), title).toEqual(expected);
  });
});

it('gives the place in the file of a place in the statement', () => {
  const text = 'f(r#"é"#); sqlx::query("SELECT \\"a\\"," + " $1 FROM tt");\ncur = sql`x`';
  const [query] = extractQueries('/code/a.rs', text).queries;
  if (!query) throw new Error('nothing was found');
  const at = (word: string): string => text.slice(offsetIn(query, query.sql.indexOf(word))).slice(0, 4);
  expect([at('SELECT'), at('"a"'), at('a"'), at('$1'), at('tt')]).toEqual(['SELE', '\\"a\\', 'a\\",', '$1 F', 'tt")']);
  expect(offsetIn(query, query.sql.length)).toBe(query.range.end);
});

it('gives the place of a parameter and of what follows it', () => {
  const text = 'SELECT a FROM t WHERE b = :some_name AND c = 1;';
  const [query] = extractQueries('/code/a.sql', text).queries;
  if (!query) throw new Error('nothing was found');
  expect(text.slice(offsetIn(query, query.sql.indexOf('$1')))).toMatch(/^:some_name/);
  expect(text.slice(offsetIn(query, query.sql.indexOf('AND')))).toMatch(/^AND/);
});

const extensions = ['sql', 'rs', 'ts', 'go', 'py', 'java', 'kt'];
const snippets = [...sqlFiles, ...rust, ...javascript, ...go, ...python, ...java].flatMap(([, , text]) => text.split(/(?<=[\s(;])/));
const code = fc.array(
  fc.oneof(
    fc.constantFrom(...snippets),
    fc.constantFrom('"', "'", '`', '${', '}', '"""', '/*', '--', '$$', ':', '\\', '\n', 'é😀'),
    fc.string(),
  ),
  { maxLength: 40 },
);

it('never throws, and says places that are in the file and hold the statement', () => {
  const property = fc.property(fc.constantFrom(...extensions), code, (extension, parts) => {
    const text = parts.join('');
    const { queries, unusable } = extractQueries(`/code/a.${extension}`, text);
    for (const { range } of [...queries, ...unusable]) {
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeLessThanOrEqual(text.length);
      expect(range.end).toBeGreaterThan(range.start);
    }
    for (const query of queries) {
      const [keyword = ''] = /[a-z]+/i.exec(query.sql.replace(/^(?:\s|\(|--.*|\/\*[^]*?\*\/)*/, '')) ?? [];
      expect(text.slice(query.range.start, query.range.end)).toContain(keyword);
      const used = new Set(query.parameters.map((_, index) => index + 1));
      for (const [, number] of withoutQuotes(query.sql).matchAll(/\$(\d+)/g)) expect(used).toContain(Number(number));
      let before = 0;
      for (let offset = 0; offset <= query.sql.length; offset++) {
        const place = offsetIn(query, offset);
        expect(place).toBeGreaterThanOrEqual(before);
        before = place;
      }
    }
  });
  fc.assert(property, { numRuns: 800 });
});

it('reads what it froze as the same statements', () => {
  const property = fc.property(fc.constantFrom(...extensions), code, (extension, parts) => {
    const { queries } = extractQueries(`/code/01.${extension}`, parts.join(''));
    const frozen = extractQueries(
      '/frozen.sql',
      frozenQueries(queries, ({ file }) => `${file}:1`),
    );
    expect(frozen.queries.map(({ sql }) => sql)).toEqual(queries.map(({ sql }) => sql));
    expect(frozen.queries.map(({ name }) => name)).toEqual(queries.map(({ name }) => name));
    expect(frozen.unusable).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
});

function withoutQuotes(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"[^"]*"|--.*|\/\*[^]*?\*\/|\$\$[^]*?\$\$/g, ' ');
}
