/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  Reads and writes the extension's own tables: model, custom_column,
 *	  model_change and adapter
 *
 * Anyone who may use the schema may read them.  This file writes them after
 * the caller has checked that the user owns the model's table.  Apart from
 * that, only the owner of the database may add rows, for a restore: a row
 * counts only if its writer could have made the described change without the
 * extension.  vouch_row() records that when the row is written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/catalog.h"
#include "catalog/pg_inherits.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth_catalog.h"

/* A row of the table model */
typedef struct ModelRow
{
	char	   *name;
	const ModelDefinition *definition;	/* NULL if there is no such model */
	Oid			relid;
	List	   *not_unique;		/* of char * */
	bool		is_vouched;
} ModelRow;

/* A dropped column, or with NULL a dropped relation, of any kind */
typedef struct DroppedRelation
{
	Oid			relid;
	char	   *column_name;
} DroppedRelation;

static bool is_system_schema(Oid schema);
static List *read_model_rows(Freshness freshness);
static List *read_texts(Datum array);
static bool is_mentioned(Oid relid);
static bool counts(const ModelRow *row);
static List *read_custom_columns(const Model *model, Freshness freshness);
static int	compare_properties(const ListCell *a, const ListCell *b);
static void merge_column(ColumnSpec *declared, const ColumnSpec *actual);
static Datum adapter_options(const ColumnSpec *column);
static void append_flag(StringInfo buf, const char *option, bool value);
static void set_adapter_options(ColumnSpec *column, Jsonb *options);
static bool read_flag(Jsonb *options, const char *option, bool missing);
static bool is_column_row(const CatalogRows *rows, HeapTuple row,
						  const Model *model, AttrNumber attnum,
						  const char *value);
static void write_custom_column(const Model *model, const ColumnSpec *column);
static void update_custom_column(const Model *model, AttrNumber attnum,
								 const char *value, const char *new_value);
static void *read_dropped_relation(HeapTuple row, TupleDesc columns);
static void add_forged_row(List **rows, const char *table, char *condition);
static int	compare_position(const ListCell *a, const ListCell *b);

/*
 * Can the relation hold a model?  It must be an ordinary table, and not one of
 * PostgreSQL's own.
 */
bool
is_model_table(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class class;
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	class = (Form_pg_class) GETSTRUCT(tuple);
	result = (class->relkind == RELKIND_RELATION &&
			  class->relpersistence != RELPERSISTENCE_TEMP &&
			  !IsCatalogRelationOid(relid) &&
			  !is_system_schema(class->relnamespace));
	ReleaseSysCache(tuple);
	return result;
}

static bool
is_system_schema(Oid schema)
{
	char	   *name = get_namespace_name(schema);

	return IsCatalogNamespace(schema) || IsToastNamespace(schema) ||
		name == NULL || strcmp(name, "information_schema") == 0;
}

/*
 * The rows of the table model, as a list of ModelRow.
 */
static List *
read_model_rows(Freshness freshness)
{
	List	   *result = NIL;
	CatalogRows rows;
	HeapTuple	row;

	begin_rows(&rows, CATALOG_MODEL, NULL, freshness);
	while ((row = next_row(&rows)) != NULL)
	{
		ModelRow   *model = palloc_object(ModelRow);

		model->name = row_text(&rows, row, MODEL_NAME);
		model->definition = lookup_model_definition(model->name);
		model->relid = DatumGetObjectId(row_value(&rows, row, MODEL_RELATION));
		model->not_unique = read_texts(row_value(&rows, row, MODEL_NOT_UNIQUE));
		model->is_vouched = DatumGetBool(row_value(&rows, row, MODEL_VOUCHED));
		result = lappend(result, model);
	}
	end_rows(&rows);
	return result;
}

/*
 * An array of texts as a list of char *, without nulls.
 */
static List *
read_texts(Datum array)
{
	List	   *result = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false,
					  TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			result = lappend(result, TextDatumGetCString(elements[i]));
	}
	return result;
}

/*
 * A list of char * as an array of texts.
 */
Datum
make_texts(List *texts)
{
	ArrayBuildState *array = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	ListCell   *lc;

	foreach(lc, texts)
		array = accumArrayResult(array, CStringGetTextDatum(lfirst(lc)), false,
								 TEXTOID, CurrentMemoryContext);
	return makeArrayResult(array, CurrentMemoryContext);
}

