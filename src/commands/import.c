/*-------------------------------------------------------------------------
 *
 * import.c
 *	  import_rows(): rows of another engine become rows of a model
 *
 * The rows are read twice: for all their keys, and for their values.  The
 * source is an argument, or a table that is scanned without a query, so that
 * it runs no code of anybody, with the caller's right to read it.  Values are
 * converted, and rows inserted, as the owner of the model's table.  They wait
 * in a tuplestore, which goes to disk if it is large, and one statement inserts
 * them all: it checks foreign keys when all rows are there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(import_rows);

/* Name of the rows in the statement that inserts them, with a number */
#define ROWS_NAME "nextauth_rows_"

/* Memory for the rows of a key set, in kB; the others are on disk */
#define ROWS_MEMORY 1024

/* How often to say how many rows are read */
#define PROGRESS_ROWS 1000

/* A column of the model that rows can give a value */
typedef struct ImportColumn
{
	const ColumnSpec *spec;
	ForeignTarget target;
	FmgrInfo	input;
	Oid			parameter;		/* of the input function */
	bool		has_ids;
	bool		needs_value;	/* nothing else gives it one */
} ImportColumn;

/* A key that rows may have */
typedef struct RowKey
{
	const char *name;
	int			length;
	int			column;			/* number of ImportColumn; -1: ignored */
} RowKey;

/* Rows with the same columns, which the same INSERT takes */
typedef struct KeySet
{
	Bitmapset  *columns;		/* numbers of ImportColumn */
	TupleDesc	tupdesc;
	Tuplestorestate *rows;
	int64		count;
} KeySet;

typedef struct Import
{
	RowSource  *source;
	int64		row_count;		/* 0 until the source has been read once */
	Model	   *model;
	Table	   *table;
	List	   *specs;			/* of ColumnSpec */
	ImportColumn *columns;
	int			column_count;
	RowKey	   *keys;			/* in the order in which jsonb has keys */
	int			key_count;
	List	   *unknown;		/* of UnknownKey */
	List	   *sets;			/* of KeySet */
	MemoryContext context;		/* lives as long as the call */

	/* The present row */
	const char *property;		/* whose value is converted, or NULL */
	JsonbValue *values;			/* one for each column */
	const char **given;			/* its key, or NULL */
} Import;

static void check_arguments(FunctionCallInfo fcinfo);
static void begin_phase(const Import *import, Phase phase);
static void report_progress(const Import *import);
static Import *begin_import(const char *name, RowSource *source);
static void read_rows(Import *import, RowWork work);
static void check_target(const Model *model);
static void add_columns(Import *import);
static void add_keys(Import *import);
static void add_key(Import *import, const char *name, int column);
static int	compare_keys(const void *a, const void *b);
static bool has_before_trigger(Oid relid);
static void survey_row(void *argument, JsonbContainer *row);
static void match_row(Import *import, JsonbContainer *row);
static const RowKey *find_key(const Import *import, const JsonbValue *name);
static void note_key(Import *import, const JsonbValue *name, const JsonbValue *value);
static void report_unknown_keys(const Import *import);
static char *guess_properties(const Import *import);
static void convert_rows(Import *import);
static void store_row(void *argument, JsonbContainer *row);
static bool convert_value(Import *import, int number, Datum *value);
static void check_id(const ImportColumn *column, const char *text);
static void report_no_value(const Import *import, const ColumnSpec *spec);
static KeySet *get_key_set(Import *import);
static void report_row(void *argument);
static int64 insert_rows(Import *import);
static void register_rows(const Import *import);
static char *print_insert(const Import *import);
static char *print_columns(const Import *import, const KeySet *set);
static bool has_column(const Import *import, const KeySet *set,
					   const ColumnSpec *spec);
static bool is_unique_id(const Import *import, const ColumnSpec *id);
static void advance_sequences(const Import *import);
static List *find_sequences(const Model *model, const ColumnSpec *column);
static void advance_sequence(const Model *model, const ColumnSpec *column,
							 Oid sequence);
static void report_missing_users(const Import *import);
static int64 count_missing_users(const Import *import, const Model *users,
								 const ColumnSpec *user_id);
static void report_lockouts(const Import *import);

