/*-------------------------------------------------------------------------
 *
 * tokens.c
 *	  Methods of an adapter: tokens that verify an e-mail address
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(create_verification_token);
PG_FUNCTION_INFO_V1(use_verification_token);

static MethodRow *delete_token(const Shape *tokens, const char *identifier,
							   const char *token, bool only_valid);

/*
 * create_verification_token(token jsonb or text)
 *
 * Auth.js's createVerificationToken(): inserts "identifier", "token", which is
 * a hash, and "expires", and returns them.
 *
 * Raises an ERROR for a key that is no property of model VerificationRequest.
 */
Datum
create_verification_token(PG_FUNCTION_ARGS)
{
	Jsonb	   *object = get_object(fcinfo, 0, "token");
	Shape	   *tokens = open_shape("VerificationRequest",
									begin_write("create_verification_token()"));

	return row_datum(fcinfo, insert_given(tokens, read_given(tokens, object, true)));
}

/*
 * use_verification_token(identifier text, token text)
 *
 * Auth.js's useVerificationToken(): deletes the token.  Returns it to the first
 * caller, if it has not expired; to all others null.
 */
Datum
use_verification_token(PG_FUNCTION_ARGS)
{
	char	   *identifier = get_text(fcinfo, 0, "identifier");
	char	   *token = get_text(fcinfo, 1, "token");
	Shape	   *tokens = open_shape("VerificationRequest",
									begin_write("use_verification_token()"));
	MethodRow  *row = delete_token(tokens, identifier, token, true);

	/* One that has expired is used up, too */
	if (row == NULL)
		(void) delete_token(tokens, identifier, token, false);
	return row_datum(fcinfo, row);
}

/*
 * Delete a token, if it is valid or in any case.  Returns it, or NULL.
 */
static MethodRow *
delete_token(const Shape *tokens, const char *identifier, const char *token,
			 bool only_valid)
{
	Statement	statement;

	begin_statement(&statement, tokens, "DELETE FROM ");
	appendStringInfo(&statement.sql, "%s WHERE ", tokens->table);
	add_condition(&statement, "identifier", identifier);
	appendStringInfoString(&statement.sql, " AND ");
	add_condition(&statement, "token", token);
	if (only_valid)
		appendStringInfo(&statement.sql, " AND %s OPERATOR(pg_catalog.>) pg_catalog.now()",
						 get_term(tokens, "expires")->column);
	appendStringInfo(&statement.sql, " RETURNING %s", print_read(tokens, NULL));
	return run_for_row(&statement, false);
}
