/*-------------------------------------------------------------------------
 *
 * dependents.c
 *	  What depends on a table or column, or refers to it, and what makes it again
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "nextauth_catalog.h"

static void *read_reference(HeapTuple row, TupleDesc columns);

/*
 * Descriptions of the objects that depend on the column, without its sequence,
 * without objects that are dropped with "dropped", a list of ColumnSpec with
 * the column in it (their defaults and expressions, and constraints and
 * indexes of no other columns), and without "ignored_views", a list of OIDs.
 * WITHOUT_INDEXES leaves out all indexes, but no exclusion constraint.
 */
List *
find_dependents(Oid relid, AttrNumber attnum, List *dropped,
				IndexDependents indexes, List *ignored_views)
{
	MemoryContext caller = CurrentMemoryContext;
	ArrayBuildState *attnums = initArrayResult(INT4OID, caller, false);
	Datum		values[5] = {ObjectIdGetDatum(relid), Int32GetDatum(attnum)};
	Oid			types[5] = {OIDOID, INT4OID, INT4ARRAYOID, BOOLOID, OIDARRAYOID};
	ListCell   *lc;

	foreach(lc, dropped)
		attnums = accumArrayResult(attnums,
								   Int32GetDatum(((ColumnSpec *) lfirst(lc))->attnum),
								   false, INT4OID, caller);
	values[2] = makeArrayResult(attnums, caller);
	values[3] = BoolGetDatum(indexes == WITH_INDEXES);
	values[4] = make_oid_array(ignored_views);

	return query_texts("SELECT DISTINCT CASE"
					   " WHEN r.rulename = '_RETURN'"
					   " THEN pg_catalog.pg_describe_object(d.refclassid, r.ev_class, 0)"
					   " WHEN a.oid IS NOT NULL"
					   " THEN pg_catalog.pg_describe_object(d.refclassid, a.adrelid, a.adnum)"
					   " ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END"
					   " FROM pg_catalog.pg_depend d"
					   " LEFT JOIN pg_catalog.pg_rewrite r"
					   " ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_class c"
					   " ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_constraint k"
					   " ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_attrdef a"
					   " ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = d.objid"
					   " WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
					   " AND d.refobjid = $1 AND d.refobjsubid = $2"
					   " AND COALESCE(c.relkind, '-') <> 'S'"
					   " AND COALESCE(r.ev_class, 0) <> ALL ($5)"
					   " AND ($4 OR COALESCE(c.relkind, '-') <> 'i')"
					   " AND NOT COALESCE(a.adrelid = $1 AND a.adnum = ANY ($3), false)"
					   " AND NOT COALESCE(k.conrelid = $1 AND k.contype = 'f'"
					   " AND k.conkey = ARRAY[$2]::smallint[], false)"
					   " AND NOT (COALESCE(k.conrelid = $1 AND ($4 OR k.contype <> 'x')"
					   " OR c.relkind = 'i', false) AND NOT EXISTS"
					   " (SELECT FROM pg_catalog.pg_depend o"
					   " WHERE o.classid = d.classid AND o.objid = d.objid"
					   " AND o.refclassid = d.refclassid AND o.refobjid = $1"
					   " AND o.refobjsubid <> 0 AND o.refobjsubid <> ALL ($3)))"
					   " ORDER BY 1",
					   5, types, values);
}

/*
 * The valid indexes that use the column, except those of constraints, as OIDs.
 */
List *
find_indexes(Oid relid, AttrNumber attnum)
{
	Datum		values[2] = {ObjectIdGetDatum(relid), Int16GetDatum(attnum)};
	Oid			types[2] = {OIDOID, INT2OID};

	return query_oids("SELECT c.oid"
					  " FROM pg_catalog.pg_index i"
					  " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
					  " WHERE i.indrelid = $1 AND i.indisvalid AND EXISTS"
					  " (SELECT FROM pg_catalog.pg_depend d"
					  " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
					  " AND d.objid = c.oid AND d.refclassid = d.classid"
					  " AND d.refobjid = $1 AND d.refobjsubid = $2)"
					  " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k"
					  " WHERE k.conrelid = $1 AND k.conindid = c.oid)"
					  " ORDER BY c.relname",
					  2, types, values);
}

