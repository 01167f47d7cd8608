/*-------------------------------------------------------------------------
 *
 * fill.c
 *	  Triggers on the models' tables, which add_adapter() creates: they fill
 *	  columns that an adapter may not write
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "triggers.h"

/* Better Auth's provider of accounts with a password */
#define CREDENTIAL_PROVIDER "credential"

PG_FUNCTION_INFO_V1(fill_account);
PG_FUNCTION_INFO_V1(fill_session);
PG_FUNCTION_INFO_V1(fill_verification_request);

/* The row of a BEFORE trigger */
typedef struct Row
{
	TriggerData *trigger;
	TupleDesc	tupdesc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	tuple;
} Row;

static Row	get_row(FunctionCallInfo fcinfo);
static int	find_attribute(const Row *row, const char *name);
static char *get_string(const Row *row, int attribute);
static bool is_null(const Row *row, int attribute);
static bool has_changed(const Row *row, int attribute);
static void set_value(Row *row, int attribute, Datum value, bool isnull);
static void set_string(Row *row, int attribute, const char *string);
static void keep_expiry(Row *row);

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
 * round.  But if Better Auth gives a value, the token is random, so that
 * Auth.js does not accept Better Auth's secret.
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
				 errmsg("function \"%s\" was not called by trigger manager",
						get_func_name(fcinfo->flinfo->fn_oid))));
	row.trigger = (TriggerData *) fcinfo->context;
	if (!TRIGGER_FIRED_BEFORE(row.trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(row.trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(row.trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired BEFORE INSERT OR UPDATE FOR EACH ROW",
						get_func_name(fcinfo->flinfo->fn_oid))));
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

/*
 * Does the attribute have different values in the two rows?
 */
bool
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
 * Set expires_at, in seconds since 1970, from access_token_expires, or the
 * other way round, if only the other one was given.
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
