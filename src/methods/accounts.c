/*-------------------------------------------------------------------------
 *
 * accounts.c
 *	  Methods of an adapter: accounts at providers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(link_account);
PG_FUNCTION_INFO_V1(unlink_account);
PG_FUNCTION_INFO_V1(get_account);

static const char *const by_key[] = {"providerId", "providerAccountId"};

/*
 * link_account(account jsonb or text)
 *
 * Auth.js's linkAccount(): inserts an account of the user "userId", and returns
 * it.
 *
 * Raises an ERROR if the user is not there, or the account is linked already,
 * and for a key that is no property of model Account.
 */
Datum
link_account(PG_FUNCTION_ARGS)
{
	Jsonb	   *object = get_object(fcinfo, 0, "account");
	Shape	   *accounts = open_shape("Account", begin_write("link_account()"));
	List	   *given = read_given(accounts, object, true);

	lock_given_user(accounts, given);
	return row_datum(fcinfo, insert_given(accounts, complete_account(accounts, given)));
}

/*
 * unlink_account(provider text, provider_account_id text)
 *
 * Auth.js's unlinkAccount(): deletes an account.  Returns it, or null if there
 * is none.
 */
Datum
unlink_account(PG_FUNCTION_ARGS)
{
	char	   *key[] = {
		get_text(fcinfo, 0, "provider"),
		get_text(fcinfo, 1, "provider_account_id")
	};
	Shape	   *accounts = open_shape("Account", begin_write("unlink_account()"));

	return row_datum(fcinfo, delete_row_by(accounts, 2, by_key, key));
}

/*
 * get_account(provider text, provider_account_id text)
 *
 * Auth.js's getAccount(): the account, or null.
 */
Datum
get_account(PG_FUNCTION_ARGS)
{
	char	   *key[] = {
		get_text(fcinfo, 0, "provider"),
		get_text(fcinfo, 1, "provider_account_id")
	};
	Shape	   *accounts = open_shape("Account", READS);

	return row_datum(fcinfo, find_row(accounts, 2, by_key, key, true));
}

/*
 * Add what only NextAuth.js v3 knows and follows from the given values:
 * compound_id, and access_token_expires from expires_at.
 */
List *
complete_account(const Shape *accounts, List *given)
{
	const char *provider = given_text(find_given(given, by_key[0]));
	const char *account = given_text(find_given(given, by_key[1]));
	const Given *seconds = find_given(given, "expiresAt");
	const Term *time = find_term(accounts, "accessTokenExpires");

	if (provider && account)
		add_text(accounts, &given, "compoundId", hash_compound_id(provider, account));
	if (seconds && !seconds->isnull && seconds->term->type == INT4OID &&
		time && time->type == TIMESTAMPTZOID)
		add_given(&given, time,
				  TimestampTzGetDatum(time_t_to_timestamptz(DatumGetInt32(seconds->value))));
	return given;
}
