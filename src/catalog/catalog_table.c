/*-------------------------------------------------------------------------
 *
 * catalog_table.c
 *	  The extension's own tables, row by row
 *
 * A table is opened only if it is a member of the extension, because its name
 * is not enough: schema nextauth can be renamed, and another role can create a
 * schema of this name.  No query reads them, so no view, rule or operator of
 * another role runs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "nextauth_catalog.h"

static const char *const table_names[] = {
	[CATALOG_MODEL] = "model",
	[CATALOG_CUSTOM_COLUMN] = "custom_column",
	[CATALOG_MODEL_CHANGE] = "model_change",
	[CATALOG_ADAPTER] = "adapter"
};

/* The numbers of columns that the library knows and writes */
static const int column_counts[] = {
	[CATALOG_MODEL] = MODEL_VOUCHED,
	[CATALOG_CUSTOM_COLUMN] = COLUMN_VOUCHED,
	[CATALOG_MODEL_CHANGE] = CHANGE_COLUMNS,
	[CATALOG_ADAPTER] = ADAPTER_VOUCHED
};

static Relation open_by_name(CatalogTable table, LOCKMODE lock);
static Relation open_catalog_table(CatalogTable table, LOCKMODE lock);
static Relation get_catalog_table(CatalogTable table, LOCKMODE lock);
static void check_columns(Relation relation, CatalogTable table);
static Snapshot newest_snapshot(Relation relation);

/*
 * Open the table with the name of one of the extension's own, also if it is
 * another table; NULL if there is none.
 */
static Relation
open_by_name(CatalogTable table, LOCKMODE lock)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, true);
	Oid			relid;
	Relation	relation;

	if (!OidIsValid(schema))
		return NULL;
	relid = get_relname_relid(table_names[table], schema);
	if (!OidIsValid(relid) || (relation = try_relation_open(relid, lock)) == NULL)
		return NULL;
	if (relation->rd_rel->relkind == RELKIND_RELATION)
		return relation;
	relation_close(relation, lock);
	return NULL;
}

/*
 * Open one of the extension's own tables; NULL if it does not exist, or if the
 * table of this name is not the extension's.
 */
static Relation
open_catalog_table(CatalogTable table, LOCKMODE lock)
{
	Relation	relation = open_by_name(table, lock);

	if (relation && !is_own_table(RelationGetRelid(relation)))
	{
		relation_close(relation, lock);
		return NULL;
	}
	return relation;
}

/*
 * Is a table one of the extension's own?
 */
bool
is_own_table(Oid relid)
{
	Oid			extension = get_extension_oid(NEXTAUTH_SCHEMA, true);

	return OidIsValid(extension) &&
		getExtensionOfObject(RelationRelationId, relid) == extension;
}

/*
 * Find out which of the extension's own tables it is.  Returns false if it is
 * none of them.
 */
bool
find_catalog_table(Relation relation, CatalogTable *table)
{
	for (size_t i = 0; i < lengthof(table_names); i++)
	{
		if (strcmp(RelationGetRelationName(relation), table_names[i]) != 0)
			continue;
		*table = i;
		return is_own_table(RelationGetRelid(relation));
	}
	return false;
}

/*
 * Raise an ERROR if it does not exist.
 */
static Relation
get_catalog_table(CatalogTable table, LOCKMODE lock)
{
	Relation	relation = open_catalog_table(table, lock);

	if (relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" of extension \"%s\" is not in schema \"%s\"",
						table_names[table], NEXTAUTH_SCHEMA, NEXTAUTH_SCHEMA),
				 errhint("If the schema was renamed, give it its old name again.")));
	return relation;
}

/*
 * Is the catalog in schema nextauth?
 */
bool
has_catalog(void)
{
	Relation	relation = open_catalog_table(CATALOG_MODEL, AccessShareLock);

	if (relation == NULL)
		return false;
	relation_close(relation, AccessShareLock);
	return true;
}

/*
 * The version of the extension's SQL objects; NULL if there is no extension.
 */