/*
 * import_rows(model text, rows text or jsonb)
 * import_rows(model text, source regclass)
 * import_rows(model text, source text or regclass, source_column text)
 *
 * Inserts rows of another engine, JSON objects in an array or in a column of a
 * table, into the model's table.  Returns how many were read, written, and left
 * alone because their id is there.
 *
 * Raises an ERROR, and inserts nothing, if the user does not own the model's
 * table or may not read the source, if the model has no column for a key, or if
 * a value or a row does not fit.
 */
Datum
import_rows(PG_FUNCTION_ARGS)
{
	RowSource	source;
	Import	   *import;
	TupleDesc	tupdesc;
	Datum		values[3];
	bool		nulls[3] = {false};
	int64		written;
	int			nest;
	ListCell   *lc;

	check_arguments(fcinfo);
	PreventCommandDuringRecovery("import_rows()");
	PreventCommandIfReadOnly("import_rows()");
	source = get_source(fcinfo);

	nest = pin_search_path();
	begin_progress("import_rows");
	import = begin_import(text_to_cstring(PG_GETARG_TEXT_PP(0)), &source);
	begin_phase(import, PHASE_SURVEYING);
	read_rows(import, survey_row);
	report_unknown_keys(import);
	import->row_count = source.row;
	begin_phase(import, PHASE_CONVERTING);
	convert_rows(import);
	begin_phase(import, PHASE_INSERTING);
	written = insert_rows(import);
	if (written > 0)
	{
		advance_sequences(import);
		report_missing_users(import);
		report_lockouts(import);
	}
	foreach(lc, import->sets)
		tuplestore_end(((KeySet *) lfirst(lc))->rows);
	end_progress();
	AtEOXact_GUC(false, nest);

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(source.row);
	values[1] = Int64GetDatum(written);
	values[2] = Int64GetDatum(source.row - written);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc),
													  values, nulls)));
}

/*
 * Raise an ERROR, with the name of the argument, if one is null.
 */
static void
check_arguments(FunctionCallInfo fcinfo)
{
	const char *const names[] = {
		"model",
		PG_NARGS() > 2 || type_of_argument(fcinfo, 1) == REGCLASSOID ? "source" : "rows",
		"source_column"
	};

	for (int i = 0; i < PG_NARGS(); i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"%s\" must not be null", names[i])));
	}
}

/*
 * Each phase reads all rows.
 */
static void
begin_phase(const Import *import, Phase phase)
{
	report_phase(phase, import->model->relid, InvalidAttrNumber);
	report_rows(0, import->row_count > 0 ? import->row_count : -1);
}

static void
report_progress(const Import *import)
{
	if (import->source->row % PROGRESS_ROWS == 0)
		report_rows(import->source->row, import->row_count > 0 ? import->row_count : -1);
}

/*
 * The model and its columns, as the locked table has them.
 *
 * Raise an ERROR if the user does not own the table.
 */
static Import *
begin_import(const char *name, RowSource *source)
{
	Import	   *import = palloc0_object(Import);
	Oid			relid;

	import->context = CurrentMemoryContext;
	import->source = source;
	import->model = read_model(name, NEWEST_ROWS);
	check_target(import->model);
	relid = import->model->relid;
	LockRelationOid(relid, RowExclusiveLock);
	AcceptInvalidationMessages();

	/* It may have been another one's, or another table, until then */
	import->model = read_model(name, NEWEST_ROWS);
	check_target(import->model);
	if (import->model->relid != relid)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("model \"%s\" has another table now",
						import->model->definition->name),
				 errhint("Call the function again.")));
	import->table = read_table(relid);
	import->specs = read_model_columns(import->model, import->table->columns,
									   NEWEST_ROWS);
	add_columns(import);
	add_keys(import);
	return import;
}

static void
check_target(const Model *model)
{
	check_model_table(model);
	check_model_owner(model);
	check_owner_usage(model);
	check_surroundings(model);
}

