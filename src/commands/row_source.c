/*-------------------------------------------------------------------------
 *
 * row_source.c
 *	  Rows of another engine, as JSON, from an argument or a table
 *
 * A table is scanned without a query, so that reading it runs no code of
 * anybody: neither policies nor what the planner evaluates.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "commands.h"

static Jsonb *get_rows(FunctionCallInfo fcinfo);
static bool has_container(const char *text);
static Oid	get_source_relation(FunctionCallInfo fcinfo);
static char *choose_source_column(Oid relid);
static void check_source_kind(Oid relid);
static void check_source_rights(const RowSource *source);
static AttrNumber check_source_column(Oid relid, const char *column_name);
static bool may_hold_rows(Oid type);
static void each_row_of_table(RowSource *source, Relation relation,
							  RowWork work, void *argument);
static void each_element(RowSource *source, JsonbContainer *container,
						 RowWork work, void *argument);
static Jsonb *get_document(Datum value, Oid type);

/*
 * The source that the arguments of import_rows() name.
 *
 * Raise an ERROR if the user may not read it, or if it cannot have rows.
 */
RowSource
get_source(FunctionCallInfo fcinfo)
{
	RowSource	source = {0};

	if (PG_NARGS() == 2 && type_of_argument(fcinfo, 1) != REGCLASSOID)
	{
		source.array = get_rows(fcinfo);
		return source;
	}
	source.relid = get_source_relation(fcinfo);
	check_source_kind(source.relid);
	if (PG_NARGS() > 2)
		source.column_name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	else
		source.column_name = choose_source_column(source.relid);
	(void) check_source_column(source.relid, source.column_name);
	check_source_rights(&source);
	return source;
}

/*
 * Raise an ERROR if it is no array, with a hint if it may be a table's name.
 */
static Jsonb *
get_rows(FunctionCallInfo fcinfo)
{
	Jsonb	   *rows = NULL;

	if (type_of_argument(fcinfo, 1) == JSONBOID ||
		has_container(text_to_cstring(PG_GETARG_TEXT_PP(1))))
		rows = get_jsonb(fcinfo, 1);
	if (rows == NULL || !JB_ROOT_IS_ARRAY(rows) || JB_ROOT_IS_SCALAR(rows))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rows must be a JSON array of objects"),
				 errhint("If it is the name of a table that has them, add ::regclass.")));
	return rows;
}

static bool
has_container(const char *text)
{
	char		first = text[strspn(text, " \t\r\n")];

	return first == '[' || first == '{';
}

/*
 * A name in text is looked up in the caller's search_path.
 */
static Oid
get_source_relation(FunctionCallInfo fcinfo)
{
	if (type_of_argument(fcinfo, 1) == REGCLASSOID)
		return PG_GETARG_OID(1);
	return DatumGetObjectId(DirectFunctionCall1(regclassin,
												CStringGetDatum(text_to_cstring(PG_GETARG_TEXT_PP(1)))));
}

static bool
may_hold_rows(Oid type)
{
	return type == JSONBOID || type == JSONOID || type == TEXTOID ||
		type == VARCHAROID;
}

/*
 * The only column of a table that can hold JSON.  The table is not locked: the
 * user may have no right to it.
 */
static char *
choose_source_column(Oid relid)
{
	char	   *result = NULL;
	char	   *name;

	for (AttrNumber attnum = 1; (name = get_attname(relid, attnum, true)); attnum++)
	{
		if (!may_hold_rows(get_atttype(relid, attnum)))
			continue;
		if (result)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("table \"%s\" has several columns that can hold rows",
							name_of_relation(relid)),
					 errhint("Name the column in the third argument.")));
		result = name;
	}
	if (result == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column that can hold rows",
						name_of_relation(relid)),
				 errdetail("Its type must be jsonb, json, text or varchar.")));
	return result;
}

/*
 * Raise an ERROR if the relation is none of which rows can be read without
 * running code.
 */
static void
check_source_kind(Oid relid)
{
	switch (get_rel_relkind(relid))
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_MATVIEW:
			return;

		case '\0':
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("relation with OID %u does not exist", relid)));
			break;

		default:
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("\"%s\" is not a table", name_of_relation(relid)),
					 errdetail("Rows are read without running code of a view's owner."),
					 errhint("Copy its rows into a table first, with CREATE TABLE ... AS.")));
	}
}

