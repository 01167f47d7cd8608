/*-------------------------------------------------------------------------
 *
 * triggers.c
 *	  Triggers on the models' tables and the adapters' views
 *
 * Those on the tables, which add_adapter() creates, fill columns that an
 * adapter may not write.  Those on views write the values of converted
 * columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "nextauth.h"

/* A token is so many random bytes, as NextAuth.js v3's are */
#define TOKEN_BYTES 32

/* Better Auth's provider of accounts with a password */
#define CREDENTIAL_PROVIDER "credential"

PG_FUNCTION_INFO_V1(fill_account);
PG_FUNCTION_INFO_V1(fill_session);
PG_FUNCTION_INFO_V1(fill_verification_request);
PG_FUNCTION_INFO_V1(write_through_view);

/* The row of a BEFORE trigger */
typedef struct Row
{
	TriggerData *trigger;
	TupleDesc	tupdesc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	tuple;
} Row;

/* A statement on the table behind a view, with its parameters */
typedef struct Command
{
	Relation	view;
	const StoredView *stored;
	StringInfoData sql;
	int			count;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;
} Command;

static Row	get_row(FunctionCallInfo fcinfo);
static int	find_attribute(const Row *row, const char *name);
static char *get_string(const Row *row, int attribute);
static bool is_null(const Row *row, int attribute);
static bool has_changed(const Row *row, int attribute);
static bool differs(TupleDesc tupdesc, int attribute, HeapTuple old,
					HeapTuple tuple);
static void set_value(Row *row, int attribute, Datum value, bool isnull);
static void set_string(Row *row, int attribute, const char *string);
static void keep_expiry(Row *row);
static char *hash_compound_id(const char *provider, const char *account);
static char *make_token(void);
static void check_row_type(const Command *command);
static void report_other_view(Relation view);
static void insert_through(Command *command, HeapTuple tuple);
static bool update_through(Command *command, HeapTuple old, HeapTuple tuple);
static void delete_through(Command *command, HeapTuple old);
static void append_parameter(Command *command, int position, HeapTuple tuple,
							 bool is_insert);
static int	add_parameter(Command *command, int position, HeapTuple tuple);
static void append_key(Command *command, HeapTuple old);
static List *find_key(const Command *command, HeapTuple old);
static Oid	equality_of(Oid type);
static int	find_position(const Command *command, AttrNumber attnum);
static void append_returning(Command *command);
static const char *quote_column(const Command *command, AttrNumber attnum);

/*
 * fill_account(), BEFORE INSERT OR UPDATE on the table of model Account
 *
 * Fills compound_id with NextAuth.js v3's value, the SHA-256 of
 * provider_id:provider_account_id, and provider_type, if they are null; and
 * keeps expires_at, of today's adapters, and access_token_expires, of v3 and
 * Better Auth, equal.
 */
Datum
fill_account(PG_FUNCTION_ARGS)
{
	Row			row = get_row(fcinfo);
	int			compound_id = find_attribute(&row, "compound_id");
	int			provider_id = find_attribute(&row, "provider_id");
	int			provider_type = find_attribute(&row, "provider_type");
	int			account_id = find_attribute(&row, "provider_account_id");
	char	   *provider = get_string(&row, provider_id);
	char	   *account = get_string(&row, account_id);

	if (provider && account && compound_id > 0 &&
		(is_null(&row, compound_id) ||
		 ((has_changed(&row, provider_id) || has_changed(&row, account_id)) &&
		  !has_changed(&row, compound_id))))
		set_string(&row, compound_id, hash_compound_id(provider, account));
	if (provider && provider_type > 0 && is_null(&row, provider_type))
		set_string(&row, provider_type,
				   strcmp(provider, CREDENTIAL_PROVIDER) == 0 ? "credentials" : "oauth");
	keep_expiry(&row);
	return PointerGetDatum(row.tuple);
}

/*
 * fill_session(), BEFORE INSERT OR UPDATE on the table of model Session
 *
 * Fills access_token, which only NextAuth.js v3 gives, with a random one.
 */
