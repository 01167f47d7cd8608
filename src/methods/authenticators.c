/*-------------------------------------------------------------------------
 *
 * authenticators.c
 *	  Methods of an adapter: WebAuthn authenticators
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(create_authenticator);
PG_FUNCTION_INFO_V1(get_authenticator);
PG_FUNCTION_INFO_V1(list_authenticators_by_user_id);
PG_FUNCTION_INFO_V1(update_authenticator_counter);

static const char *const by_credential[] = {"credentialID"};

/*
 * create_authenticator(authenticator jsonb or text)
 *
 * Auth.js's createAuthenticator(): inserts an authenticator of the user
 * "userId", and returns it.
 *
 * Raises an ERROR if the user is not there, and for a key that is no property
 * of model Authenticator.
 */
Datum
create_authenticator(PG_FUNCTION_ARGS)
{
	Jsonb	   *object = get_object(fcinfo, 0, "authenticator");
	Shape	   *authenticators = open_shape("Authenticator",
											begin_write("create_authenticator()"));
	List	   *given = read_given(authenticators, object, true);

	lock_given_user(authenticators, given);
	return row_datum(fcinfo, insert_given(authenticators, given));
}

/*
 * get_authenticator(credential_id text)
 *
 * Auth.js's getAuthenticator(): the authenticator, or null.
 */
Datum
get_authenticator(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "credential_id");
	Shape	   *authenticators = open_shape("Authenticator", READS);

	return row_datum(fcinfo, find_row(authenticators, 1, by_credential, &id, true));
}

/*
 * list_authenticators_by_user_id(user_id text)
 *
 * Auth.js's listAuthenticatorsByUserId(): the user's authenticators, as an
 * array.
 */
Datum
list_authenticators_by_user_id(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "user_id");
	Shape	   *authenticators = open_shape("Authenticator", READS);
	Statement	statement;

	begin_statement(&statement, authenticators, "SELECT ");
	appendStringInfo(&statement.sql, "%s FROM %s WHERE ",
					 print_read(authenticators, NULL), authenticators->table);
	add_condition(&statement, user_property(authenticators->definition), id);
	appendStringInfo(&statement.sql, " ORDER BY %s",
					 get_term(authenticators, by_credential[0])->column);
	return rows_datum(run_for_rows(&statement, true));
}

/*
 * update_authenticator_counter(credential_id text, counter integer or text)
 *
 * Auth.js's updateAuthenticatorCounter(): sets the number of signatures.
 * Returns the authenticator, or null if there is none.
 */
Datum
update_authenticator_counter(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "credential_id");
	int64		counter = get_number(fcinfo, 1, "counter");
	Shape	   *authenticators = open_shape("Authenticator",
											begin_write("update_authenticator_counter()"));
	List	   *given = NIL;

	add_text(authenticators, &given, "counter", psprintf(INT64_FORMAT, counter));
	return row_datum(fcinfo, update_given(authenticators, given, by_credential[0], id));
}
