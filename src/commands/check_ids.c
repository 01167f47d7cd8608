/*-------------------------------------------------------------------------
 *
 * check_ids.c
 *	  Refuses to convert ids that cannot be converted
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/partition.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "ids.h"

static void check_adapters(const IdConversion *conversion);
static void check_owners(const IdConversion *conversion);
static void check_table(const IdTable *table);
static void check_column(const IdTable *table, const IdColumn *column);
static void check_users(const IdConversion *conversion);
static void check_conditions(const IdTable *table);
static void check_expressions(const IdTable *table, const IndexSpec *index,
							  List *columns, List *names);

/*
 * Raise an ERROR if something keeps the planned conversion from being done, or
 * if the user does not own the tables, unless it is only for the plan.
 */
void
check_convertible(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	check_adapters(conversion);
	if (!conversion->only_plan)
		check_owners(conversion);
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		check_table(table);
		foreach(lc2, table->columns)
			check_column(table, lfirst(lc2));
	}
	check_users(conversion);
	foreach(lc, conversion->tables)
		check_conditions(lfirst(lc));
}

/*
 * Raise an ERROR if an adapter that has a schema could not work with the ids.
 */
static void
check_adapters(const IdConversion *conversion)
{
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		const AdapterSchema *schema = lfirst(lc);

		if (!adapter_takes_ids(schema->adapter, conversion->id_type))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("adapter \"%s\" of schema \"%s\" cannot work with ids of type %s",
							schema->adapter->name, schema->schema_name,
							print_id_type(conversion->id_type)),
					 errhint("Remove it first: SELECT nextauth.drop_adapter(%s).",
							 quote_literal_cstr(schema->schema_name))));
	}
}

/*
 * Raise an ERROR if the user does not own all tables that are altered, and the
 * adapters' views of them.
 */
static void
check_owners(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (!is_in_conversion(table))
			continue;
		if (!owns_relation(table->model->relid))
			aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, name_with_schema(table->model));
		check_owner_usage(table->model);
		check_surroundings(table->model);
		if (table->model->definition == NULL)
			continue;
		foreach(lc2, find_adapter_views(table->model))
			check_view_owner(lfirst(lc2));
	}
}

/*
 * Raise an ERROR if ALTER TABLE could not alter the table like that.
 */
static void
check_table(const IdTable *table)
{
	Relation	relation;
	SavedUser	user;
	Bitmapset  *attnums = NULL;
	bool		in_expression;
	bool		is_key;
	ListCell   *lc;

	if (!is_converted(table))
		return;
	if (table->relkind == RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert ids in foreign table \"%s\"",
						name_with_schema(table->model)),
				 errhint("Detach it from its parent first.")));
	if (table->relkind != RELKIND_PARTITIONED_TABLE)
		return;

	foreach(lc, table->columns)
	{
		const IdColumn *column = lfirst(lc);

		if (column->to)
			attnums = bms_add_member(attnums, column->from->attnum -
									 FirstLowInvalidHeapAttributeNumber);
	}

	/* Expressions of the key are simplified when the table is opened */
	begin_owner(&user, table->model->owner);
	relation = try_relation_open(table->model->relid, AccessShareLock);
	if (relation == NULL)
		table_is_gone(table->model->relid);
	is_key = has_partition_attrs(relation, attnums, &in_expression);
	relation_close(relation, AccessShareLock);
	end_user(&user);
	if (is_key)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is partitioned by ids that would be converted",
						name_with_schema(table->model)),
				 errhint("Drop the foreign key of its partition key first.")));
}

/*
 * Raise an ERROR if the column cannot have another type because of what it is.
 */
static void
check_column(const IdTable *table, const IdColumn *column)
{
	const ColumnSpec *from = column->from;
	HeapTuple	tuple;
	bool		is_inherited;

	if (column->to == NULL || column->is_inherited)
		return;

	tuple = SearchSysCacheAttNum(table->model->relid, from->attnum);
	if (!HeapTupleIsValid(tuple))
		table_is_gone(table->model->relid);
	is_inherited = ((Form_pg_attribute) GETSTRUCT(tuple))->attinhcount > 0;
	ReleaseSysCache(tuple);

	if (is_inherited)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert inherited column \"%s\" of table \"%s\"",
						from->column_name, name_with_schema(table->model)),
				 errdetail("It refers to ids that would be converted, and the parent's column does not."),
				 errhint("Drop its foreign key first, or add one to the parent's column.")));
	if (from->as_expression)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert computed column \"%s\" of table \"%s\"",
						from->column_name, name_with_schema(table->model)),
				 errdetail("It refers to ids that would be converted."),
				 errhint("Drop its foreign key first.")));
	if (from->generated == GENERATED_IDENTITY && column->to->type != INT8OID &&
		!column->is_own)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert identity column \"%s\" of table \"%s\"",
						from->column_name, name_with_schema(table->model)),
				 errdetail("It refers to ids that would be converted."),
				 errhint("Drop its identity or its foreign key first.")));
}

/*
 * Raise an ERROR that names all objects that keep columns from having another
 * type.
 */