char *
installed_version(void)
{
	Relation	relation = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *result = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(NEXTAUTH_SCHEMA));
	scan = systable_beginscan(relation, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;

		result = TextDatumGetCString(heap_getattr(tuple, Anum_pg_extension_extversion,
												  RelationGetDescr(relation), &isnull));
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return result;
}

/*
 * The owner of the catalog.  The catalog is written with this role's rights.
 */
Oid
catalog_owner(void)
{
	Relation	relation = get_catalog_table(CATALOG_MODEL, AccessShareLock);
	Oid			owner = relation->rd_rel->relowner;

	relation_close(relation, AccessShareLock);
	return owner;
}

/*
 * A snapshot of now.  In a parallel query PostgreSQL takes none but those by
 * which it reads its own catalogs.
 */
static Snapshot
newest_snapshot(Relation relation)
{
	return IsInParallelMode() ? GetCatalogSnapshot(RelationGetRelid(relation)) :
		GetLatestSnapshot();
}

/*
 * Start to read a table.  A missing table has no rows.
 *
 * With a "key", reads only the rows that have it in the first column, backward
 * in the order of the primary key.
 */
void
begin_rows(CatalogRows *rows, CatalogTable table, const char *key,
		   Freshness freshness)
{
	ScanKeyData scankey;

	memset(rows, 0, sizeof(*rows));
	rows->relation = open_catalog_table(table, AccessShareLock);
	if (rows->relation == NULL)
		return;
	rows->snapshot = RegisterSnapshot(freshness == NEWEST_ROWS ?
									  newest_snapshot(rows->relation) :
									  GetActiveSnapshot());
	if (key == NULL)
	{
		rows->scan = systable_beginscan(rows->relation, InvalidOid, false,
										rows->snapshot, 0, NULL);
		return;
	}

	list_free(RelationGetIndexList(rows->relation));
	rows->index = index_open(rows->relation->rd_pkindex, AccessShareLock);
	ScanKeyInit(&scankey, 1, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(key));
	scankey.sk_collation = rows->index->rd_indcollation[0];
	rows->scan = systable_beginscan_ordered(rows->relation, rows->index,
											rows->snapshot, 1, &scankey);
}

/*
 * The values of a column of one of the extension's tables in the newest rows,
 * as a list of Datum, for a quick test.  To check that the table is the
 * extension's takes longer than to read it, so only the column's type is
 * checked: a caller that finds a value must check the table.
 */
List *
peek_column(CatalogTable table, AttrNumber attnum, Oid type)
{
	CatalogRows rows = {0};
	TupleDesc	tupdesc;
	Form_pg_attribute attribute;
	List	   *result = NIL;
	HeapTuple	row;

	rows.relation = open_by_name(table, AccessShareLock);
	if (rows.relation == NULL)
		return NIL;
	tupdesc = RelationGetDescr(rows.relation);
	attribute = tupdesc->natts < attnum ? NULL : TupleDescAttr(tupdesc, attnum - 1);
	if (attribute == NULL || attribute->atttypid != type)
	{
		relation_close(rows.relation, AccessShareLock);
		return NIL;
	}

	rows.snapshot = RegisterSnapshot(GetLatestSnapshot());
	rows.scan = systable_beginscan(rows.relation, InvalidOid, false,
								   rows.snapshot, 0, NULL);
	while ((row = next_row(&rows)) != NULL)
	{
		bool		isnull;
		Datum		value = heap_getattr(row, attnum, tupdesc, &isnull);

		if (!isnull)
			result = lappend(result,
							 DatumGetPointer(datumCopy(value, attribute->attbyval,
													   attribute->attlen)));
	}
	end_rows(&rows);
	return result;
}

/*
 * The next row, or NULL.
 */
HeapTuple
next_row(CatalogRows *rows)
{
	if (rows->relation == NULL)
		return NULL;
	if (rows->index)
		return systable_getnext_ordered(rows->scan, BackwardScanDirection);
	return systable_getnext(rows->scan);
}

/*
 * The value of a column in a row.  No column of these tables is ever null.
 */