static void
add_columns(Import *import)
{
	bool		is_filled = has_before_trigger(import->model->relid);
	const char *user_id = user_property(import->model->definition);
	int			length = list_length(import->specs);
	ListCell   *lc;

	import->columns = palloc0(length * sizeof(ImportColumn));
	import->values = palloc0(length * sizeof(JsonbValue));
	import->given = palloc0(length * sizeof(char *));
	foreach(lc, import->specs)
	{
		const ColumnSpec *spec = lfirst(lc);
		ImportColumn *column = &import->columns[import->column_count];
		Oid			function;

		if (spec->attnum == 0)
			continue;
		column->spec = spec;
		column->target = foreign_target(spec);
		getTypeInputInfo(spec->type, &function, &column->parameter);
		fmgr_info(function, &column->input);
		column->has_ids = spec->foreign_key ? is_model_table(spec->foreign_key->relid) :
			same_string(spec->property, "id") ||
			(user_id && same_string(spec->property, user_id));
		column->needs_value = !spec->nullable && !is_filled;
		import->column_count++;
	}
}

/*
 * May a trigger give a new row values?
 */
static bool
has_before_trigger(Oid relid)
{
	Relation	relation = relation_open(relid, NoLock);
	bool		result = relation->trigdesc &&
		relation->trigdesc->trig_insert_before_row;

	relation_close(relation, NoLock);
	return result;
}

/*
 * A key is a property or the name of a column; MongoDB has _id for id, and its
 * libraries' __v.
 */
static void
add_keys(Import *import)
{
	import->keys = palloc0((import->column_count * 2 + 2) * sizeof(RowKey));
	for (int i = 0; i < import->column_count; i++)
	{
		if (import->columns[i].spec->property)
			add_key(import, import->columns[i].spec->property, i);
	}
	for (int i = 0; i < import->column_count; i++)
		add_key(import, import->columns[i].spec->column_name, i);
	for (int i = 0; i < import->column_count; i++)
	{
		if (same_string(import->columns[i].spec->property, "id"))
			add_key(import, "_id", i);
	}
	add_key(import, "__v", -1);
	qsort(import->keys, import->key_count, sizeof(RowKey), compare_keys);
}

static void
add_key(Import *import, const char *name, int column)
{
	for (int i = 0; i < import->key_count; i++)
	{
		if (strcmp(import->keys[i].name, name) == 0)
			return;
	}
	import->keys[import->key_count].name = name;
	import->keys[import->key_count].length = strlen(name);
	import->keys[import->key_count].column = column;
	import->key_count++;
}

static int
compare_keys(const void *a, const void *b)
{
	const RowKey *left = a;
	const RowKey *right = b;

	if (left->length != right->length)
		return left->length - right->length;
	return memcmp(left->name, right->name, left->length);
}

/*
 * Do work for each row.  An error says in which row it is.
 */
static void
read_rows(Import *import, RowWork work)
{
	ErrorContextCallback callback = {error_context_stack, report_row, import};

	error_context_stack = &callback;
	each_row(import->source, work, import);
	error_context_stack = callback.previous;
}

static void
survey_row(void *argument, JsonbContainer *row)
{
	match_row(argument, row);
	report_progress(argument);
}

/*
 * Find the columns of a row's values; note keys for which there is none.
 *
 * Raise an ERROR if two keys are of the same column, or of one that takes no
 * value.
 */
static void
match_row(Import *import, JsonbContainer *row)
{
	JsonbIterator *it = JsonbIteratorInit(row);
	JsonbIteratorToken token;
	JsonbValue	name;
	JsonbValue	value;

	memset(import->given, 0, import->column_count * sizeof(char *));
	(void) JsonbIteratorNext(&it, &name, false);
	while ((token = JsonbIteratorNext(&it, &name, true)) == WJB_KEY)
	{
		const RowKey *key = find_key(import, &name);

		(void) JsonbIteratorNext(&it, &value, true);
		if (key == NULL)
			note_key(import, &name, &value);
		else if (key->column >= 0)
		{
			const ColumnSpec *spec = import->columns[key->column].spec;

			if (import->given[key->column])
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_COLUMN),
						 errmsg("row has both \"%s\" and \"%s\"",
								import->given[key->column], key->name),
						 errdetail("Both are column \"%s\" of model \"%s\".",
								   spec->column_name, import->model->definition->name)));
			if (spec->as_expression)
				ereport(ERROR,
						(errcode(ERRCODE_GENERATED_ALWAYS),
						 errmsg("row has a value for \"%s\", which is computed", key->name),
						 errhint("Leave the key out of all rows.")));
			import->given[key->column] = key->name;
			import->values[key->column] = value;
		}
	}
}

