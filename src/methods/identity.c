/*-------------------------------------------------------------------------
 *
 * identity.c
 *	  authenticate(), authenticate_connection(), sign_out(), user_id() and
 *	  session_id(): who is asking, for row level security
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "identity.h"

PG_FUNCTION_INFO_V1(authenticate);
PG_FUNCTION_INFO_V1(authenticate_connection);
PG_FUNCTION_INFO_V1(sign_out);
PG_FUNCTION_INFO_V1(user_id);
PG_FUNCTION_INFO_V1(session_id);

static bool authenticate_for(FunctionCallInfo fcinfo, IdentityScope scope);
static Datum copy_text(FunctionCallInfo fcinfo, const text *string);

/*
 * authenticate(token text) returns boolean
 *
 * Looks up the session of that token, and remembers it and its user until the
 * end of the transaction.  Returns whether there is such a session that has not
 * expired and a user to whom it belongs; if not, or if the token is null, it
 * forgets whoever was remembered.  The caller needs no right on the tables.
 *
 * Raises an ERROR if the model Session or User has no table.
 */
Datum
authenticate(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(authenticate_for(fcinfo, UNTIL_TRANSACTION_END));
}

/*
 * authenticate_connection(token text) returns boolean
 *
 * The same, and remembers them until RESET ALL, DISCARD ALL, sign_out(), or
 * another token.
 */
Datum
authenticate_connection(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(authenticate_for(fcinfo, UNTIL_RESET));
}

static bool
authenticate_for(FunctionCallInfo fcinfo, IdentityScope scope)
{
	char	   *user;
	char	   *session;

	if (PG_ARGISNULL(0) ||
		!find_token_owner(PG_GETARG_TEXT_PP(0), &user, &session))
	{
		forget_identity();
		return false;
	}
	remember_identity(user, session, scope);
	return true;
}

/*
 * sign_out()
 *
 * Forgets the remembered user and session.  The session's row stays: the caller
 * may have no right on the table.
 */
Datum
sign_out(PG_FUNCTION_ARGS pg_attribute_unused())
{
	forget_identity();
	PG_RETURN_VOID();
}

/*
 * user_id() returns text
 *
 * The id of the remembered user, or null.
 */
Datum
user_id(PG_FUNCTION_ARGS)
{
	return copy_text(fcinfo, remembered_user());
}

/*
 * session_id() returns text
 *
 * The id of the remembered session, or null.
 */
Datum
session_id(PG_FUNCTION_ARGS)
{
	return copy_text(fcinfo, remembered_session());
}

/*
 * A copy of a text, because the identity may change while the result is in
 * use; null if there is none.
 */
static Datum
copy_text(FunctionCallInfo fcinfo, const text *string)
{
	text	   *result;

	if (string == NULL)
		PG_RETURN_NULL();
	result = palloc(VARSIZE(string));
	memcpy(result, string, VARSIZE(string));
	PG_RETURN_TEXT_P(result);
}