/*
 * The statements that copy the settings of this index to one of the same name
 * in the same table, except statistics targets and the mark as replica
 * identity: the CLUSTER mark, comments, and the extension that it depends on.
 * The other index belongs to a constraint if "is_constraint" is set.
 */
List *
print_index_settings(Oid index, bool is_constraint)
{
	Datum		values[2] = {ObjectIdGetDatum(index), BoolGetDatum(is_constraint)};
	Oid			types[2] = {OIDOID, BOOLOID};

	return query_texts("SELECT s.sql FROM pg_catalog.pg_index i"
					   " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
					   " JOIN pg_catalog.pg_class t ON t.oid = i.indrelid"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"
					   " LEFT JOIN pg_catalog.pg_constraint k"
					   " ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')"
					   " LEFT JOIN pg_catalog.pg_description o ON o.objoid = c.oid"
					   " AND o.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objsubid = 0"
					   " LEFT JOIN pg_catalog.pg_description p ON p.objoid = k.oid"
					   " AND p.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"
					   " CROSS JOIN LATERAL ("
					   "SELECT 1, pg_catalog.format('ALTER TABLE %I.%I CLUSTER ON %I',"
					   " n.nspname, t.relname, c.relname) WHERE i.indisclustered"
					   " UNION ALL"
					   " SELECT 2, pg_catalog.format('COMMENT ON INDEX %I.%I IS %L', n.nspname, c.relname, d.comment)"
					   " FROM (SELECT COALESCE(o.description, CASE WHEN NOT $2 THEN p.description END)) d (comment)"
					   " WHERE d.comment IS NOT NULL"
					   " UNION ALL"
					   " SELECT 3, pg_catalog.format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L',"
					   " c.relname, n.nspname, t.relname, p.description)"
					   " WHERE $2 AND p.description IS NOT NULL"
					   " UNION ALL"
					   " SELECT 4, pg_catalog.format('ALTER INDEX %I.%I DEPENDS ON EXTENSION %I',"
					   " n.nspname, c.relname, e.extname)"
					   " FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
					   " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
					   " AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'x'"
					   ") s (place, sql)"
					   " WHERE i.indexrelid = $1"
					   " ORDER BY s.place, s.sql",
					   2, types, values);
}

/*
 * The statements that restore the statistics targets of a rebuilt index's
 * expressions.
 */
List *
print_index_statistics(Oid index)
{
	return query_column("SELECT pg_catalog.format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s',"
						" n.nspname, c.relname, a.attnum, a.attstattarget)"
						" FROM pg_catalog.pg_attribute a"
						" JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
						" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
						" WHERE a.attrelid = $1 AND a.attstattarget >= 0"
						" ORDER BY a.attnum",
						index, 0, NIL);
}

/*
 * The ALTER COLUMN actions for settings of a column that no definition has:
 * statistics target and number of distinct values; and storage and
 * compression, if the type allows them.  A column that is not stored has no
 * statistics target.
 */