static const RowKey *
find_key(const Import *import, const JsonbValue *name)
{
	RowKey		key = {name->val.string.val, name->val.string.len, 0};

	return bsearch(&key, import->keys, import->key_count, sizeof(RowKey),
				   compare_keys);
}

static void
note_key(Import *import, const JsonbValue *name, const JsonbValue *value)
{
	char	   *key = string_of(name);
	UnknownKey *unknown = NULL;
	ListCell   *lc;

	foreach(lc, import->unknown)
	{
		if (strcmp(((UnknownKey *) lfirst(lc))->key, key) == 0)
			unknown = lfirst(lc);
	}
	if (unknown == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(import->context);

		unknown = palloc0_object(UnknownKey);
		unknown->key = pstrdup(key);
		import->unknown = lappend(import->unknown, unknown);
		MemoryContextSwitchTo(caller);
	}
	note_value(unknown, value);
}

/*
 * Raise an ERROR if there are keys without a column, with the call in its hint
 * that adds them.
 */
static void
report_unknown_keys(const Import *import)
{
	const char *model = import->model->definition->name;
	List	   *names = NIL;
	char	   *guesses;
	ListCell   *lc;

	if (import->unknown == NIL)
		return;
	foreach(lc, import->unknown)
		names = lappend(names, psprintf("\"%s\"", ((UnknownKey *) lfirst(lc))->key));
	guesses = guess_properties(import);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("model \"%s\" has no property for %s of the rows: %s", model,
					list_length(names) == 1 ? "a key" : "keys", join_names(names)),
			 *guesses ? errdetail_internal("%s", guesses) : 0,
			 errhint("SELECT * FROM nextauth.extend_model(%s, %s);",
					 quote_literal_cstr(model),
					 quote_literal_cstr(infer_definitions(import->unknown)))));
}

/*
 * Sentences about keys that may be misspelt properties.
 */
static char *
guess_properties(const Import *import)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, import->unknown)
	{
		const char *key = ((UnknownKey *) lfirst(lc))->key;
		ClosestMatchState match;

		initClosestMatch(&match, key, 4);
		for (int i = 0; i < import->column_count; i++)
		{
			if (import->columns[i].spec->property)
				updateClosestMatch(&match, import->columns[i].spec->property);
		}
		if (getClosestMatch(&match))
			appendStringInfo(&buf, "%sPerhaps \"%s\" is meant to be property \"%s\".",
							 buf.len > 0 ? " " : "", key, getClosestMatch(&match));
	}
	return buf.data;
}

/*
 * Convert all rows as the table's owner, whose domains have checks.  A time
 * without a zone is of UTC, and a date means the same in each session.
 */
static void
convert_rows(Import *import)
{
	SavedUser	user;
	int			nest;

	begin_owner(&user, import->model->owner);
	nest = NewGUCNestLevel();
	(void) set_config_option("TimeZone", "UTC", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("DateStyle", "ISO, MDY", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	read_rows(import, store_row);
	AtEOXact_GUC(false, nest);
	end_user(&user);
}

/*
 * Convert a row, and put it to those that are to be inserted.
 */
static void
store_row(void *argument, JsonbContainer *row)
{
	Import	   *import = argument;
	KeySet	   *set;
	Datum	   *values;
	bool	   *nulls;
	int			attribute = 0;
	MemoryContext caller;

	match_row(import, row);
	set = get_key_set(import);
	values = palloc(set->tupdesc->natts * sizeof(Datum));
	nulls = palloc(set->tupdesc->natts * sizeof(bool));
	for (int i = 0; i < import->column_count; i++)
	{
		if (import->given[i] == NULL)
			continue;
		import->property = import->given[i];
		nulls[attribute] = !convert_value(import, i, &values[attribute]);
		attribute++;
	}
	import->property = NULL;
	caller = MemoryContextSwitchTo(import->context);
	tuplestore_putvalues(set->rows, set->tupdesc, values, nulls);
	MemoryContextSwitchTo(caller);
	set->count++;
	report_progress(import);
}

/*
 * Returns false if the value is null.
 */
static bool
convert_value(Import *import, int number, Datum *value)
{
	ImportColumn *column = &import->columns[number];
	char	   *text = foreign_text(&column->target, &import->values[number]);

	if (text == NULL && column->needs_value)
		report_no_value(import, column->spec);
	if (text && column->has_ids)
		check_id(column, text);
	*value = InputFunctionCall(&column->input, text, column->parameter,
							   column->spec->typmod);
	return text != NULL;
}

/*
 * Raise an ERROR if an id is of another kind than the model's.
 */
static void
check_id(const ImportColumn *column, const char *text)
{
	IdType		id_type;
	const char *digits = text + (*text == '-' ? 1 : 0);

	if (!find_id_type(column->target.type, &id_type) || id_type == ID_TEXT)
		return;
	if (id_type == ID_UUID ? strlen(text) >= 32 :
		(*digits && digits[strspn(digits, "0123456789")] == '\0'))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("\"%s\" is not an id of type %s", text, print_id_type(id_type)),
			 errhint("Call nextauth.convert_ids('text') first; or, where there are no rows yet, set nextauth.id_type to \"text\" before CREATE EXTENSION.")));
}