/*
 * Does a row of the table model mention the relation?  Most DDL concerns other
 * tables, so this test is cheap: the caller checks whether the row counts.
 */
static bool
is_mentioned(Oid relid)
{
	ListCell   *lc;

	foreach(lc, peek_column(CATALOG_MODEL, MODEL_RELATION, REGCLASSOID))
	{
		if (DatumGetObjectId(PointerGetDatum(lfirst(lc))) == relid)
			return true;
	}
	return false;
}

/*
 * Can the transaction have dropped, renamed or moved a model's table, or
 * dropped a column of one?  PostgreSQL does that, also by CASCADE, only while
 * it holds this lock on the table, and it keeps the lock until the end of the
 * transaction.
 */
bool
has_locked_models(void)
{
	ListCell   *lc;

	foreach(lc, peek_column(CATALOG_MODEL, MODEL_RELATION, REGCLASSOID))
	{
		LOCKTAG		tag;

		SET_LOCKTAG_RELATION(tag, MyDatabaseId,
							 DatumGetObjectId(PointerGetDatum(lfirst(lc))));
		if (LockHeldByMe(&tag, AccessExclusiveLock, false))
			return true;
	}
	return false;
}

/*
 * Does the row count?  All other rows are ignored.
 */
static bool
counts(const ModelRow *row)
{
	return row->definition && row->is_vouched && is_model_table(row->relid);
}

/*
 * The model of that name.  Its relid is invalid if it has no table.
 *
 * Raise an ERROR if there is no such model.
 */
Model *
read_model(const char *name, Freshness freshness)
{
	Model	   *model = palloc0_object(Model);
	Oid			users = InvalidOid;
	HeapTuple	tuple;
	ListCell   *lc;

	model->definition = find_model_definition(name);
	foreach(lc, read_model_rows(freshness))
	{
		const ModelRow *row = lfirst(lc);

		if (!counts(row))
			continue;
		if (row->definition == model->definition)
		{
			model->relid = row->relid;
			model->not_unique = row->not_unique;
		}
		if (row->definition->holds_users)
			users = row->relid;
	}

	set_id_types(model, users);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(model->relid));
	if (!HeapTupleIsValid(tuple))
	{
		model->relid = InvalidOid;
		return model;
	}
	model->schema = ((Form_pg_class) GETSTRUCT(tuple))->relnamespace;
	model->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	model->table_name = pstrdup(NameStr(((Form_pg_class) GETSTRUCT(tuple))->relname));
	ReleaseSysCache(tuple);
	model->schema_name = get_namespace_name(model->schema);
	if (model->schema_name == NULL)
		model->relid = InvalidOid;
	return model;
}

/*
 * The model of the users.
 */
Model *
read_users(Freshness freshness)
{
	return read_model(users_definition()->name, freshness);
}

/*
 * The tables determine the types of ids.  A model without a table would follow
 * the users' table, and this one the setting.
 */
void
set_id_types(Model *model, Oid users)
{
	model->user_id_type = nextauth_id_type;
	if (!read_id_type(users, "id", &model->user_id_type))
		(void) read_id_type(model->relid, "user_id", &model->user_id_type);
	model->id_type = model->user_id_type;
	(void) read_id_type(model->relid, "id", &model->id_type);
}

/*
 * The model that a table holds, or NULL.
 */
Model *
find_model(Oid relid)
{
	ListCell   *lc;

	if (!is_mentioned(relid))
		return NULL;
	foreach(lc, read_model_rows(NEWEST_ROWS))
	{
		const ModelRow *row = lfirst(lc);

		if (row->relid == relid && counts(row))
			return read_model(row->name, NEWEST_ROWS);
	}
	return NULL;
}

/*
 * The models, as a list of Model, whose columns change when DDL alters the
 * columns of a relation: the relation's own model, and those of tables that
 * the DDL cascades to.
 */
List *
find_altered_models(Oid relid)
{
	List	   *result = NIL;
	bool		cascades;
	ListCell   *lc;

	if (!OidIsValid(relid))
		return NIL;
	cascades = get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE || has_subclass(relid);
	if (!cascades && !is_mentioned(relid))
		return NIL;
	foreach(lc, read_model_rows(NEWEST_ROWS))
	{
		const ModelRow *row = lfirst(lc);

		if (counts(row) &&
			(row->relid == relid || (cascades && is_altered_with(row->relid, relid))))
			result = lappend(result, read_model(row->name, NEWEST_ROWS));
	}
	return result;
}

