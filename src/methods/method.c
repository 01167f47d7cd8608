/*-------------------------------------------------------------------------
 *
 * method.c
 *	  What the methods take, and what many of them do
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "compat.h"
#include "methods.h"

/*
 * Raise an ERROR that says why, if nothing can be written now.
 */
Access
begin_write(const char *method)
{
	PreventCommandDuringRecovery(method);
	PreventCommandIfReadOnly(method);
	return WRITES;
}

/*
 * An argument that is JSON.
 *
 * Raise an ERROR, with the name of the argument, if it is null.
 */
Jsonb *
get_object(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
	return get_jsonb(fcinfo, argument);
}

/*
 * An argument that is a number, of type integer or text.
 *
 * Raise an ERROR, with the name of the argument, if it is null.
 */
int64
get_number(FunctionCallInfo fcinfo, int argument, const char *name)
{
	/* What the call was parsed to saves a look into the catalog */
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, argument);

	if (!OidIsValid(type))
		type = type_of_argument(fcinfo, argument);
	if (!PG_ARGISNULL(argument) && type == INT4OID)
		return PG_GETARG_INT32(argument);
	return pg_strtoint32(get_text(fcinfo, argument, name));
}

/*
 * Give the row whose property has the given value the other values.  Returns
 * it, or null if there is none.
 */
Datum
update_by(FunctionCallInfo fcinfo, const char *model, const char *method,
		  const char *argument, const char *property)
{
	Jsonb	   *object = get_object(fcinfo, 0, argument);
	Shape	   *shape = open_shape(model, begin_write(method));
	List	   *given = read_given(shape, object, false);
	Given	   *key = find_given(given, property);
	char	   *text = given_text(key);

	if (text == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("\"%s\" must be given", property)));
	given = list_delete_ptr(given, key);

	/* An id that is not the key comes with a row that was read, and stays */
	given = list_delete_ptr(given, find_given(given, "id"));
	if (given == NIL)
		return row_datum(fcinfo, find_row(shape, 1, &property, &text, false));
	return row_datum(fcinfo, update_given(shape, given, property, text));
}

/*
 * Lock a user, so that they cannot be deleted ("FOR KEY SHARE"), or that nobody
 * adds to what they have.  Returns false if they are not there.
 */
bool
lock_user(const Shape *users, const char *id, const char *strength)
{
	Statement	statement;

	begin_statement(&statement, users, "SELECT ");
	appendStringInfo(&statement.sql, "FROM %s WHERE ", users->table);
	add_condition(&statement, "id", id);
	appendStringInfo(&statement.sql, " %s", strength);
	return run_for_count(&statement) > 0;
}

/*
 * Lock the user whom given values refer to.
 *
 * Raise an ERROR if they are not there.
 */
void
lock_given_user(const Shape *shape, List *given)
{
	const char *property = user_property(shape->definition);
	char	   *id = given_text(find_given(given, property));

	if (id == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("\"%s\" must be given", property)));
	if (!lock_user(open_shape(users_definition()->name, READS), id, "FOR KEY SHARE"))
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("user \"%s\" does not exist", id)));
}