static void
report_no_value(const Import *import, const ColumnSpec *spec)
{
	ereport(ERROR,
			(errcode(ERRCODE_NOT_NULL_VIOLATION),
			 errmsg("row has no value for property \"%s\" of model \"%s\"",
					spec->property ? spec->property : spec->column_name,
					import->model->definition->name),
			 errdetail("Column \"%s\" is NOT NULL.", spec->column_name)));
}

/*
 * The rows that have the same keys as the present one.
 *
 * Raise an ERROR if none of them is one that every row must have.
 */
static KeySet *
get_key_set(Import *import)
{
	MemoryContext caller;
	Bitmapset  *columns = NULL;
	KeySet	   *set;
	AttrNumber	attnum = 0;
	ListCell   *lc;

	for (int i = 0; i < import->column_count; i++)
	{
		if (import->given[i])
			columns = bms_add_member(columns, i);
	}
	if (columns == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("row is empty")));
	foreach(lc, import->sets)
	{
		set = lfirst(lc);
		if (bms_equal(set->columns, columns))
			return set;
	}

	for (int i = 0; i < import->column_count; i++)
	{
		const ColumnSpec *spec = import->columns[i].spec;

		if (import->given[i] == NULL && import->columns[i].needs_value &&
			spec->default_sql == NULL && spec->as_expression == NULL &&
			spec->generated == GENERATED_NEVER &&
			get_typtype(spec->type) != TYPTYPE_DOMAIN)
			report_no_value(import, spec);
	}
	caller = MemoryContextSwitchTo(import->context);
	set = palloc0_object(KeySet);
	set->columns = bms_copy(columns);
	set->tupdesc = CreateTemplateTupleDesc(bms_num_members(columns));
	for (int i = 0; i < import->column_count; i++)
	{
		const ColumnSpec *spec = import->columns[i].spec;

		if (import->given[i])
		{
			TupleDescInitEntry(set->tupdesc, ++attnum, spec->column_name,
							   spec->type, spec->typmod, 0);
			TupleDescInitEntryCollation(set->tupdesc, attnum, spec->collation);
		}
	}
	set->rows = tuplestore_begin_heap(false, false, Min(work_mem, ROWS_MEMORY));
	import->sets = lappend(import->sets, set);
	MemoryContextSwitchTo(caller);
	return set;
}

/*
 * The context of an error: where in the rows it is.
 */
static void
report_row(void *argument)
{
	const Import *import = argument;

	if (import->source->row == 0)
		return;
	if (import->property)
		errcontext("import into model \"%s\", row %lld, key \"%s\"",
				   import->model->definition->name, (long long) import->source->row,
				   import->property);
	else
		errcontext("import into model \"%s\", row %lld",
				   import->model->definition->name, (long long) import->source->row);
}

/*
 * Insert all rows, as the table's owner and with the caller's own settings.
 * Returns how many were not there yet.
 */