Datum
row_value(const CatalogRows *rows, HeapTuple row, AttrNumber attnum)
{
	bool		isnull;
	Datum		value = heap_getattr(row, attnum, RelationGetDescr(rows->relation),
									 &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("column %d of table \"%s\" is null", attnum,
						RelationGetRelationName(rows->relation))));
	return value;
}

/*
 * The same of a column of type text, as a string.
 */
char *
row_text(const CatalogRows *rows, HeapTuple row, AttrNumber attnum)
{
	return TextDatumGetCString(row_value(rows, row, attnum));
}

/*
 * The same of a column of type name.
 */
char *
row_name(const CatalogRows *rows, HeapTuple row, AttrNumber attnum)
{
	return pstrdup(NameStr(*DatumGetName(row_value(rows, row, attnum))));
}

/*
 * End what begin_rows() or begin_writing() began.
 */
void
end_rows(CatalogRows *rows)
{
	if (rows->relation == NULL)
		return;
	if (rows->index)
	{
		systable_endscan_ordered(rows->scan);
		index_close(rows->index, AccessShareLock);
	}
	else
		systable_endscan(rows->scan);
	UnregisterSnapshot(rows->snapshot);
	relation_close(rows->relation, AccessShareLock);
}

/*
 * Start to write the rows of a table that have the key, as begin_rows() does
 * for reading.  Others cannot write these rows until the end of the
 * transaction.
 */
void
begin_writing(CatalogRows *rows, CatalogTable table, const char *key)
{
	Relation	relation = get_catalog_table(table, RowExclusiveLock);

	PreventCommandIfReadOnly("writing the catalog of nextauth");
	check_columns(relation, table);
	LockDatabaseObject(RelationRelationId, RelationGetRelid(relation),
					   (uint16) string_hash(key, strlen(key) + 1), ExclusiveLock);
	begin_rows(rows, table, NULL, NEWEST_ROWS);
	relation_close(relation, NoLock);
}

/*
 * Raise an ERROR if the table has other columns than the library knows.  A
 * session keeps the library that it has loaded, also when a package has replaced
 * it and ALTER EXTENSION has updated the table.
 */
static void
check_columns(Relation relation, CatalogTable table)
{
	int			count = RelationGetDescr(relation)->natts;

	if (count == column_counts[table])
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("library of version %s cannot write the catalog of version %s of extension \"nextauth\"",
					NEXTAUTH_VERSION, installed_version()),
			 errdetail("Table \"%s\" has %d columns, and the library knows %d.",
					   table_names[table], count, column_counts[table]),
			 count > column_counts[table] ?
			 errhint("Connect again.  If the error remains, install the library of the extension's version.") :
			 errhint("Run ALTER EXTENSION nextauth UPDATE as a superuser.")));
}

/*
 * Add a row.
 */
void
insert_row(CatalogTable table, Datum *values)
{
	Relation	relation = get_catalog_table(table, RowExclusiveLock);
	bool		nulls[MAX_CATALOG_COLUMNS] = {false};

	check_columns(relation, table);
	CatalogTupleInsert(relation, heap_form_tuple(RelationGetDescr(relation),
												 values, nulls));
	CacheInvalidateRelcache(relation);
	relation_close(relation, NoLock);
	CommandCounterIncrement();
}

/*
 * Replace the values of the columns for which "replaces" is set.
 */
void
update_row(const CatalogRows *rows, HeapTuple row, Datum *values, bool *replaces)
{
	bool		nulls[MAX_CATALOG_COLUMNS] = {false};
	HeapTuple	updated = heap_modify_tuple(row, RelationGetDescr(rows->relation),
											values, nulls, replaces);

	CatalogTupleUpdate(rows->relation, &row->t_self, updated);
	CacheInvalidateRelcache(rows->relation);
	CommandCounterIncrement();
}

/*
 * Delete a row.
 */
void
delete_row(const CatalogRows *rows, HeapTuple row)
{
	CatalogTupleDelete(rows->relation, &row->t_self);
	CacheInvalidateRelcache(rows->relation);
	CommandCounterIncrement();
}
