import { quotedIdentifier, stringConstant } from '../sql/quoting';
import type { PlpgsqlBody } from './plpgsql-body';

/** The code that a probe raises with what it found, as JSON in the detail. */
export const foundSqlstate = 'M8001';

/** A routine as its CREATE statement has it. */
interface ProbedRoutine {
  readonly name: string;
  readonly code: string;
  /** Undefined for one in SQL: its body is tried as a whole. */
  readonly body: PlpgsqlBody | undefined;
  /** Schemas in which the script that creates it finds names, as in `search_path`. */
  readonly searchPath: string;
}

/**
 * A DO block that lets PostgreSQL look at the body of a routine without running it: every expression and statement is planned
 * by EXPLAIN inside PL/pgSQL, where its variables have the types that they have in the routine, and the routine is created anew.
 * A trigger function is tried with the row of each table that has it as a trigger, and not at all without one. Arguments, triggers and the settings of the
 * routine are those of the catalog. Raises `foundSqlstate`, or nothing where no routine has that name and code.
 */
export function routineProbeSql(routine: ProbedRoutine): string {
  return `DO ${stringConstant(`
DECLARE
  mem8_p record; mem8_t record; mem8_all jsonb := '[]'; mem8_exists boolean := false; mem8_text text; mem8_name text; mem8_inner text;
BEGIN
  SET LOCAL check_function_bodies = on;
  FOR mem8_p IN SELECT p.oid, p.prokind, p.proargnames AS names, coalesce(p.proallargtypes, p.proargtypes::oid[]) AS types, p.prorettype,
      (SELECT pg_catalog.substr(c, 13) FROM pg_catalog.unnest(p.proconfig) c WHERE c LIKE 'search_path=%') AS path
      FROM pg_catalog.pg_proc p WHERE p.proname = ${stringConstant(routine.name)} AND p.prosrc = ${stringConstant(routine.code)} LOOP
    mem8_exists := true;
    PERFORM pg_catalog.set_config('search_path', coalesce(mem8_p.path, ${stringConstant(routine.searchPath)} || (
      SELECT coalesce(pg_catalog.string_agg(', ' || pg_catalog.quote_ident(n.nspname), ''), '') FROM pg_catalog.pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')), true);
    BEGIN
      EXECUTE pg_catalog.pg_get_functiondef(mem8_p.oid);
      RAISE EXCEPTION USING ERRCODE = 'M8002';
    EXCEPTION WHEN SQLSTATE 'M8002' THEN NULL;
      WHEN OTHERS THEN
        IF SQLSTATE LIKE '42%' AND SQLSTATE NOT IN ('42501', '42P13') THEN
          mem8_all := mem8_all || pg_catalog.jsonb_build_object('table', NULL, 'events', NULL, 'failures',
            pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('piece', -1, 'sqlstate', SQLSTATE, 'message', SQLERRM)));
          CONTINUE;
        END IF;
    END;
${routine.body ? probeOfBody(routine.name, routine.body) : ''}
  END LOOP;
  IF mem8_exists THEN RAISE EXCEPTION USING ERRCODE = '${foundSqlstate}', MESSAGE = 'tried', DETAIL = mem8_all::text; END IF;
END`)}`;
}

const rowPlaceholder = 'mem8_trigger_row';
const argumentsPlaceholder = '/*mem8_arguments*/';

function probeOfBody(name: string, body: PlpgsqlBody): string {
  return `
    SELECT coalesce(pg_catalog.string_agg(pg_catalog.format('%s %s; ', pg_catalog.quote_ident('$' || a.place), pg_catalog.format_type(a.type, NULL))
        || CASE WHEN mem8_p.names[a.place] <> '' THEN pg_catalog.format('%s %s; ', pg_catalog.quote_ident(mem8_p.names[a.place]),
          pg_catalog.format_type(a.type, NULL)) ELSE '' END, ''), '')
      INTO mem8_text FROM pg_catalog.unnest(mem8_p.types) WITH ORDINALITY a (type, place);
    FOR mem8_t IN SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted, n.nspname || '.' || c.relname AS relation,
          pg_catalog.bit_or(t.tgtype::int) AS type,
          pg_catalog.array_remove(pg_catalog.array_agg(t.tgoldtable) || pg_catalog.array_agg(t.tgnewtable), NULL) AS transitions
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE t.tgfoid = mem8_p.oid AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled <> 'D' GROUP BY 1, 2
      UNION ALL SELECT NULL, NULL, 0, NULL WHERE mem8_p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) LOOP
    BEGIN
      FOR mem8_name IN SELECT DISTINCT x FROM pg_catalog.unnest(mem8_t.transitions) x LOOP
        EXECUTE pg_catalog.format('CREATE TEMP TABLE %I (LIKE %s)', mem8_name, mem8_t.quoted);
      END LOOP;
      mem8_inner := pg_catalog.replace(${stringConstant(innerBlock(name, body))}, '${argumentsPlaceholder}', mem8_text);
      EXECUTE 'DO ' || pg_catalog.quote_literal(
        pg_catalog.replace(mem8_inner, '${rowPlaceholder}', coalesce(mem8_t.quoted || '%ROWTYPE', '')));
    EXCEPTION WHEN SQLSTATE '${foundSqlstate}' THEN
        GET STACKED DIAGNOSTICS mem8_name = PG_EXCEPTION_DETAIL;
        mem8_all := mem8_all || pg_catalog.jsonb_build_object('table', mem8_t.relation, 'failures', mem8_name::jsonb, 'events',
          CASE WHEN mem8_t.relation IS NOT NULL THEN pg_catalog.to_jsonb(pg_catalog.array_remove(ARRAY[
            CASE WHEN mem8_t.type & 4 > 0 THEN 'INSERT' END, CASE WHEN mem8_t.type & 16 > 0 THEN 'UPDATE' END,
            CASE WHEN mem8_t.type & 8 > 0 THEN 'DELETE' END, CASE WHEN mem8_t.type & 32 > 0 THEN 'TRUNCATE' END], NULL)) END);
      WHEN OTHERS THEN NULL;
    END;
    END LOOP;`;
}

const triggerVariables = `new ${rowPlaceholder}; old ${rowPlaceholder}; tg_name name; tg_when text; tg_level text; tg_op text; tg_relid oid;
  tg_relname name; tg_table_name name; tg_table_schema name; tg_nargs integer; tg_argv text[]; tg_event text; tg_tag text;`;

function innerBlock(name: string, body: PlpgsqlBody): string {
  const locals = body.variables.map((each) => `${quotedIdentifier(each.name)} ${each.type};`).join(' ');
  const open = body.labels.map((label) => `<<${quotedIdentifier(label)}>> DECLARE ${locals} BEGIN`);
  const directive = body.conflict === undefined ? '' : `#variable_conflict ${body.conflict}\n`;
  return `${directive}<<${quotedIdentifier(name)}>>
DECLARE mem8_row record; mem8_context text; mem8_failures jsonb := '[]'; sqlstate text; sqlerrm text;
  ${body.isTrigger ? triggerVariables : ''} ${argumentsPlaceholder}
BEGIN
DECLARE ${locals} BEGIN
${open.join('\n')}
${body.pieces.flatMap((piece, index) => piece.tries.map((code) => tried(index, code))).join('\n')}
${open.map(() => 'END;').join(' ')}
END;
IF mem8_failures <> '[]' THEN RAISE EXCEPTION USING ERRCODE = '${foundSqlstate}', MESSAGE = 'tried', DETAIL = mem8_failures::text; END IF;
END`;
}

/** A failure that comes from inside another function is that function's. */
function tried(index: number, code: string): string {
  return `BEGIN ${code}
EXCEPTION WHEN OTHERS THEN
  IF SQLSTATE LIKE '42%' AND SQLSTATE <> '42501' THEN
    GET STACKED DIAGNOSTICS mem8_context = PG_EXCEPTION_CONTEXT;
    IF mem8_context !~ '(?n)^(SQL|PL/pgSQL) function (?!inline_code_block)' THEN
      mem8_failures := mem8_failures || pg_catalog.jsonb_build_object('piece', ${index}, 'sqlstate', SQLSTATE, 'message', SQLERRM);
    END IF;
  END IF;
END;`;
}