static void
check_users(const IdConversion *conversion)
{
	StringInfoData users;
	ListCell   *lc;
	ListCell   *lc2;

	initStringInfo(&users);
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		Oid			relid = table->model->relid;
		List	   *views = NIL;

		if (!is_converted(table))
			continue;
		if (table->model->definition)
			views = view_oids(find_adapter_views(table->model));
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);
			List	   *found;

			if (column->to == NULL)
				continue;
			CHECK_FOR_INTERRUPTS();
			found = list_concat(find_type_users(relid, column->from->attnum, views),
								find_expression_users(relid, column->from->attnum,
													  list_concat_copy(find_all_inheritors(relid, NoLock, NULL),
																	   views)));
			if (found != NIL)
				appendStringInfo(&users, "%sObjects that depend on column \"%s\" of table \"%s\": %s.",
								 users.len > 0 ? "\n" : "",
								 column->from->column_name, name_with_schema(table->model),
								 join_names(found));
		}
	}
	if (users.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot convert ids because other objects depend on them"),
				 errdetail_internal("%s", users.data),
				 errhint("Drop them first, and create them again afterwards.")));
}

/*
 * Raise an ERROR, with its name in the context, if a check or the predicate of
 * an index would not understand the new types.
 */
static void
check_conditions(const IdTable *table)
{
	List	   *columns = columns_after_conversion(table);
	List	   *names = NIL;
	SavedUser	user;
	ListCell   *lc;
	ListCell   *lc2;

	/* To read an expression may call what it has */
	begin_owner(&user, table->model->owner);
	foreach(lc, table->columns)
	{
		const IdColumn *column = lfirst(lc);

		if (column->to)
			names = lappend(names, column->from->column_name);
	}

	foreach(lc, table->table->checks)
	{
		const CheckSpec *check = lfirst(lc);
		bool		concerns = false;

		foreach(lc2, names)
			concerns |= is_member(check->column_names, lfirst(lc2));
		if (concerns)
			(void) print_table_expression(table->model, columns, check->expression,
										  NULL, EXPR_KIND_CHECK_CONSTRAINT,
										  "check", check->name, NULL);
	}
	foreach(lc, table->table->indexes)
	{
		const IndexSpec *index = lfirst(lc);

		if (index->where && names != NIL)
			(void) print_table_expression(table->model, columns, index->where,
										  NULL, EXPR_KIND_INDEX_PREDICATE,
										  "predicate of index", index->name, NULL);
	}
	foreach(lc, table->table->other_indexes)
		check_expressions(table, lfirst(lc), columns, names);
	end_user(&user);
}

/*
 * The same of the expressions of an index, if it has "names" in them.
 */
static void
check_expressions(const IdTable *table, const IndexSpec *index, List *columns,
				  List *names)
{
	bool		concerns = false;
	ListCell   *lc;

	foreach(lc, names)
		concerns |= is_member(index->expression_columns, lfirst(lc));
	foreach(lc, concerns ? index->keys : NIL)
	{
		const IndexKey *key = lfirst(lc);

		if (key->expression)
			(void) print_table_expression(table->model, columns, key->expression,
										  NULL, EXPR_KIND_INDEX_EXPRESSION,
										  "expression of index", index->name, NULL);
	}
}

/*
 * Count the rows, and refuse to rewrite too many under a lock that others wait
 * for.
 */
void
check_id_rows(IdConversion *conversion)
{
	StringInfoData counts;
	int64		rows = 0;
	ListCell   *lc;

	initStringInfo(&counts);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->changes == NIL && table->remakes == NIL)
			continue;
		table->rows = -1;
		if (conversion->only_plan && !may_see_rows(table->model))
			continue;
		report_phase(PHASE_CHECKING, table->model->relid, InvalidAttrNumber);
		table->rows = count_rows(table->model->relid);
		rows += table->rows;
		if (table->rows == 0)
			continue;
		appendStringInfo(&counts, "%s" INT64_FORMAT " of table \"%s\"",
						 counts.len > 0 ? ", " : "", table->rows,
						 name_with_schema(table->model));
	}
	if (rows > nextauth_max_scan_rows && !nextauth_allow_rewrite)
		ereport(conversion->elevel,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg_plural("converting ids would rewrite %lld row under a lock",
							   "converting ids would rewrite %lld rows under a lock",
							   rows, (long long) rows),
				 errdetail("The rows are %s.  The limit, \"nextauth.max_scan_rows\", is %d.",
						   counts.data, nextauth_max_scan_rows),
				 errhint("Set \"nextauth.allow_rewrite\" to on at a time when readers and writers can wait.")));
	conversion->rows = rows;
	check_id_values(conversion);
}

/*
 * Raise an ERROR if ids cannot be converted to uuid, or differ from the output
 * of type uuid: they would not keep their values.
 */
void
check_id_values(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	if (conversion->id_type != ID_UUID)
		return;
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (conversion->only_plan && !may_see_rows(table->model))
			continue;
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);
			int64		rows;

			/* Those of inheriting tables are counted with the parent's */
			if (column->to == NULL || column->is_inherited)
				continue;
			check_sees_all(table->model, column->from, conversion->elevel);
			report_phase(PHASE_CHECKING, table->model->relid, InvalidAttrNumber);
			rows = count_strange_uuids(table->model, column->from);
			if (rows > 0)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_EXCEPTION),
						 errmsg("column \"%s\" of table \"%s\" has ids that differ from the output of type uuid",
								column->from->column_name, name_with_schema(table->model)),
						 errdetail_plural("%lld row has such an id.",
										  "%lld rows have such ids.",
										  rows, (long long) rows),
						 errhint("A conversion keeps all values: change these ids first, and all values that refer to them.")));
		}
	}
}