Datum
fill_session(PG_FUNCTION_ARGS)
{
	Row			row = get_row(fcinfo);
	int			access_token = find_attribute(&row, "access_token");

	if (access_token > 0 && is_null(&row, access_token))
		set_string(&row, access_token, make_token());
	return PointerGetDatum(row.tuple);
}

/*
 * fill_verification_request(), BEFORE INSERT OR UPDATE on the table of model
 * VerificationRequest
 *
 * Fills the columns of Better Auth from those of Auth.js, and the other way
 * round.  The token for a value of Better Auth is random, so that neither
 * library accepts the other's secret.
 */
Datum
fill_verification_request(PG_FUNCTION_ARGS)
{
	Row			row = get_row(fcinfo);
	int			token = find_attribute(&row, "token");
	int			value = find_attribute(&row, "value");

	if (token <= 0)
		return PointerGetDatum(row.tuple);
	if (value > 0 && is_null(&row, value) && !is_null(&row, token))
		set_string(&row, value, get_string(&row, token));
	if (is_null(&row, token))
		set_string(&row, token, make_token());
	return PointerGetDatum(row.tuple);
}

/*
 * Raise an ERROR if the function is called as anything but a row's BEFORE
 * trigger.
 */
static Row
get_row(FunctionCallInfo fcinfo)
{
	Row			row = {0};

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function must be called as a trigger")));
	row.trigger = (TriggerData *) fcinfo->context;
	if (!TRIGGER_FIRED_BEFORE(row.trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(row.trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(row.trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function must be called by a trigger for each row, before INSERT or UPDATE")));
	row.tupdesc = RelationGetDescr(row.trigger->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(row.trigger->tg_event))
	{
		row.old = row.trigger->tg_trigtuple;
		row.tuple = row.trigger->tg_newtuple;
	}
	else
		row.tuple = row.trigger->tg_trigtuple;
	return row;
}

/*
 * The number of the attribute of that name, or 0.
 */
static int
find_attribute(const Row *row, const char *name)
{
	int			attribute = SPI_fnumber(row->tupdesc, name);

	return Max(attribute, 0);
}

static char *
get_string(const Row *row, int attribute)
{
	return attribute > 0 ? SPI_getvalue(row->tuple, row->tupdesc, attribute) : NULL;
}

static bool
is_null(const Row *row, int attribute)
{
	return heap_attisnull(row->tuple, attribute, row->tupdesc);
}

/*
 * Does an UPDATE give the attribute another value?
 */
static bool
has_changed(const Row *row, int attribute)
{
	return row->old && differs(row->tupdesc, attribute, row->old, row->tuple);
}

static bool
differs(TupleDesc tupdesc, int attribute, HeapTuple old, HeapTuple tuple)
{
	Form_pg_attribute form = TupleDescAttr(tupdesc, attribute - 1);
	bool		old_isnull;
	bool		isnull;
	Datum		old_value = heap_getattr(old, attribute, tupdesc, &old_isnull);
	Datum		value = heap_getattr(tuple, attribute, tupdesc, &isnull);

	if (old_isnull || isnull)
		return old_isnull != isnull;
	return !datum_image_eq(old_value, value, form->attbyval, form->attlen);
}

static void
set_value(Row *row, int attribute, Datum value, bool isnull)
{
	row->tuple = heap_modify_tuple_by_cols(row->tuple, row->tupdesc, 1,
										   &attribute, &value, &isnull);
}

/*
 * Set an attribute of any type to the value that its input function returns
 * for a string.
 */
static void
set_string(Row *row, int attribute, const char *string)
{
	Form_pg_attribute form = TupleDescAttr(row->tupdesc, attribute - 1);
	Oid			function;
	Oid			parameter;

	getTypeInputInfo(form->atttypid, &function, &parameter);
	set_value(row, attribute,
			  OidInputFunctionCall(function, unconstify(char *, string),
								   parameter, form->atttypmod), false);
}

/*
 * Of expires_at, seconds since 1970, and access_token_expires, let the one
 * that is not given follow the other.
 */
static void
keep_expiry(Row *row)
{
	int			seconds = find_attribute(row, "expires_at");
	int			time = find_attribute(row, "access_token_expires");
	bool		has_seconds;
	bool		has_time;
	bool		isnull;
	Datum		value;

	if (seconds == 0 || time == 0 ||
		TupleDescAttr(row->tupdesc, seconds - 1)->atttypid != INT4OID ||
		TupleDescAttr(row->tupdesc, time - 1)->atttypid != TIMESTAMPTZOID)
		return;
	has_seconds = row->old ? has_changed(row, seconds) : !is_null(row, seconds);
	has_time = row->old ? has_changed(row, time) : !is_null(row, time);
	if (has_seconds == has_time)
		return;

	if (has_seconds)
	{
		value = heap_getattr(row->tuple, seconds, row->tupdesc, &isnull);
		set_value(row, time,
				  TimestampTzGetDatum(time_t_to_timestamptz(DatumGetInt32(value))),
				  isnull);
	}
	else
	{
		int64		since_1970 = 0;

		value = heap_getattr(row->tuple, time, row->tupdesc, &isnull);
		if (!isnull)
		{
			TimestampTz timestamp = DatumGetTimestampTz(value);

			since_1970 = timestamp / USECS_PER_SEC -
				(timestamp % USECS_PER_SEC < 0 ? 1 : 0) +
				(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY;
			isnull = (TIMESTAMP_NOT_FINITE(timestamp) ||
					  since_1970 < PG_INT32_MIN || since_1970 > PG_INT32_MAX);
		}
		set_value(row, seconds, Int32GetDatum((int32) since_1970), isnull);
	}
}

/*
 * The lower-case hexadecimal SHA-256 of provider:account, in UTF-8.
 */
static char *
hash_compound_id(const char *provider, const char *account)
{
	char	   *key = psprintf("%s:%s", provider, account);
	char	   *utf8 = pg_server_to_any(key, strlen(key), PG_UTF8);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *hex = palloc0(PG_SHA256_DIGEST_LENGTH * 2 + 1);
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);

	if (pg_cryptohash_init(ctx) < 0 ||
		pg_cryptohash_update(ctx, (uint8 *) utf8, strlen(utf8)) < 0 ||
		pg_cryptohash_final(ctx, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute SHA-256 hash: %s",
			 pg_cryptohash_error(ctx));
	pg_cryptohash_free(ctx);
	hex_encode((char *) digest, sizeof(digest), hex);
	return hex;
}

/*
 * A secret, in hexadecimal.
 */
static char *
make_token(void)
{
	uint8		bytes[TOKEN_BYTES];
	char	   *hex = palloc0(TOKEN_BYTES * 2 + 1);

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random token")));
	hex_encode((char *) bytes, sizeof(bytes), hex);
	return hex;
}

/*
 * write_through_view(), INSTEAD OF INSERT OR UPDATE OR DELETE on an adapter's
 * view
 *
 * Writes to the table the values of a view's row, and converts those that the
 * view shows converted: a time without time zone in UTC, milliseconds, or a
 * flag.  A row is found by a key of the table.  A column that is null in an
 * INSERT gets its default, because the trigger cannot distinguish it from one
 * that is not given.  Triggers of the table see the caller's search_path, as
 * in any write to it; so all names here are qualified.
 *
 * Raises an ERROR if the view was replaced by one that shows anything else.
 */
Datum
write_through_view(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Command		command = {0};
	HeapTuple	old = NULL;
	HeapTuple	result = NULL;
	int			natts;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_INSTEAD(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function must be called by an INSTEAD OF trigger")));

	command.view = trigger->tg_relation;
	command.stored = read_view(RelationGetRelid(command.view));
	if (!OidIsValid(command.stored->table))
		report_other_view(command.view);

	SPI_connect();
	initStringInfo(&command.sql);
	natts = RelationGetNumberOfAttributes(command.view);
	command.types = palloc_array(Oid, natts * 2);
	command.values = palloc_array(Datum, natts * 2);
	command.nulls = palloc_array(char, natts * 2);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		insert_through(&command, trigger->tg_trigtuple);
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		old = trigger->tg_trigtuple;
		delete_through(&command, old);
	}
	else if (!update_through(&command, trigger->tg_trigtuple, trigger->tg_newtuple))
	{
		SPI_finish();
		return PointerGetDatum(trigger->tg_newtuple);
	}

	SPI_execute_with_args(command.sql.data, command.count, command.types,
						  command.values, command.nulls, false, 0);
	if (SPI_processed > 0 && old)
		result = old;
	else if (SPI_processed > 0)
	{
		check_row_type(&command);
		result = SPI_copytuple(SPI_tuptable->vals[0]);
	}
	SPI_finish();
	return PointerGetDatum(result);
}

/*
 * Raise an ERROR if a command did not return a row of the view: any role may
 * have created the view, with its own conversions.
 */
static void
check_row_type(const Command *command)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	bool		matches = (SPI_tuptable != NULL &&
						   SPI_tuptable->tupdesc->natts == tupdesc->natts);

	for (int i = 0; matches && i < tupdesc->natts; i++)
		matches = (TupleDescAttr(SPI_tuptable->tupdesc, i)->atttypid ==
				   TupleDescAttr(tupdesc, i)->atttypid);
	if (!matches)
		report_other_view(command->view);
}

static void
report_other_view(Relation view)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("view \"%s\" does not show the columns of a table",
					RelationGetRelationName(view)),
			 errhint("Call nextauth.add_adapter() again.")));
}

static void
insert_through(Command *command, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	bool		has_values = false;
	ListCell   *lc;

	appendStringInfo(&command->sql, "INSERT INTO %s",
					 quote_relation(command->stored->table));
	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		if (heap_attisnull(tuple, foreach_current_index(lc) + 1, tupdesc))
			continue;
		appendStringInfo(&command->sql, "%s%s", has_values ? ", " : " (",
						 quote_column(command, column->attnum));
		has_values = true;
	}
	if (!has_values)
	{
		appendStringInfoString(&command->sql, " DEFAULT VALUES");
		append_returning(command);
		return;
	}

	appendStringInfoString(&command->sql, ") VALUES (");
	for (int position = 1; position <= tupdesc->natts; position++)
	{
		if (heap_attisnull(tuple, position, tupdesc))
			continue;
		if (command->count > 0)
			appendStringInfoString(&command->sql, ", ");
		append_parameter(command, position, tuple, true);
	}
	appendStringInfoChar(&command->sql, ')');
	append_returning(command);
}

