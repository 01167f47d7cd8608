/*-------------------------------------------------------------------------
 *
 * sessions.c
 *	  Methods of an adapter: sessions
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(create_session);
PG_FUNCTION_INFO_V1(update_session);
PG_FUNCTION_INFO_V1(delete_session);
PG_FUNCTION_INFO_V1(sessions_of);
PG_FUNCTION_INFO_V1(sign_out_everywhere);

static const char *const by_token[] = {"sessionToken"};

/*
 * create_session(session jsonb or text)
 *
 * Auth.js's createSession(): inserts a session of the user "userId", and
 * returns it.  Without a "sessionToken" it gets 32 random bytes in hexadecimal
 * digits; without "expires" it lasts for 30 days, as Auth.js's do.
 *
 * Raises an ERROR if the user is not there, and for a key that is no property
 * of model Session.
 */
Datum
create_session(PG_FUNCTION_ARGS)
{
	Jsonb	   *object = get_object(fcinfo, 0, "session");
	Shape	   *sessions = open_shape("Session", begin_write("create_session()"));
	List	   *given = read_given(sessions, object, true);

	lock_given_user(sessions, given);
	given = complete_session(sessions, given, DEFAULT_MAX_AGE);
	return row_datum(fcinfo, insert_given(sessions, given));
}

/*
 * update_session(session jsonb or text)
 *
 * Auth.js's updateSession(): gives the session with the "sessionToken" the other
 * properties.  Returns it, or null if there is none.
 *
 * Raises an ERROR for a key that is no property of model Session, and if there
 * is no token.
 */
Datum
update_session(PG_FUNCTION_ARGS)
{
	return update_by(fcinfo, "Session", "update_session()", "session", by_token[0]);
}

/*
 * delete_session(token text)
 *
 * Auth.js's deleteSession(): signs out.  Returns the session, or null if there
 * is none.
 */
Datum
delete_session(PG_FUNCTION_ARGS)
{
	char	   *token = get_text(fcinfo, 0, "token");
	Shape	   *sessions = open_shape("Session", begin_write("delete_session()"));

	return row_datum(fcinfo, delete_row_by(sessions, 1, by_token, &token));
}

/*
 * sessions_of(user_id text)
 *
 * The user's sessions that have not expired, as an array.
 */
Datum
sessions_of(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "user_id");
	Shape	   *sessions = open_shape("Session", READS);
	const char *expires = get_term(sessions, "expires")->column;
	Statement	statement;

	begin_statement(&statement, sessions, "SELECT ");
	appendStringInfo(&statement.sql, "%s FROM %s WHERE ", print_read(sessions, NULL),
					 sessions->table);
	add_condition(&statement, user_property(sessions->definition), id);
	appendStringInfo(&statement.sql, " AND %s OPERATOR(pg_catalog.>) pg_catalog.now() ORDER BY %s, %s",
					 expires, expires, get_term(sessions, "id")->column);
	return rows_datum(run_for_rows(&statement, true));
}

/*
 * sign_out_everywhere(user_id text)
 *
 * Deletes all sessions of a user.  Returns how many there were.
 */
Datum
sign_out_everywhere(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "user_id");
	Shape	   *sessions = open_shape("Session", begin_write("sign_out_everywhere()"));
	Statement	statement;

	begin_statement(&statement, sessions, "DELETE FROM ");
	appendStringInfo(&statement.sql, "%s WHERE ", sessions->table);
	add_condition(&statement, user_property(sessions->definition), id);
	PG_RETURN_INT64(run_for_count(&statement));
}

/*
 * Add what a new session needs and is not given; it lasts for so many seconds.
 */
List *
complete_session(const Shape *sessions, List *given, int64 max_age)
{
	add_text(sessions, &given, "sessionToken", make_token());
	add_text(sessions, &given, "accessToken", make_token());
	add_time(sessions, &given, "expires", max_age);
	return given;
}