/*
 * Raise an ERROR if the model has no table.
 */
void
check_model_table(const Model *model)
{
	if (!OidIsValid(model->relid))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has no table", model->definition->name),
				 model->definition->optional ?
				 errhint("Call nextauth.add_adapter() to create it for an adapter that needs it, or nextauth.adopt_model() to adopt an existing table.") :
				 errhint("Call nextauth.install() to create or adopt it.")));
}

/*
 * Raise an ERROR if the user does not own the model's table.
 */
void
check_model_owner(const Model *model)
{
	if (!owns_relation(model->relid))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, model->table_name);
}

/*
 * Does the catalog have custom columns of the model?
 */
bool
has_custom_columns(const Model *model)
{
	return read_custom_columns(model, NEWEST_ROWS) != NIL;
}

/*
 * All columns of a model, in the order of the table: declared columns, built
 * in or custom, completed from "actual", the columns of the table; and
 * undeclared columns of the table (without a property).  Declared columns that
 * the table lacks come last, without an attribute number.
 */
List *
read_model_columns(const Model *model, List *actual, Freshness freshness)
{
	List	   *declared = list_concat(builtin_columns(model),
									   read_custom_columns(model, freshness));
	List	   *result = list_copy(declared);
	ListCell   *lc;

	foreach(lc, declared)
	{
		const ColumnSpec *found = find_column(actual,
											  ((ColumnSpec *) lfirst(lc))->column_name);

		if (found)
			merge_column(lfirst(lc), found);
	}
	foreach(lc, actual)
	{
		if (find_column(declared, ((ColumnSpec *) lfirst(lc))->column_name) == NULL)
			result = lappend(result, lfirst(lc));
	}

	list_sort(result, compare_position);
	return result;
}

static int
compare_position(const ListCell *a, const ListCell *b)
{
	/* as unsigned numbers, so that a missing column's 0 - 1 is the highest */
	uint16		left = (uint16) (((ColumnSpec *) lfirst(a))->attnum - 1);
	uint16		right = (uint16) (((ColumnSpec *) lfirst(b))->attnum - 1);

	return (left > right) - (left < right);
}

/*
 * Complete a declared column from PostgreSQL's catalog.
 */
static void
merge_column(ColumnSpec *declared, const ColumnSpec *actual)
{
	ColumnSpec	merged = *actual;

	merged.property = declared->property;
	merged.builtin = declared->builtin;
	merged.type_name = declared->type_name;
	merged.role = declared->role;
	for (const DeclaredOption *o = declared_options; o->name; o++)
		set_declared(&merged, o, get_declared(declared, o));
	merged.gives = declared->gives;
	merged.is_filling = declared->is_filling;
	merged.of_adapter = declared->of_adapter;
	*declared = merged;
}

static List *
read_custom_columns(const Model *model, Freshness freshness)
{
	List	   *result = NIL;
	CatalogRows rows;
	HeapTuple	row;

	begin_rows(&rows, CATALOG_CUSTOM_COLUMN, NULL, freshness);
	while ((row = next_row(&rows)) != NULL)
	{
		ColumnSpec *column;

		if (!is_column_row(&rows, row, model, 0, NULL) ||
			DatumGetObjectId(row_value(&rows, row, COLUMN_TABLE)) != model->relid ||
			!DatumGetBool(row_value(&rows, row, COLUMN_VOUCHED)))
			continue;
		column = make_column(row_text(&rows, row, COLUMN_PROPERTY));
		column->column_name = row_name(&rows, row, COLUMN_NAME);
		column->type_name = row_text(&rows, row, COLUMN_TYPE);
		set_adapter_options(column,
							DatumGetJsonbP(row_value(&rows, row, COLUMN_OPTIONS)));
		result = lappend(result, column);
	}
	end_rows(&rows);
	list_sort(result, compare_properties);
	return result;
}

static int
compare_properties(const ListCell *a, const ListCell *b)
{
	return strcmp(((ColumnSpec *) lfirst(a))->property,
				  ((ColumnSpec *) lfirst(b))->property);
}

/*
 * The models' tables, and columns of their remaining tables, that the command
 * which fired an sql_drop event trigger has dropped, as a list of
 * DroppedObject.
 */
