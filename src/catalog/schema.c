/*-------------------------------------------------------------------------
 *
 * schema.c
 *	  What is in a schema
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "nextauth_catalog.h"

/* $1 are the roles, besides superusers, that may own objects in it */
static const char strangers[] =
"WITH trusted AS"
" (SELECT oid FROM pg_catalog.pg_roles WHERE rolsuper"
" UNION SELECT pg_catalog.unnest($1)),"
" found (classid, objid, owner, any_owner) AS ("
"SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, p.proowner,"
" EXISTS (SELECT FROM pg_catalog.pg_proc o WHERE o.proname = p.proname AND o.oid <> p.oid)"
" FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'nextauth'::pg_catalog.regnamespace"
" UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprowner, true"
" FROM pg_catalog.pg_operator WHERE oprnamespace = 'nextauth'::pg_catalog.regnamespace"
" UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner, false"
" FROM pg_catalog.pg_type t"
" LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
" WHERE t.typnamespace = 'nextauth'::pg_catalog.regnamespace"
" AND COALESCE(c.relkind, 'c') = 'c' AND t.typcategory <> 'A'"
" UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid, relowner, false"
" FROM pg_catalog.pg_class"
" WHERE relnamespace = 'nextauth'::pg_catalog.regnamespace"
" AND relkind NOT IN ('i', 'I', 'c', 't'))"
" SELECT pg_catalog.format('%s: %s', d.what,"
" CASE WHEN f.any_owner THEN 'not the extension''s'"
" ELSE pg_catalog.format('belongs to role \"%s\"', pg_catalog.pg_get_userbyid(f.owner)) END),"
" pg_catalog.format('DROP %s %s; or, if it is needed, move it to another schema.',"
" pg_catalog.upper(i.type), i.identity)"
" FROM found f"
" CROSS JOIN LATERAL (SELECT pg_catalog.pg_describe_object(f.classid, f.objid, 0)) d (what)"
" CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.classid, f.objid, 0) i"
" WHERE (f.any_owner OR f.owner NOT IN (SELECT oid FROM trusted))"
" AND d.what IS NOT NULL"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m"
" JOIN pg_catalog.pg_extension e ON e.oid = m.refobjid AND e.extname = 'nextauth'"
" WHERE m.classid = f.classid AND m.objid = f.objid"
" AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
" AND m.deptype = 'e')"
" UNION ALL SELECT pg_catalog.format('schema \"nextauth\": %s may create objects in it', r.who),"
" CASE WHEN a.grantee = n.nspowner"
" THEN 'ALTER SCHEMA nextauth OWNER TO a superuser.'"
" ELSE pg_catalog.format('REVOKE CREATE ON SCHEMA nextauth FROM %s;', r.quoted) END"
" FROM pg_catalog.pg_namespace n"
" CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(n.nspacl,"
" pg_catalog.acldefault('n', n.nspowner))) a"
" CROSS JOIN LATERAL (SELECT CASE WHEN a.grantee = 0 THEN 'everybody'"
" ELSE pg_catalog.format('role \"%s\"', pg_catalog.pg_get_userbyid(a.grantee)) END,"
" CASE WHEN a.grantee = 0 THEN 'PUBLIC'"
" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) r (who, quoted)"
" WHERE n.nspname = 'nextauth' AND a.privilege_type = 'CREATE'"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.oid = a.grantee AND s.rolsuper)"
" ORDER BY 1";

static void *read_stranger(HeapTuple row, TupleDesc columns);

/*
 * A list of Stranger: the objects in schema nextauth that belong neither to
 * the extension nor to one of "owners", a list of OIDs, nor to a superuser,
 * and the roles that could create more.  Operators, and functions that could
 * be called instead of others of the same name, are listed whoever owns them.
 */
List *
find_strangers(List *owners)
{
	Datum		values[1] = {make_oid_array(owners)};
	Oid			types[1] = {OIDARRAYOID};

	return query_rows(strangers, 1, types, values, read_stranger);
}

static void *
read_stranger(HeapTuple row, TupleDesc columns)
{
	Stranger   *stranger = palloc_object(Stranger);

	stranger->finding = SPI_getvalue(row, columns, 1);
	stranger->remedy = SPI_getvalue(row, columns, 2);
	return stranger;
}

/*
 * The names of the tables in a schema, sorted.
 */
List *
find_tables_in(const char *schema_name)
{
	Datum		values[1] = {CStringGetTextDatum(schema_name)};
	Oid			types[1] = {TEXTOID};

	return query_texts("SELECT c.relname::pg_catalog.text FROM pg_catalog.pg_class c"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
					   " WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f')"
					   " ORDER BY c.relname",
					   1, types, values);
}

/*
 * The names of the enums in a schema, sorted.
 */
List *
find_enums_in(const char *schema_name)
{
	Datum		values[1] = {CStringGetTextDatum(schema_name)};
	Oid			types[1] = {TEXTOID};

	return query_texts("SELECT t.typname::pg_catalog.text FROM pg_catalog.pg_type t"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
					   " WHERE n.nspname = $1 AND t.typtype = 'e' ORDER BY t.typname",
					   1, types, values);
}