/*
 * Raise an ERROR if the user may not read the source, or if not all of its rows
 * would be read.
 */
static void
check_source_rights(const RowSource *source)
{
	Oid			relid = source->relid;
	Oid			schema = get_rel_namespace(relid);
	AttrNumber	attnum = get_attnum(relid, source->column_name);

	if (object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_USAGE) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, name_of_schema(schema));
	if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck(relid, attnum, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, name_of_relation(relid));
	if (check_enable_rls(relid, InvalidOid, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of table \"%s\" may hide rows",
						name_of_relation(relid)),
				 errhint("Copy the rows that are to be imported into another table.")));
}

/*
 * The number of the column that has the rows.
 *
 * Raise an ERROR if it is gone, or cannot have any.
 */
static AttrNumber
check_source_column(Oid relid, const char *column_name)
{
	AttrNumber	attnum = get_attnum(relid, column_name);

	if (attnum == InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of table \"%s\" does not exist", column_name,
						name_of_relation(relid))));
	if (attnum < 0 || !may_hold_rows(get_atttype(relid, attnum)) ||
		get_attgenerated(relid, attnum) == ATTRIBUTE_GENERATED_VIRTUAL)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" cannot hold rows", column_name,
						name_of_relation(relid)),
				 errdetail("It must be stored, and its type jsonb, json, text or varchar.")));
	return attnum;
}

/*
 * Do work for each row of the source, in a memory context of its own.
 */
void
each_row(RowSource *source, RowWork work, void *argument)
{
	ListCell   *lc;

	source->row = 0;
	if (source->array)
		each_element(source, &source->array->root, work, argument);
	else
	{
		foreach(lc, find_all_inheritors(source->relid, AccessShareLock, NULL))
		{
			Relation	relation = relation_open(lfirst_oid(lc), AccessShareLock);

			if (relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
				each_row_of_table(source, relation, work, argument);
			relation_close(relation, NoLock);
		}
	}
}

static void
each_row_of_table(RowSource *source, Relation relation, RowWork work,
				  void *argument)
{
	AttrNumber	attnum = check_source_column(RelationGetRelid(relation),
											 source->column_name);
	Oid			type = get_atttype(RelationGetRelid(relation), attnum);
	MemoryContext document = AllocSetContextCreate(CurrentMemoryContext,
												   "nextauth document",
												   ALLOCSET_DEFAULT_SIZES);
	Snapshot	snapshot = RegisterSnapshot(GetActiveSnapshot());
	Relation	table = open_table(RelationGetRelid(relation));
	TupleTableSlot *slot = table_slot_create(table, NULL);
	TableScanDesc scan = table_beginscan(table, snapshot, 0, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		MemoryContext caller = MemoryContextSwitchTo(document);
		bool		isnull;
		Datum		value = slot_getattr(slot, attnum, &isnull);

		if (!isnull)
		{
			Jsonb	   *rows;

			/* An error is in the row after the last one */
			source->row++;
			rows = get_document(value, type);
			source->row--;
			each_element(source, &rows->root, work, argument);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(document);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(table, NoLock);
	UnregisterSnapshot(snapshot);
	MemoryContextDelete(document);
}

/*
 * A table has a row in each of its own, or an array of them.
 */
static void
each_element(RowSource *source, JsonbContainer *container, RowWork work,
			 void *argument)
{
	MemoryContext row;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (JsonContainerIsObject(container))
	{
		source->row++;
		work(argument, container);
		return;
	}
	row = AllocSetContextCreate(CurrentMemoryContext, "nextauth row",
								ALLOCSET_DEFAULT_SIZES);
	it = JsonbIteratorInit(container);
	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		MemoryContext caller;

		if (token != WJB_ELEM)
			continue;
		CHECK_FOR_INTERRUPTS();
		source->row++;
		if (!is_object(&value))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("row must be a JSON object")));
		caller = MemoryContextSwitchTo(row);
		work(argument, value.val.binary.data);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(row);
	}
	MemoryContextDelete(row);
}

static Jsonb *
get_document(Datum value, Oid type)
{
	CHECK_FOR_INTERRUPTS();
	if (type == JSONBOID)
		return DatumGetJsonbP(value);
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
											  CStringGetDatum(TextDatumGetCString(value))));
}