/*
 * Returns false if nothing is changed.
 */
static bool
update_through(Command *command, HeapTuple old, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	ListCell   *lc;

	appendStringInfo(&command->sql, "UPDATE %s SET ",
					 quote_relation(command->stored->table));
	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);
		int			position = foreach_current_index(lc) + 1;

		if (!differs(tupdesc, position, old, tuple))
			continue;
		appendStringInfo(&command->sql, "%s%s = ", command->count > 0 ? ", " : "",
						 quote_column(command, column->attnum));
		append_parameter(command, position, tuple, false);
	}
	if (command->count == 0)
		return false;
	append_key(command, old);
	append_returning(command);
	return true;
}

static void
delete_through(Command *command, HeapTuple old)
{
	appendStringInfo(&command->sql, "DELETE FROM %s",
					 quote_relation(command->stored->table));
	append_key(command, old);
}

/*
 * Append the value of the table's column for a value of the view's column.
 */
static void
append_parameter(Command *command, int position, HeapTuple tuple, bool is_insert)
{
	const StoredColumn *column = list_nth(command->stored->columns, position - 1);
	int			n = add_parameter(command, position, tuple);

	switch (column->conversion)
	{
		case AS_IT_IS:
			appendStringInfo(&command->sql, "$%d", n);
			break;
		case AS_UTC:
			appendStringInfo(&command->sql, "$%d AT TIME ZONE 'UTC'", n);
			break;
		case AS_MILLISECONDS:
			/* A double has not the digits for both */
			appendStringInfo(&command->sql,
							 "pg_catalog.to_timestamp(pg_catalog.div($%d::numeric, 1000)::double precision)"
							 " OPERATOR(pg_catalog.+) (pg_catalog.mod($%d::numeric, 1000)::double precision"
							 " OPERATOR(pg_catalog.*) interval '1 millisecond')",
							 n, n);
			break;
		case AS_FLAG:
			/* An existing time stays */
			if (is_insert)
				appendStringInfo(&command->sql, "CASE WHEN $%d THEN pg_catalog.now() END", n);
			else
				appendStringInfo(&command->sql, "CASE WHEN $%d THEN COALESCE(%s, pg_catalog.now()) END",
								 n, quote_column(command, column->attnum));
			break;
	}
}