List *
print_column_settings(Oid relid, AttrNumber attnum, bool is_stored,
					  bool is_toastable)
{
	Datum		values[4] = {
		ObjectIdGetDatum(relid), Int16GetDatum(attnum), BoolGetDatum(is_stored),
		BoolGetDatum(is_stored && is_toastable)
	};
	Oid			types[4] = {OIDOID, INT2OID, BOOLOID, BOOLOID};

	return query_texts("SELECT s.sql FROM pg_catalog.pg_attribute a"
					   " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
					   " CROSS JOIN LATERAL (VALUES"
					   " (1, CASE WHEN $3 AND a.attstattarget >= 0"
					   " THEN pg_catalog.format('SET STATISTICS %s', a.attstattarget) END),"
					   " (2, (SELECT 'SET (' || pg_catalog.string_agg("
					   "pg_catalog.format('%I = %s', p.option_name, p.option_value), ', ') || ')'"
					   " FROM pg_catalog.pg_options_to_table(a.attoptions) p"
					   " WHERE p.option_name IN ('n_distinct', 'n_distinct_inherited'))),"
					   " (3, CASE WHEN $4 AND a.attstorage <> t.typstorage"
					   " THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN'"
					   " WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),"
					   " (4, CASE WHEN $4 THEN 'SET COMPRESSION ' || CASE a.attcompression"
					   " WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END))"
					   " s (place, sql)"
					   " WHERE a.attrelid = $1 AND a.attnum = $2"
					   " ORDER BY s.place",
					   4, types, values);
}

/*
 * The statements that restore the security labels of a re-created column.
 */
List *
print_labels(Oid relid, AttrNumber attnum)
{
	return query_column("SELECT pg_catalog.format('SECURITY LABEL FOR %I ON COLUMN %I.%I.%I IS %L',"
						" l.provider, n.nspname, c.relname, a.attname, l.label)"
						" FROM pg_catalog.pg_seclabel l"
						" JOIN pg_catalog.pg_class c ON c.oid = l.objoid"
						" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
						" JOIN pg_catalog.pg_attribute a"
						" ON a.attrelid = c.oid AND a.attnum = l.objsubid"
						" WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND l.objoid = $1 AND l.objsubid = $2"
						" ORDER BY l.provider",
						relid, attnum, NIL);
}

/*
 * The first index, check or statistics object of a table, or of a partition,
 * whose functions are called when a query on the table is planned, and belong
 * neither to the role nor to a superuser; NULL if there is none.
 */
const char *
find_foreign_code(Oid relid, Oid role)
{
	Datum		values[2] = {ObjectIdGetDatum(relid), ObjectIdGetDatum(role)};
	Oid			types[2] = {OIDOID, OIDOID};
	List	   *found = query_texts("SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0)"
									" FROM (SELECT $1 UNION SELECT relid FROM pg_catalog.pg_partition_tree($1)) t (relid)"
									" JOIN pg_catalog.pg_depend o"
									" ON o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
									" AND o.refobjid = t.relid"
									" JOIN pg_catalog.pg_depend d ON d.classid = o.classid AND d.objid = o.objid"
									" LEFT JOIN pg_catalog.pg_proc f"
									" ON d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND f.oid = d.refobjid"
									" LEFT JOIN pg_catalog.pg_operator p"
									" ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND p.oid = d.refobjid"
									" LEFT JOIN pg_catalog.pg_type y"
									" ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND y.oid = d.refobjid"
									" JOIN pg_catalog.pg_roles r"
									" ON r.oid = COALESCE(f.proowner, p.oprowner, y.typowner)"
									" WHERE NOT r.rolsuper AND r.oid <> $2"
									" AND (d.classid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass"
									" OR EXISTS (SELECT FROM pg_catalog.pg_index i"
									" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
									" AND i.indexrelid = d.objid)"
									" OR EXISTS (SELECT FROM pg_catalog.pg_constraint c"
									" WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"
									" AND c.oid = d.objid AND c.contype = 'c'))"
									" ORDER BY 1",
									2, types, values);

	return found ? linitial(found) : NULL;
}

/*
 * The other tables that have a foreign key that refers to the column, as OIDs.
 */
List *
find_referring_tables(Oid relid, AttrNumber attnum)
{
	Datum		values[2] = {ObjectIdGetDatum(relid), Int16GetDatum(attnum)};
	Oid			types[2] = {OIDOID, INT2OID};

	return query_oids("SELECT DISTINCT conrelid"
					  " FROM pg_catalog.pg_constraint"
					  " WHERE contype = 'f' AND confrelid = $1"
					  " AND conrelid <> $1 AND $2 = ANY (confkey)",
					  2, types, values);
}