List *
read_dropped(void)
{
	List	   *models = read_model_rows(NEWEST_ROWS);
	List	   *result = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, models == NIL ? NIL :
			query_rows("SELECT objid, CASE WHEN objsubid > 0 THEN address_names[3] END"
					   " FROM pg_catalog.pg_event_trigger_dropped_objects()"
					   " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass",
					   0, NULL, NULL, read_dropped_relation))
	{
		const DroppedRelation *relation = lfirst(lc);

		foreach(lc2, models)
		{
			const ModelRow *row = lfirst(lc2);
			DroppedObject *dropped;

			if (row->relid != relation->relid ||
				(relation->column_name && !counts(row)))
				continue;
			dropped = palloc_object(DroppedObject);
			dropped->model = row->name;
			dropped->column_name = relation->column_name;
			dropped->counts = row->definition && row->is_vouched;
			result = lappend(result, dropped);
		}
	}
	return result;
}

static void *
read_dropped_relation(HeapTuple row, TupleDesc columns)
{
	DroppedRelation *relation = palloc_object(DroppedRelation);
	bool		isnull;

	relation->relid = DatumGetObjectId(SPI_getbinval(row, columns, 1, &isnull));
	relation->column_name = SPI_getvalue(row, columns, 2);
	return relation;
}

/*
 * The names of the models whose tables were altered by the command that fired
 * a ddl_command_end event trigger.
 */
List *
read_altered(void)
{
	List	   *models = read_model_rows(NEWEST_ROWS);
	List	   *result = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, query_oids("SELECT objid FROM pg_catalog.pg_event_trigger_ddl_commands()"
						   " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass",
						   0, NULL, NULL))
	{
		foreach(lc2, models)
		{
			const ModelRow *row = lfirst(lc2);

			if (row->relid == lfirst_oid(lc) && counts(row))
				result = lappend(result, row->name);
		}
	}
	return result;
}

/*
 * The rows that do not count, as a list of ForgedRow.
 */
List *
read_forged_rows(void)
{
	List	   *result = NIL;
	CatalogRows rows;
	HeapTuple	row;
	ListCell   *lc;

	foreach(lc, read_model_rows(ROWS_OF_QUERY))
	{
		const ModelRow *model = lfirst(lc);

		if (!counts(model))
			add_forged_row(&result, "model",
						   psprintf("name = %s", quote_literal_cstr(model->name)));
	}
	begin_rows(&rows, CATALOG_CUSTOM_COLUMN, NULL, ROWS_OF_QUERY);
	while ((row = next_row(&rows)) != NULL)
	{
		if (!DatumGetBool(row_value(&rows, row, COLUMN_VOUCHED)))
			add_forged_row(&result, "custom_column",
						   psprintf("model = %s AND property = %s",
									quote_literal_cstr(row_text(&rows, row, COLUMN_MODEL)),
									quote_literal_cstr(row_text(&rows, row, COLUMN_PROPERTY))));
	}
	end_rows(&rows);
	begin_rows(&rows, CATALOG_ADAPTER, NULL, ROWS_OF_QUERY);
	while ((row = next_row(&rows)) != NULL)
	{
		if (!DatumGetBool(row_value(&rows, row, ADAPTER_VOUCHED)))
			add_forged_row(&result, "adapter",
						   psprintf("schema = %s",
									quote_literal_cstr(row_name(&rows, row, ADAPTER_SCHEMA))));
	}
	end_rows(&rows);
	return result;
}

static void
add_forged_row(List **rows, const char *table, char *condition)
{
	ForgedRow  *row = palloc_object(ForgedRow);

	row->table = table;
	row->condition = condition;
	*rows = lappend(*rows, row);
}

/*
 * Record that a table holds a model, with its built-in columns.  Rows that do
 * not count are deleted if they conflict.
 */