static int64
insert_rows(Import *import)
{
	SavedUser	user;
	int64		written;
	bool		isnull;

	if (import->sets == NIL)
		return 0;
	begin_owner(&user, import->model->owner);
	SPI_connect();
	register_rows(import);
	SPI_execute(print_insert(import), false, 0);
	written = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
										  SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	end_user(&user);
	CommandCounterIncrement();
	return written;
}

/*
 * Let statements of this connection to SPI read the rows.
 */
static void
register_rows(const Import *import)
{
	ListCell   *lc;

	foreach(lc, import->sets)
	{
		const KeySet *set = lfirst(lc);
		EphemeralNamedRelation rows = palloc0(sizeof(EphemeralNamedRelationData));

		rows->md.name = psprintf(ROWS_NAME "%d", foreach_current_index(lc));
		rows->md.reliddesc = InvalidOid;
		rows->md.tupdesc = set->tupdesc;
		rows->md.enrtype = ENR_NAMED_TUPLESTORE;
		rows->md.enrtuples = set->count;
		rows->reldata = set->rows;
		(void) SPI_register_relation(rows);
	}
}

/*
 * One statement, so that rows may refer to each other in any order.
 */
static char *
print_insert(const Import *import)
{
	const char *table = quote_table(import->model);
	const ColumnSpec *id = find_property(import->specs, "id");
	bool		is_unique = is_unique_id(import, id);
	StringInfoData buf;
	StringInfoData counts;
	ListCell   *lc;

	initStringInfo(&buf);
	initStringInfo(&counts);
	foreach(lc, import->sets)
	{
		int			number = foreach_current_index(lc);
		bool		has_id = id && has_column(import, lfirst(lc), id);
		const char *name = has_id ? quote_identifier(id->column_name) : NULL;
		char	   *columns = print_columns(import, lfirst(lc));

		appendStringInfo(&buf, "%s i%d AS (INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM " ROWS_NAME "%d r",
						 number == 0 ? "WITH" : ",", number, table, columns,
						 columns, number);
		if (has_id && is_unique)
			appendStringInfo(&buf, " ON CONFLICT (%s) DO NOTHING", name);
		else if (has_id)
			appendStringInfo(&buf, " WHERE NOT EXISTS (SELECT FROM %s t WHERE t.%s = r.%s)",
							 table, name, name);
		appendStringInfoString(&buf, " RETURNING 1)");
		appendStringInfo(&counts, "%s(SELECT pg_catalog.count(*) FROM i%d)",
						 number == 0 ? "" : " + ", number);
	}
	appendStringInfo(&buf, " SELECT %s", counts.data);
	return buf.data;
}

static char *
print_columns(const Import *import, const KeySet *set)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = bms_next_member(set->columns, -1); i >= 0;
		 i = bms_next_member(set->columns, i))
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 quote_identifier(import->columns[i].spec->column_name));
	return buf.data;
}

static bool
has_column(const Import *import, const KeySet *set, const ColumnSpec *spec)
{
	for (int i = 0; i < import->column_count; i++)
	{
		if (import->columns[i].spec == spec)
			return bms_is_member(i, set->columns);
	}
	return false;
}

/*
 * Can ON CONFLICT tell whether an id is there?
 */
static bool
is_unique_id(const Import *import, const ColumnSpec *id)
{
	ListCell   *lc;

	foreach(lc, id ? import->table->indexes : NIL)
	{
		const IndexSpec *index = lfirst(lc);

		if (index->is_unique && index->where == NULL && index->deferrable == NULL &&
			list_length(index->column_names) == 1 &&
			strcmp(linitial(index->column_names), id->column_name) == 0)
			return true;
	}
	return false;
}

/*
 * Let sequences go on after the highest value of their columns.
 */
static void
advance_sequences(const Import *import)
{
	for (int i = 0; i < import->column_count; i++)
	{
		const ColumnSpec *spec = import->columns[i].spec;
		bool		is_given = false;
		ListCell   *lc;

		foreach(lc, import->sets)
			is_given |= has_column(import, lfirst(lc), spec);
		foreach(lc, is_given ? find_sequences(import->model, spec) : NIL)
			advance_sequence(import->model, spec, atooid(lfirst(lc)));
	}
}