/*
 * Descriptions of the objects that keep ALTER TABLE from changing the column's
 * type: views, except some, a list of OIDs, rules, policies, triggers and
 * publications.
 */
List *
find_type_users(Oid relid, AttrNumber attnum, List *ignored_views)
{
	return query_column("SELECT DISTINCT CASE WHEN r.oid IS NULL OR r.rulename <> '_RETURN'"
						" THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)"
						" ELSE pg_catalog.pg_describe_object(d.refclassid, r.ev_class, 0) END"
						" FROM pg_catalog.pg_depend d"
						" LEFT JOIN pg_catalog.pg_rewrite r"
						" ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid"
						" WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refobjid = $1 AND d.refobjsubid = $2"
						" AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass,"
						" 'pg_catalog.pg_policy'::pg_catalog.regclass,"
						" 'pg_catalog.pg_trigger'::pg_catalog.regclass,"
						" 'pg_catalog.pg_publication_rel'::pg_catalog.regclass)"
						" AND COALESCE(r.ev_class, 0) <> ALL ($3)"
						" ORDER BY 1",
						relid, attnum, ignored_views);
}

/*
 * Descriptions of further such objects if the new type is of another family:
 * computed columns and functions that use the column, and objects that use its
 * sequence, except its own default and those of inheriting tables and of
 * adapters' views, a list of OIDs.
 */
List *
find_expression_users(Oid relid, AttrNumber attnum, List *heirs)
{
	return query_column("WITH used (objid, objsubid) AS ("
						"SELECT $1, $2 UNION ALL SELECT d.objid, 0"
						" FROM pg_catalog.pg_depend d"
						" JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'"
						" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refclassid = d.classid AND d.refobjid = $1"
						" AND d.refobjsubid = $2 AND d.deptype = 'a')"
						" SELECT DISTINCT CASE WHEN a.oid IS NULL"
						" THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)"
						" ELSE pg_catalog.pg_describe_object(d.refclassid, a.adrelid, a.adnum) END"
						" FROM used u JOIN pg_catalog.pg_depend d"
						" ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refobjid = u.objid AND d.refobjsubid = u.objsubid"
						" LEFT JOIN pg_catalog.pg_attrdef a"
						" ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = d.objid"
						" WHERE (d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass"
						" OR a.adnum <> $2 OR a.adrelid <> $1 AND a.adrelid <> ALL ($3))"
						" ORDER BY 1",
						relid, attnum, heirs);
}

/*
 * The foreign keys of all tables, as a list of Reference, by the names of
 * their tables and their own.  Those of partitions that are their partitioned
 * table's are left out.
 */
List *
read_references(void)
{
	return query_rows("SELECT c.oid, c.conname, c.convalidated, c.conrelid, k.here,"
					  " c.confrelid, k.there"
					  " FROM pg_catalog.pg_constraint c,"
					  " ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey))"
					  " k (here, there)"
					  " WHERE c.contype = 'f' AND c.conparentid = 0"
					  " ORDER BY c.conrelid::pg_catalog.regclass::text COLLATE \"C\","
					  " c.conname, k.here",
					  0, NULL, NULL, read_reference);
}

static void *
read_reference(HeapTuple row, TupleDesc columns)
{
	Reference  *reference = palloc_object(Reference);
	Datum		values[7];
	bool		nulls[7];

	heap_deform_tuple(row, columns, values, nulls);
	reference->constraint = DatumGetObjectId(values[0]);
	reference->name = pstrdup(NameStr(*DatumGetName(values[1])));
	reference->is_valid = DatumGetBool(values[2]);
	reference->relid = DatumGetObjectId(values[3]);
	reference->attnum = DatumGetInt16(values[4]);
	reference->target = DatumGetObjectId(values[5]);
	reference->target_attnum = DatumGetInt16(values[6]);
	return reference;
}