/*
 * Make a value of the view's a parameter; returns its number.
 */
static int
add_parameter(Command *command, int position, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	int			n = command->count++;
	bool		isnull;

	command->types[n] = TupleDescAttr(tupdesc, position - 1)->atttypid;
	command->values[n] = heap_getattr(tuple, position, tupdesc, &isnull);
	command->nulls[n] = isnull ? 'n' : ' ';
	return n + 1;
}

/*
 * The condition that finds the row.
 *
 * Raise an ERROR if there is no key: without it all rows would be written.
 */
static void
append_key(Command *command, HeapTuple old)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	const char *separator = " WHERE ";
	List	   *key = find_key(command, old);
	ListCell   *lc;

	if (key == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("view \"%s\" shows no key of table \"%s\"",
						RelationGetRelationName(command->view),
						name_of_relation(command->stored->table)),
				 errdetail("A row is identified by the columns of a unique index if they have values and the view shows them unconverted, or else by the NOT NULL columns that it shows unconverted.")));
	foreach(lc, key)
	{
		int			position = lfirst_int(lc);
		const StoredColumn *column = list_nth(command->stored->columns, position - 1);
		Oid			type = TupleDescAttr(tupdesc, position - 1)->atttypid;
		int			n = add_parameter(command, position, old);

		appendStringInfoString(&command->sql, separator);
		generate_operator_clause(&command->sql, quote_column(command, column->attnum),
								 type, equality_of(type), psprintf("$%d", n), type);
		separator = " AND ";
	}
}

