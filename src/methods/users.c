/*-------------------------------------------------------------------------
 *
 * users.c
 *	  Methods of an adapter: users
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "methods.h"

PG_FUNCTION_INFO_V1(create_user);
PG_FUNCTION_INFO_V1(get_user);
PG_FUNCTION_INFO_V1(get_user_by_email);
PG_FUNCTION_INFO_V1(get_user_by_account);
PG_FUNCTION_INFO_V1(update_user);
PG_FUNCTION_INFO_V1(delete_user);

static void delete_rows_of(const ModelDefinition *model, const char *id);

static const char *const by_id[] = {"id"};
static const char *const by_email[] = {"email"};

/*
 * create_user(user jsonb or text)
 *
 * Auth.js's createUser(): inserts a user, and returns it.  The database makes
 * the id, whatever id is given.
 *
 * Raises an ERROR for a key that is no property of model User.
 */
Datum
create_user(PG_FUNCTION_ARGS)
{
	Jsonb	   *object = get_object(fcinfo, 0, "user");
	Shape	   *users = open_shape(users_definition()->name, begin_write("create_user()"));

	return row_datum(fcinfo, insert_given(users, read_given(users, object, true)));
}

/*
 * get_user(id text)
 *
 * Auth.js's getUser(): the user, or null.
 */
Datum
get_user(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "id");
	Shape	   *users = open_shape(users_definition()->name, READS);

	return row_datum(fcinfo, find_row(users, 1, by_id, &id, true));
}

/*
 * get_user_by_email(email text)
 *
 * Auth.js's getUserByEmail(): the user with this address, or null.
 *
 * Raises an ERROR if there are several.
 */
Datum
get_user_by_email(PG_FUNCTION_ARGS)
{
	char	   *email = get_text(fcinfo, 0, "email");
	Shape	   *users = open_shape(users_definition()->name, READS);

	return row_datum(fcinfo, find_row(users, 1, by_email, &email, true));
}

/*
 * get_user_by_account(provider text, provider_account_id text)
 *
 * Auth.js's getUserByAccount(): the user who signs in with the account, or
 * null.
 */
Datum
get_user_by_account(PG_FUNCTION_ARGS)
{
	char	   *provider = get_text(fcinfo, 0, "provider");
	char	   *account = get_text(fcinfo, 1, "provider_account_id");
	Shape	   *accounts = open_shape("Account", READS);
	Shape	   *users = open_shape(users_definition()->name, READS);
	Statement	statement;

	begin_statement(&statement, accounts, "SELECT ");
	appendStringInfo(&statement.sql, "%s FROM %s u JOIN %s a ON u.%s OPERATOR(pg_catalog.=) a.%s WHERE a.",
					 print_read(users, "u"), users->table, accounts->table,
					 get_term(users, "id")->column,
					 get_term(accounts, user_property(accounts->definition))->column);
	add_condition(&statement, "providerId", provider);
	appendStringInfoString(&statement.sql, " AND a.");
	add_condition(&statement, "providerAccountId", account);
	statement.shape = users;
	return row_datum(fcinfo, run_for_row(&statement, true));
}

/*
 * update_user(user jsonb or text)
 *
 * Auth.js's updateUser(): gives the user with the "id" the other properties.
 * Returns the user, or null if there is none.
 *
 * Raises an ERROR for a key that is no property of model User, and if there is
 * no id.
 */
Datum
update_user(PG_FUNCTION_ARGS)
{
	return update_by(fcinfo, users_definition()->name, "update_user()", "user", "id");
}

/*
 * delete_user(id text)
 *
 * Auth.js's deleteUser(): deletes the user with all accounts, sessions and
 * authenticators.  Returns the user, or null if there is none.
 *
 * Raises an ERROR if a policy or a trigger keeps the user.
 */
Datum
delete_user(PG_FUNCTION_ARGS)
{
	char	   *id = get_text(fcinfo, 0, "id");
	Shape	   *users = open_shape(users_definition()->name, begin_write("delete_user()"));
	MethodRow  *user;

	/* Who adds to what the user has waits for this, see lock_given_user() */
	if (!lock_user(users, id, "FOR UPDATE"))
		PG_RETURN_NULL();
	for (const ModelDefinition *model = next_model(NULL); model;
		 model = next_model(model))
	{
		if (user_property(model))
			delete_rows_of(model, id);
	}
	user = delete_row_by(users, 1, by_id, &id);
	if (user == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("user \"%s\" cannot be deleted", id),
				 errdetail("A policy or a trigger of the table keeps the row.")));
	return row_datum(fcinfo, user);
}

static void
delete_rows_of(const ModelDefinition *model, const char *id)
{
	Shape	   *shape = open_optional_shape(model->name, WRITES);
	Statement	statement;

	if (shape == NULL)
		return;
	begin_statement(&statement, shape, "DELETE FROM ");
	appendStringInfo(&statement.sql, "%s WHERE ", shape->table);
	add_condition(&statement, user_property(model), id);
	/* What was added while this waited for the user goes, too */
	statement.sees_newest = true;
	(void) run_for_count(&statement);
}