void
write_model(const char *name, Oid relid)
{
	Datum		values[MODEL_VOUCHED];
	bool		replaces[MODEL_VOUCHED] = {false, true, true, true};
	bool		is_new = true;
	CatalogRows rows;
	HeapTuple	row;

	values[MODEL_NAME - 1] = CStringGetTextDatum(name);
	values[MODEL_RELATION - 1] = ObjectIdGetDatum(relid);
	values[MODEL_NOT_UNIQUE - 1] = make_texts(NIL);
	values[MODEL_VOUCHED - 1] = BoolGetDatum(true);

	/* Another row about the table can only be forged */
	begin_writing(&rows, CATALOG_MODEL, name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (strcmp(row_text(&rows, row, MODEL_NAME), name) != 0 &&
			DatumGetObjectId(row_value(&rows, row, MODEL_RELATION)) == relid)
			delete_row(&rows, row);
	}
	end_rows(&rows);

	begin_writing(&rows, CATALOG_MODEL, name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (strcmp(row_text(&rows, row, MODEL_NAME), name) != 0)
			continue;
		update_row(&rows, row, values, replaces);
		is_new = false;
	}
	end_rows(&rows);
	if (is_new)
		insert_row(CATALOG_MODEL, values);
}

/*
 * Record which built-in unique properties are not unique.
 */
void
write_not_unique(const Model *model, List *properties)
{
	Datum		values[MODEL_VOUCHED] = {0};
	bool		replaces[MODEL_VOUCHED] = {false};
	CatalogRows rows;
	HeapTuple	row;

	values[MODEL_NOT_UNIQUE - 1] = make_texts(properties);
	replaces[MODEL_NOT_UNIQUE - 1] = true;
	begin_writing(&rows, CATALOG_MODEL, model->definition->name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (strcmp(row_text(&rows, row, MODEL_NAME), model->definition->name) == 0)
			update_row(&rows, row, values, replaces);
	}
	end_rows(&rows);
}

/*
 * Delete a model whose table is gone, with its custom columns.
 */
void
delete_model(const char *name)
{
	static const CatalogTable tables[] = {CATALOG_CUSTOM_COLUMN, CATALOG_MODEL};

	/* The model is the first column of both tables */
	for (size_t i = 0; i < lengthof(tables); i++)
	{
		CatalogRows rows;
		HeapTuple	row;

		begin_writing(&rows, tables[i], name);
		while ((row = next_row(&rows)) != NULL)
		{
			if (strcmp(row_text(&rows, row, MODEL_NAME), name) == 0)
				delete_row(&rows, row);
		}
		end_rows(&rows);
	}
}

/*
 * Does a row of custom_column belong to the model and, unless "value" is NULL,
 * have it in a column?
 */
static bool
is_column_row(const CatalogRows *rows, HeapTuple row, const Model *model,
			  AttrNumber attnum, const char *value)
{
	if (strcmp(row_text(rows, row, COLUMN_MODEL), model->definition->name) != 0)
		return false;
	if (value == NULL)
		return true;
	if (attnum == COLUMN_NAME)
		return strcmp(row_name(rows, row, attnum), value) == 0;
	return strcmp(row_text(rows, row, attnum), value) == 0;
}

/*
 * Replace a value in the catalog's row of a custom column.  A row that has the
 * new value already and does not count is deleted.
 */
static void
update_custom_column(const Model *model, AttrNumber attnum, const char *value,
					 const char *new_value)
{
	Datum		values[COLUMN_VOUCHED] = {0};
	bool		replaces[COLUMN_VOUCHED] = {false};
	CatalogRows rows;
	HeapTuple	row;

	values[attnum - 1] = attnum == COLUMN_NAME ?
		DirectFunctionCall1(namein, CStringGetDatum(new_value)) :
		CStringGetTextDatum(new_value);
	replaces[attnum - 1] = true;

	begin_writing(&rows, CATALOG_CUSTOM_COLUMN, model->definition->name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (is_column_row(&rows, row, model, attnum, new_value) &&
			!(DatumGetBool(row_value(&rows, row, COLUMN_VOUCHED)) &&
			  DatumGetObjectId(row_value(&rows, row, COLUMN_TABLE)) == model->relid))
			delete_row(&rows, row);
	}
	end_rows(&rows);

	begin_writing(&rows, CATALOG_CUSTOM_COLUMN, model->definition->name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (is_column_row(&rows, row, model, attnum, value))
			update_row(&rows, row, values, replaces);
	}
	end_rows(&rows);
}

/*
 * Record that a column, if it is a custom one, has another name.
 */
void
rename_custom_column(const Model *model, const char *column_name,
					 const char *new_name)
{
	update_custom_column(model, COLUMN_NAME, column_name, new_name);
}

/*
 * Record that a custom property has another name.
 */