/*
 * The positions in the view of the columns that find a row: those of a unique
 * index of the table, if they have values and the view shows them unconverted,
 * or else all NOT NULL columns that it shows unconverted.
 */
static List *
find_key(const Command *command, HeapTuple old)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	Relation	table = table_open(command->stored->table, AccessShareLock);
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(table))
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_index index;
		List	   *key = NIL;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		if (index->indisunique && index->indimmediate && index->indisvalid &&
			heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
		{
			for (int i = 0; i < index->indnkeyatts; i++)
			{
				int			position = find_position(command, index->indkey.values[i]);

				if (position == 0 || heap_attisnull(old, position, tupdesc) ||
					!OidIsValid(equality_of(TupleDescAttr(tupdesc, position - 1)->atttypid)))
				{
					key = NIL;
					break;
				}
				key = lappend_int(key, position);
			}
		}
		ReleaseSysCache(tuple);
		if (key != NIL)
		{
			result = key;
			break;
		}
	}
	if (result == NIL)
	{
		foreach(lc, command->stored->columns)
		{
			const StoredColumn *column = lfirst(lc);
			Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(table),
														column->attnum - 1);

			if (column->conversion == AS_IT_IS && attribute->attnotnull &&
				OidIsValid(equality_of(attribute->atttypid)))
				result = lappend_int(result, foreach_current_index(lc) + 1);
		}
	}
	table_close(table, AccessShareLock);
	return result;
}

/*
 * The operator that tells whether values of a type are equal; a type such as
 * json has none.
 */
static Oid
equality_of(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
}

static int
find_position(const Command *command, AttrNumber attnum)
{
	ListCell   *lc;

	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		if (column->attnum == attnum && column->conversion == AS_IT_IS)
			return foreach_current_index(lc) + 1;
	}
	return 0;
}

static void
append_returning(Command *command)
{
	ListCell   *lc;

	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		appendStringInfo(&command->sql, "%s%s",
						 foreach_current_index(lc) == 0 ? " RETURNING " : ", ",
						 print_shown(quote_column(command, column->attnum),
									 column->conversion));
	}
}

static const char *
quote_column(const Command *command, AttrNumber attnum)
{
	return quote_identifier(get_attname(command->stored->table, attnum, false));
}