/*
 * The OIDs, as texts, of the sequences that belong to a column: a serial's, or
 * an identity's.
 */
static List *
find_sequences(const Model *model, const ColumnSpec *column)
{
	return query_column("SELECT c.oid::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid"
						" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid"
						" AND d.refobjid = $1 AND d.refobjsubid = $2 AND d.deptype IN ('a', 'i') AND c.relkind = 'S'",
						model->relid, column->attnum, NIL);
}

/*
 * A sequence never goes back.
 */
static void
advance_sequence(const Model *model, const ColumnSpec *column, Oid sequence)
{
	HeapTuple	tuple = SearchSysCache1(SEQRELID, ObjectIdGetDatum(sequence));
	Form_pg_sequence form;
	int64		highest;
	int64		last;
	SavedUser	user;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_sequence) GETSTRUCT(tuple);
	highest = query_number(model->owner,
						   psprintf("SELECT pg_catalog.max(%s)::bigint FROM %s",
									quote_identifier(column->column_name),
									quote_table(model)));
	last = query_number(model->owner,
						psprintf("SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM %s",
								 quote_relation(sequence)));
	highest = Min(highest, form->seqmax);
	if (form->seqincrement > 0 && highest > last && highest >= form->seqmin)
	{
		begin_owner(&user, model->owner);
		(void) DirectFunctionCall2(setval_oid, ObjectIdGetDatum(sequence),
								   Int64GetDatum(highest));
		end_user(&user);
	}
	ReleaseSysCache(tuple);
}

/*
 * Warn of imported rows whose user is not there, unless a foreign key has
 * refused them, or the owner of the table may not look.
 */
static void
report_missing_users(const Import *import)
{
	const Model *model = import->model;
	const Model *users = read_users(NEWEST_ROWS);
	const char *property = user_property(model->definition);
	const ColumnSpec *user_id = property ? find_property(import->specs, property) : NULL;
	int64		rows;

	if (user_id == NULL || user_id->foreign_key || !OidIsValid(users->relid) ||
		get_atttype(users->relid, get_attnum(users->relid, "id")) != user_id->type ||
		!is_taken_from(users->owner, model->owner) ||
		!is_taken_from(schema_owner(users->schema), model->owner) ||
		!may_read(users->relid, model->owner))
		return;
	rows = count_missing_users(import, users, user_id);
	if (rows > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg_plural("%lld row of model \"%s\" refers to a user that is not there",
							   "%lld rows of model \"%s\" refer to users that are not there",
							   rows, (long long) rows, model->definition->name),
				 errhint("Import the rows of model \"User\", too.  These are without a user: SELECT * FROM %s a WHERE NOT EXISTS (SELECT FROM %s u WHERE u.id = a.%s);",
						 quote_table(model), quote_table(users),
						 quote_identifier(user_id->column_name))));
}

static int64
count_missing_users(const Import *import, const Model *users,
					const ColumnSpec *user_id)
{
	const char *column = quote_identifier(user_id->column_name);
	int64		result = 0;
	SavedUser	user;
	ListCell   *lc;

	begin_owner(&user, import->model->owner);
	SPI_connect();
	register_rows(import);
	foreach(lc, import->sets)
	{
		bool		isnull;

		if (!has_column(import, lfirst(lc), user_id))
			continue;
		SPI_execute(psprintf("SELECT pg_catalog.count(*) FROM " ROWS_NAME "%d r WHERE r.%s IS NOT NULL"
							 " AND NOT EXISTS (SELECT FROM %s u WHERE u.id = r.%s)",
							 foreach_current_index(lc), column, quote_table(users), column),
					false, 0);
		result += DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
											  SPI_tuptable->tupdesc, 1, &isnull));
	}
	SPI_finish();
	end_user(&user);
	return result;
}

/*
 * Warn of rows of which people cannot sign in, with the statement that mends
 * them.
 */
static void
report_lockouts(const Import *import)
{
	ListCell   *lc;

	foreach(lc, find_lockouts(import->model, import->specs))
	{
		const Lockout *lockout = lfirst(lc);

		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("model \"%s\", %s", import->model->definition->name,
						lockout->finding),
				 errhint("%s", lockout->remedy)));
	}
}
