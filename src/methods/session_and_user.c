/*-------------------------------------------------------------------------
 *
 * session_and_user.c
 *	  get_session_and_user(): whose session is it?
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(get_session_and_user);
PG_FUNCTION_INFO_V1(get_session_and_user_sliding);

/* When a session's expiry moves, in seconds */
typedef struct Ages
{
	int64		max_age;
	int64		update_age;
} Ages;

static bool find_by_index(FunctionCallInfo fcinfo, const Ages *ages, Datum *result);
static SignedIn find_signed_in(const char *token, bool only_reads);
static bool is_due(const SignedIn *found, const Ages *ages);
static TimestampTz due_time(const Ages *ages);
static void slide(const char *token, const Ages *ages);
static Datum signed_in_datum(FunctionCallInfo fcinfo, const SignedIn *found);

/*
 * get_session_and_user(token text)
 *
 * Auth.js's getSessionAndUser(): the session that has not expired and its user,
 * or null.
 */
Datum
get_session_and_user(PG_FUNCTION_ARGS)
{
	SignedIn	found;
	Datum		result;

	if (find_by_index(fcinfo, NULL, &result))
		return result;
	found = find_signed_in(get_text(fcinfo, 0, "token"), true);
	return signed_in_datum(fcinfo, &found);
}

/*
 * get_session_and_user(token text, max_age integer or text,
 *						update_age integer or text)
 *
 * The same, and lets the session expire "max_age" seconds from now, if that was
 * last done "update_age" seconds ago or more, as Auth.js does it.  A read-only
 * transaction only reads.
 */
Datum
get_session_and_user_sliding(PG_FUNCTION_ARGS)
{
	Ages		ages;
	char	   *token;
	SignedIn	found;
	Datum		result;

	ages.max_age = get_number(fcinfo, 1, "max_age");
	ages.update_age = get_number(fcinfo, 2, "update_age");
	if (find_by_index(fcinfo, &ages, &result))
		return result;

	/* What has been written, or a sign-out meanwhile, shows in a new look */
	token = get_text(fcinfo, 0, "token");
	found = find_signed_in(token, true);
	if (is_due(&found, &ages))
	{
		slide(token, &ages);
		found = find_signed_in(token, false);
	}
	return signed_in_datum(fcinfo, &found);
}

/*
 * Look by the indexes.  Returns false if there is more to do, which takes
 * statements.
 */
static bool
find_by_index(FunctionCallInfo fcinfo, const Ages *ages, Datum *result)
{
	SessionLook look;
	SignedIn	found = {0};
	Datum		token;
	bool		is_done;

	if (PG_ARGISNULL(0) || !begin_look(&look))
		return false;
	if (get_token(&look, PG_GETARG_TEXT_PP(0), &token))
		look_up(&look, token, &found);
	is_done = ages == NULL || !is_due(&found, ages);
	if (is_done)
		*result = signed_in_datum(fcinfo, &found);
	end_look(&look);
	return is_done;
}

static SignedIn
find_signed_in(const char *token, bool only_reads)
{
	Shape	   *sessions = open_shape("Session", READS);
	Shape	   *users = open_shape(users_definition()->name, READS);
	SignedIn	result = {0};
	Statement	statement;

	begin_statement(&statement, sessions, "SELECT ");
	appendStringInfo(&statement.sql, "%s, %s FROM %s s JOIN %s u ON u.%s OPERATOR(pg_catalog.=) s.%s WHERE s.%s OPERATOR(pg_catalog.>) pg_catalog.now() AND s.",
					 print_read(sessions, "s"), print_read(users, "u"),
					 sessions->table, users->table, get_term(users, "id")->column,
					 get_term(sessions, user_property(sessions->definition))->column,
					 get_term(sessions, "expires")->column);
	add_condition(&statement, "sessionToken", token);
	result.session = run_for_row(&statement, only_reads);
	if (result.session)
	{
		result.user.shape = users;
		result.user.values = result.session->values + sessions->read_count;
		result.user.nulls = result.session->nulls + sessions->read_count;
	}
	return result;
}

/*
 * Is there a session whose expiry was moved that long ago, and can it be moved?
 */
static bool
is_due(const SignedIn *found, const Ages *ages)
{
	const Term *term;
	Datum		value;

	if (found->session == NULL || XactReadOnly ||
		!get_value(found->session, "expires", &value, &term))
		return false;
	return term->base_type == TIMESTAMPTZOID &&
		DatumGetTimestampTz(value) <= due_time(ages);
}

/*
 * A session that expires then, or before, is due.
 */
static TimestampTz
due_time(const Ages *ages)
{
	return GetCurrentTransactionStartTimestamp() + (ages->max_age - ages->update_age) * USECS_PER_SEC;
}

/*
 * Move the expiry, unless somebody else has just done it.
 */
static void
slide(const char *token, const Ages *ages)
{
	Shape	   *sessions = open_shape("Session", WRITES);
	const char *expires = get_term(sessions, "expires")->column;
	List	   *given = NIL;
	Statement	statement;

	add_time(sessions, &given, "expires", ages->max_age);
	begin_update(&statement, sessions, given);
	add_condition(&statement, "sessionToken", token);
	appendStringInfo(&statement.sql, " AND %s OPERATOR(pg_catalog.>) pg_catalog.now() AND %s OPERATOR(pg_catalog.<=) ",
					 expires, expires);
	add_parameter(&statement, TIMESTAMPTZOID,
				  TimestampTzGetDatum(due_time(ages)), false);
	(void) run_for_count(&statement);
}

static Datum
signed_in_datum(FunctionCallInfo fcinfo, const SignedIn *found)
{
	StringInfoData buf;

	if (found->session == NULL)
		PG_RETURN_NULL();
	begin_json(&buf);
	appendStringInfoString(&buf, "{\"session\": ");
	append_row(&buf, found->session);
	appendStringInfoString(&buf, ", \"user\": ");
	append_row(&buf, &found->user);
	appendStringInfoChar(&buf, '}');
	return json_datum(&buf);
}
