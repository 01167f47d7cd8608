/*-------------------------------------------------------------------------
 *
 * builtin.c
 *	  The built-in models, as tables of data
 *
 * They are NextAuth.js v3's models as its TypeORM adapter sees them, and
 * Auth.js's model for WebAuthn, named in the same way.  The order of the
 * columns is their order in the table.  The installation determines the type
 * of the ids: text by default, where v3 had serial integers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "model.h"

#define PRIMARY		0x01		/* primary key, a generated id */
#define NULLABLE	0x02
#define UNIQUE		0x04
#define CREATE_DATE 0x08
#define UPDATE_DATE 0x10
#define USER_ID		0x20		/* refers to a user */
#define MAY_REPEAT	0x40		/* UNIQUE unless a definition says otherwise */
#define MAY_BE_CITEXT	0x80

static bool has_flag(const ModelDefinition *model, const char *property, int flag);
static void follow_citext(const Model *model, ColumnSpec *column);

static const ColumnDefinition user_columns[] = {
	{"id", NULL, PRIMARY,
	"Id of the user"},
	{"name", "varchar", NULLABLE,
	"Name to show"},
	{"email", "varchar", NULLABLE | UNIQUE | MAY_REPEAT | MAY_BE_CITEXT,
	"E-mail address to sign in with"},
	{"emailVerified", "timestamp", NULLABLE,
	"Time when the user proved to own the e-mail address"},
	{"image", "varchar", NULLABLE,
	"URL of a picture"},
	{"createdAt", "timestamp", CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition account_columns[] = {
	{"id", NULL, PRIMARY,
	"Id of the account"},
	{"compoundId", "varchar", UNIQUE,
	"SHA-256 of \"providerId:providerAccountId\", in lower-case hexadecimal digits"},
	{"userId", NULL, USER_ID,
	"Id of the user who signs in with the account"},
	{"providerType", "varchar", 0,
	"Kind of the provider, such as oauth or credentials"},
	{"providerId", "varchar", 0,
	"Name of the provider, such as github"},
	{"providerAccountId", "varchar", 0,
	"Id of the account at the provider"},
	{"refreshToken", "text", NULLABLE,
	"OAuth refresh token"},
	{"accessToken", "text", NULLABLE,
	"OAuth access token"},
	{"accessTokenExpires", "timestamp", NULLABLE,
	"Time when the OAuth access token expires"},
	{"createdAt", "timestamp", CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const IndexDefinition account_indexes[] = {
	{"userId", "userId"},
	{"providerId", "providerId"},
	{"providerAccountId", "providerAccountId"},
	{NULL, NULL}
};

static const ColumnDefinition session_columns[] = {
	{"id", NULL, PRIMARY,
	"Id of the session"},
	{"userId", NULL, USER_ID,
	"Id of the signed-in user"},
	{"expires", "timestamp", 0,
	"Time when the session expires"},
	{"sessionToken", "varchar", UNIQUE,
	"Secret in the cookie of the browser"},
	{"accessToken", "varchar", UNIQUE,
	"Secret with which an application may refer to the session"},
	{"createdAt", "timestamp", CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition verification_request_columns[] = {
	{"id", NULL, PRIMARY,
	"Id of the request"},
	{"identifier", "varchar", 0,
	"E-mail address to verify"},
	{"token", "varchar", UNIQUE,
	"Hash of the token in the e-mail"},
	{"expires", "timestamp", 0,
	"Time when the token expires"},
	{"createdAt", "timestamp", CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition authenticator_columns[] = {
	{"id", NULL, PRIMARY,
	"Id of the row"},
	{"credentialID", "varchar", UNIQUE,
	"Id of the WebAuthn credential"},
	{"userId", NULL, USER_ID,
	"Id of the user who signs in with the authenticator"},
	{"providerAccountId", "varchar", 0,
	"Id of the account that the authenticator belongs to, at the provider"},
	{"credentialPublicKey", "text", 0,
	"Public key of the credential"},
	{"counter", "int", 0,
	"Number of signatures that the authenticator has reported"},
	{"credentialDeviceType", "varchar", 0,
	"singleDevice or multiDevice"},
	{"credentialBackedUp", "boolean", 0,
	"Whether the credential is backed up"},
	{"transports", "varchar", NULLABLE,
	"Ways to reach the authenticator, such as usb, with commas between them"},
	{NULL, NULL, 0, NULL}
};

/* The name that TypeORM gives an unnamed index */
static const IndexDefinition authenticator_indexes[] = {
	{"IDX_79111b083a20c575bdd813f3b6", "userId"},
	{NULL, NULL}
};

static const IndexDefinition no_indexes[] = {{NULL, NULL}};

static const ModelDefinition builtin_models[] = {
	{"User", "users", user_columns, no_indexes, false},
	{"Account", "accounts", account_columns, account_indexes, false},
	{"Session", "sessions", session_columns, no_indexes, false},
	{"VerificationRequest", "verification_requests",
	verification_request_columns, no_indexes, false},
	{"Authenticator", "authenticators", authenticator_columns,
	authenticator_indexes, true},
	{NULL, NULL, NULL, NULL, false}
};

/*
 * The definition of a model after "previous", or the first one after NULL; NULL
 * after the last.
 */
const ModelDefinition *
next_model(const ModelDefinition *previous)
{
	const ModelDefinition *model = previous ? previous + 1 : builtin_models;

	return model->name ? model : NULL;
}

/*
 * The built-in model of that name, or NULL.
 */
const ModelDefinition *
lookup_builtin_model(const char *name)
{
	for (const ModelDefinition *model = next_model(NULL); model;
		 model = next_model(model))
	{
		if (strcmp(model->name, name) == 0)
			return model;
	}
	return NULL;
}

/*
 * The built-in model of that name.
 *
 * Raise an ERROR, with the closest match in the hint, if there is none.
 */
const ModelDefinition *
find_builtin_model(const char *name)
{
	const ModelDefinition *found = lookup_builtin_model(name);
	ClosestMatchState match;
	const char *closest;

	if (found)
		return found;
	initClosestMatch(&match, name, 4);
	for (const ModelDefinition *model = next_model(NULL); model;
		 model = next_model(model))
		updateClosestMatch(&match, model->name);

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("model \"%s\" does not exist", name),
			 closest ?
			 errhint("Perhaps you meant the model \"%s\".", closest) :
			 errhint("The models are User, Account, Session, VerificationRequest and Authenticator.")));
}

/*
 * Is the property built into the model?
 */
bool
is_builtin_property(const ModelDefinition *model, const char *property)
{
	return describe_property(model, property) != NULL;
}

/*
 * The purpose of a built-in property, or NULL if it is not built in.
 */
const char *
describe_property(const ModelDefinition *model, const char *property)
{
	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if (same_name(c->property, property))
			return c->description;
	return NULL;
}

/*
 * May a definition declare the built-in unique property as not unique?  Only
 * the e-mail address: adapters use the others to look up one session, account,
 * token or credential, and would take one row for another.
 */
bool
may_repeat(const ModelDefinition *model, const char *property)
{
	return has_flag(model, property, MAY_REPEAT);
}

static bool
has_flag(const ModelDefinition *model, const char *property, int flag)
{
	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if ((c->flags & flag) && same_name(c->property, property))
			return true;
	return false;
}

/*
 * Is the column unique?  "not_unique" are the properties of the model that
 * were defined as not unique.
 */
static bool
is_unique(const ColumnDefinition *column, List *not_unique)
{
	return (column->flags & UNIQUE) &&
		!((column->flags & MAY_REPEAT) && is_member(not_unique, column->property));
}

/*
 * Is the index, or its constraint, built into the model?  "indexes" are all
 * indexes of the table: if several constraints make a built-in column unique,
 * one of them counts as built in, whatever its name.  "not_unique" is as
 * above.
 */
bool
is_builtin_index(const ModelDefinition *model, List *not_unique,
				 const IndexSpec *index, List *indexes)
{
	bool		found = false;
	ListCell   *lc;

	if (index->is_primary)
		return true;
	for (const IndexDefinition *i = model->indexes; i->name; i++)
		if (!index->is_constraint && strcmp(i->name, index->name) == 0)
			return true;
	if (!index->is_constraint || list_length(index->column_names) != 1)
		return false;

	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if (is_unique(c, not_unique) &&
			is_member(index->column_names, name_column(c->property)))
			found = true;
	foreach(lc, indexes)
	{
		const IndexSpec *other = lfirst(lc);

		if (other->is_constraint && other->is_unique &&
			strcmp(other->name, index->name) != 0 &&
			equal_names(other->column_names, index->column_names))
			found = false;
	}
	return found;
}

/*
 * The built-in columns of a model, as its author would have defined them.
 */
List *
builtin_columns(const Model *model)
{
	List	   *result = NIL;

	for (const ColumnDefinition *c = model->definition->columns; c->property; c++)
	{
		ColumnSpec *column = make_column(c->property);

		column->builtin = true;
		column->column_name = name_column(c->property);
		if (c->type_name)
			column->type_name = pstrdup(c->type_name);
		else
			column->type_name = pstrdup(id_type_name((c->flags & USER_ID) ?
													 model->user_id_type :
													 model->id_type));
		column->primary = (c->flags & PRIMARY) != 0;
		column->nullable = (c->flags & NULLABLE) != 0;
		column->unique = is_unique(c, model->not_unique);
		if (c->flags & CREATE_DATE)
			column->role = ROLE_CREATE_DATE;
		else if (c->flags & UPDATE_DATE)
			column->role = ROLE_UPDATE_DATE;

		resolve_type(column, NULL);
		if (c->flags & MAY_BE_CITEXT)
			follow_citext(model, column);
		column->collation = get_typcollation(column->type);
		if (column->primary)
			set_generated_id(column, model->id_type);
		if (column->role != ROLE_NONE)
			set_default_node(column, (Node *) makeFuncExpr(F_NOW, TIMESTAMPTZOID,
														   NIL, InvalidOid,
														   InvalidOid,
														   COERCE_EXPLICIT_CALL));

		result = lappend(result, column);
	}
	return result;
}

/*
 * The table determines which of the two types such a column has.
 */
static void
follow_citext(const Model *model, ColumnSpec *column)
{
	AttrNumber	attnum = get_attnum(model->relid, column->column_name);
	Oid			type = attnum == InvalidAttrNumber ? InvalidOid :
	get_atttype(model->relid, attnum);

	if (is_citext(type))
	{
		column->type = type;
		column->type_name = pstrdup("citext");
	}
}

/*
 * May a definition give the built-in varchar property type citext?
 */
bool
may_be_citext(const ModelDefinition *model, const char *property)
{
	return has_flag(model, property, MAY_BE_CITEXT);
}