void
rename_custom_property(const Model *model, const char *property,
					   const char *new_property)
{
	update_custom_column(model, COLUMN_PROPERTY, property, new_property);
}

/*
 * Delete a column, if it is a custom one, from the catalog.
 */
void
delete_custom_column(const Model *model, const char *column_name)
{
	CatalogRows rows;
	HeapTuple	row;

	begin_writing(&rows, CATALOG_CUSTOM_COLUMN, model->definition->name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (is_column_row(&rows, row, model, COLUMN_NAME, column_name))
			delete_row(&rows, row);
	}
	end_rows(&rows);
}

/*
 * Record custom columns, or their changes.
 */
void
write_custom_columns(const Model *model, List *columns)
{
	ListCell   *lc;

	foreach(lc, columns)
		write_custom_column(model, lfirst(lc));
}

/*
 * A row with the same column and another property cannot count, or there would
 * have been an error.
 */
static void
write_custom_column(const Model *model, const ColumnSpec *column)
{
	Datum		values[COLUMN_VOUCHED];
	CatalogRows rows;
	HeapTuple	row;

	values[COLUMN_MODEL - 1] = CStringGetTextDatum(model->definition->name);
	values[COLUMN_PROPERTY - 1] = CStringGetTextDatum(column->property);
	values[COLUMN_NAME - 1] = DirectFunctionCall1(namein,
												  CStringGetDatum(column->column_name));
	values[COLUMN_TYPE - 1] = CStringGetTextDatum(column->type_name);
	values[COLUMN_OPTIONS - 1] = adapter_options(column);
	values[COLUMN_TABLE - 1] = ObjectIdGetDatum(model->relid);
	values[COLUMN_VOUCHED - 1] = BoolGetDatum(true);

	begin_writing(&rows, CATALOG_CUSTOM_COLUMN, model->definition->name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (is_column_row(&rows, row, model, COLUMN_PROPERTY, column->property) ||
			is_column_row(&rows, row, model, COLUMN_NAME, column->column_name))
			delete_row(&rows, row);
	}
	end_rows(&rows);
	insert_row(CATALOG_CUSTOM_COLUMN, values);
}

/*
 * The options of a column that PostgreSQL's catalog cannot hold, as jsonb,
 * without those at TypeORM's defaults: options that only adapters use; whether
 * the definition gave the comment and the foreign key, rather than DDL by
 * hand; whether extend_model_online() has rows left to fill; and whether an
 * adapter needs the column.
 */
static Datum
adapter_options(const ColumnSpec *column)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	if (column->role != ROLE_NONE)
		append_flag(&buf, role_option(column->role), true);
	for (const DeclaredOption *o = declared_options; o->name; o++)
	{
		if (get_declared(column, o) != o->absent)
			append_flag(&buf, o->name, !o->absent);
	}
	if (column->gives & GIVES_COMMENT)
		append_flag(&buf, "comment", true);
	if (column->gives & GIVES_FOREIGN_KEY)
		append_flag(&buf, "foreignKey", true);
	if (column->is_filling)
		append_flag(&buf, "filling", true);
	if (column->of_adapter)
		append_flag(&buf, "adapter", true);
	appendStringInfoChar(&buf, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

static void
append_flag(StringInfo buf, const char *option, bool value)
{
	appendStringInfo(buf, "%s\"%s\": %s", buf->len > 1 ? ", " : "", option,
					 value ? "true" : "false");
}

static void
set_adapter_options(ColumnSpec *column, Jsonb *options)
{
	for (ColumnRole role = ROLE_CREATE_DATE; role <= ROLE_VERSION; role++)
	{
		if (read_flag(options, role_option(role), false))
			column->role = role;
	}
	for (const DeclaredOption *o = declared_options; o->name; o++)
		set_declared(column, o, read_flag(options, o->name, o->absent));
	column->is_filling = read_flag(options, "filling", false);
	column->of_adapter = read_flag(options, "adapter", false);
	if (read_flag(options, "comment", false))
		column->gives |= GIVES_COMMENT;
	if (read_flag(options, "foreignKey", false))
		column->gives |= GIVES_FOREIGN_KEY;
}

static bool
read_flag(Jsonb *options, const char *option, bool missing)
{
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(options) ||
		!getKeyJsonValueFromContainer(&options->root, option, strlen(option),
									  &value) ||
		value.type != jbvBool)
		return missing;
	return value.val.boolean;
}
