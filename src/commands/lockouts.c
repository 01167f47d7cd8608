/*-------------------------------------------------------------------------
 *
 * lockouts.c
 *	  Rows of which people can no longer sign in
 *
 * They come from another engine: one that finds an e-mail address in any case,
 * or one that stored the numeric id of an account as 4711.0.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

static List *find_uppercase_emails(const Model *model, const ColumnSpec *email);
static List *find_decimal_accounts(const Model *model, List *columns);
static Lockout *make_lockout(const ColumnSpec *column, char *finding, char *remedy);

/*
 * What in the model's rows keeps people from signing in, as a list of Lockout.
 * They are read as the table's owner, and once if nothing is wrong.  Nothing is
 * found if the owner may not read them all.
 */
List *
find_lockouts(const Model *model, List *columns)
{
	const ColumnSpec *email = find_property(columns, "email");

	if (object_aclcheck(NamespaceRelationId, model->schema, model->owner,
						ACL_USAGE) != ACLCHECK_OK ||
		pg_class_aclcheck(model->relid, model->owner, ACL_SELECT) != ACLCHECK_OK ||
		!sees_all_rows(model))
		return NIL;
	if (is_builtin_property(model->definition, "compoundId"))
		return find_decimal_accounts(model, columns);
	if (is_builtin_property(model->definition, "email") && email &&
		email->attnum != 0 && !is_citext(getBaseType(email->type)))
		return find_uppercase_emails(model, email);
	return NIL;
}

/*
 * NextAuth.js looks for the address that somebody typed, in lower case.
 */
static List *
find_uppercase_emails(const Model *model, const ColumnSpec *email)
{
	const char *table = quote_table(model);
	const char *column = quote_identifier(email->column_name);
	char	   *other_case = psprintf("EXISTS (SELECT FROM %s o WHERE o.%s <> u.%s AND lower(o.%s) = lower(u.%s))",
									  table, column, column, column, column);
	int64		rows = query_number(model->owner,
									psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s <> lower(%s)",
											 table, column, column));
	int64		twins;
	char	   *finding;
	char	   *update;

	if (rows == 0)
		return NIL;
	finding = psprintf("column \"%s\": " INT64_FORMAT " %s not in lower case, as NextAuth.js looks for them",
					   email->column_name, rows, rows == 1 ? "address is" : "addresses are");
	update = psprintf("UPDATE %s u SET %s = lower(%s) WHERE %s <> lower(%s)",
					  table, column, column, column, column);

	/* One of those that differ in case only is not in lower case */
	twins = query_number(model->owner,
						 psprintf("SELECT pg_catalog.count(*) FROM %s u WHERE %s <> lower(%s) AND %s",
								  table, column, column, other_case));
	if (twins == 0)
		return list_make1(make_lockout(email, finding, psprintf("%s;", update)));
	return list_make2(make_lockout(email, finding,
								   psprintf("%s AND NOT %s;", update, other_case)),
					  make_lockout(email,
								   psprintf("column \"%s\": " INT64_FORMAT " %s from another user's in case only",
											email->column_name, twins,
											twins == 1 ? "address differs" : "addresses differ"),
								   psprintf("SELECT lower(%s), array_agg(id) FROM %s GROUP BY 1 HAVING count(*) > 1; shows them: give each user another address, or merge them.",
											column, table)));
}

/*
 * compound_id, a hash, tells that an id had no .0 when the account was linked.
 */
static List *
find_decimal_accounts(const Model *model, List *columns)
{
	const ColumnSpec *hash = find_property(columns, "compoundId");
	const ColumnSpec *provider = find_property(columns, "providerId");
	const ColumnSpec *account = find_property(columns, "providerAccountId");
	const char *id;
	char	   *condition;
	int64		rows;

	if (!hash || !provider || !account ||
		hash->attnum == 0 || provider->attnum == 0 || account->attnum == 0)
		return NIL;
	id = quote_identifier(account->column_name);
	condition = psprintf("%s LIKE '%%.0' AND %s = encode(sha256(convert_to(concat(%s, ':', left(%s, -2)), 'UTF8')), 'hex')",
						 id, quote_identifier(hash->column_name),
						 quote_identifier(provider->column_name), id);
	rows = query_number(model->owner,
						psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s",
								 quote_table(model), condition));
	if (rows == 0)
		return NIL;
	return list_make1(make_lockout(account,
								   psprintf("column \"%s\": " INT64_FORMAT " %s in .0, which the provider's do not",
											account->column_name, rows,
											rows == 1 ? "id ends" : "ids end"),
								   psprintf("UPDATE %s SET %s = left(%s, -2) WHERE %s;",
											quote_table(model), id, id, condition)));
}

static Lockout *
make_lockout(const ColumnSpec *column, char *finding, char *remedy)
{
	Lockout    *result = palloc_object(Lockout);

	result->property = column->property;
	result->finding = finding;
	result->remedy = remedy;
	return result;
}
