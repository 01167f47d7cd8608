/*-------------------------------------------------------------------------
 *
 * conventions.c
 *	  Each adapter's names for the models, as tables of data
 *
 * The names are hard-coded in the adapters or are their defaults: those of
 * Auth.js's pg, Neon, Supabase and Hasura adapters, of the schemas that
 * Auth.js documents for Prisma, Drizzle and Kysely, of the entities and models
 * that come with its TypeORM, Sequelize and MikroORM adapters, and of Better
 * Auth's core schema.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "model.h"

/* Types of ids that an adapter can work with */

/*
 * The pg, Neon, Supabase and Hasura adapters; the last two spell the table of
 * verification tokens in their own way, and Supabase's accounts have two
 * columns more.
 */
static const ConventionColumn camel_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"emailVerified", "emailVerified", AS_IT_IS},
	{"image", "image", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn camel_account[] = {
	{"id", "id", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn supabase_account[] = {
	{"id", "id", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{"oauth_token", "oauthToken", AS_IT_IS},
	{"oauth_token_secret", "oauthTokenSecret", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn camel_session[] = {
	{"id", "id", AS_IT_IS},
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn camel_token[] = {
	{"identifier", "identifier", AS_IT_IS},
	{"token", "token", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView pg_views[] = {
	{"users", "User", camel_user},
	{"accounts", "Account", camel_account},
	{"sessions", "Session", camel_session},
	{"verification_token", "VerificationRequest", camel_token},
	{NULL, NULL, NULL}
};

static const ConventionView supabase_views[] = {
	{"users", "User", camel_user},
	{"accounts", "Account", supabase_account},
	{"sessions", "Session", camel_session},
	{"verification_tokens", "VerificationRequest", camel_token},
	{NULL, NULL, NULL}
};

static const ConventionView hasura_views[] = {
	{"users", "User", camel_user},
	{"accounts", "Account", camel_account},
	{"sessions", "Session", camel_session},
	{"verification_tokens", "VerificationRequest", camel_token},
	{NULL, NULL, NULL}
};

/*
 * Prisma: its driver for PostgreSQL reads all times as UTC.  Accounts and
 * sessions have an id in schemas for next-auth 4 and those of create-t3-app,
 * which also know how long a refresh token lasts; in Auth.js's they have none.
 */
static const ConventionColumn prisma_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"emailVerified", "emailVerified", AS_UTC},
	{"image", "image", AS_IT_IS},
	{"createdAt", "createdAt", AS_UTC},
	{"updatedAt", "updatedAt", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn prisma_account[] = {
	{"id", "id", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{"refresh_token_expires_in", "refresh_token_expires_in", AS_IT_IS},
	{"createdAt", "createdAt", AS_UTC},
	{"updatedAt", "updatedAt", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn prisma_session[] = {
	{"id", "id", AS_IT_IS},
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_UTC},
	{"createdAt", "createdAt", AS_UTC},
	{"updatedAt", "updatedAt", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn prisma_token[] = {
	{"identifier", "identifier", AS_IT_IS},
	{"token", "token", AS_IT_IS},
	{"expires", "expires", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn authenticator[] = {
	{"credentialID", "credentialID", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"credentialPublicKey", "credentialPublicKey", AS_IT_IS},
	{"counter", "counter", AS_IT_IS},
	{"credentialDeviceType", "credentialDeviceType", AS_IT_IS},
	{"credentialBackedUp", "credentialBackedUp", AS_IT_IS},
	{"transports", "transports", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView prisma_views[] = {
	{"User", "User", prisma_user},
	{"Account", "Account", prisma_account},
	{"Session", "Session", prisma_session},
	{"VerificationToken", "VerificationRequest", prisma_token},
	{"Authenticator", "Authenticator", authenticator},
	{NULL, NULL, NULL}
};

/* Kysely, with the names of Prisma's tables */
static const ConventionColumn kysely_account[] = {
	{"userId", "userId", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn kysely_session[] = {
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView kysely_views[] = {
	{"User", "User", camel_user},
	{"Account", "Account", kysely_account},
	{"Session", "Session", kysely_session},
	{"VerificationToken", "VerificationRequest", camel_token},
	{NULL, NULL, NULL}
};

/* Drizzle, whose default tables have times without time zone, in UTC */
static const ConventionColumn drizzle_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"emailVerified", "emailVerified", AS_UTC},
	{"image", "image", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn drizzle_session[] = {
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn drizzle_token[] = {
	{"identifier", "identifier", AS_IT_IS},
	{"token", "token", AS_IT_IS},
	{"expires", "expires", AS_UTC},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView drizzle_views[] = {
	{"user", "User", drizzle_user},
	{"account", "Account", kysely_account},
	{"session", "Session", drizzle_session},
	{"verificationToken", "VerificationRequest", drizzle_token},
	{"authenticator", "Authenticator", authenticator},
	{NULL, NULL, NULL}
};

/* TypeORM: the adapter's entities have times as milliseconds in a varchar */
static const ConventionColumn typeorm_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"emailVerified", "emailVerified", AS_MILLISECONDS},
	{"image", "image", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn typeorm_account[] = {
	{"id", "id", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"providerAccountId", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn typeorm_session[] = {
	{"id", "id", AS_IT_IS},
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_MILLISECONDS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn typeorm_token[] = {
	{"id", "id", AS_IT_IS},
	{"token", "token", AS_IT_IS},
	{"identifier", "identifier", AS_IT_IS},
	{"expires", "expires", AS_MILLISECONDS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView typeorm_views[] = {
	{"users", "User", typeorm_user},
	{"accounts", "Account", typeorm_account},
	{"sessions", "Session", typeorm_session},
	{"verification_tokens", "VerificationRequest", typeorm_token},
	{NULL, NULL, NULL}
};

/* Sequelize and MikroORM, in snake case */
static const ConventionColumn snake_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"email_verified", "emailVerified", AS_IT_IS},
	{"image", "image", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn snake_account[] = {
	{"id", "id", AS_IT_IS},
	{"type", "providerType", AS_IT_IS},
	{"provider", "providerId", AS_IT_IS},
	{"provider_account_id", "providerAccountId", AS_IT_IS},
	{"refresh_token", "refreshToken", AS_IT_IS},
	{"access_token", "accessToken", AS_IT_IS},
	{"expires_at", "expiresAt", AS_IT_IS},
	{"token_type", "tokenType", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"id_token", "idToken", AS_IT_IS},
	{"session_state", "sessionState", AS_IT_IS},
	{"user_id", "userId", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn snake_session[] = {
	{"id", "id", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{"session_token", "sessionToken", AS_IT_IS},
	{"user_id", "userId", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn snake_token[] = {
	{"token", "token", AS_IT_IS},
	{"identifier", "identifier", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView sequelize_views[] = {
	{"users", "User", snake_user},
	{"accounts", "Account", snake_account},
	{"sessions", "Session", snake_session},
	{"verification_tokens", "VerificationRequest", snake_token},
	{NULL, NULL, NULL}
};

static const ConventionView mikro_orm_views[] = {
	{"user", "User", snake_user},
	{"account", "Account", snake_account},
	{"session", "Session", snake_session},
	{"verification_token", "VerificationRequest", snake_token},
	{NULL, NULL, NULL}
};

/* Better Auth */
static const ConventionColumn better_user[] = {
	{"id", "id", AS_IT_IS},
	{"name", "name", AS_IT_IS},
	{"email", "email", AS_IT_IS},
	{"emailVerified", "emailVerified", AS_FLAG},
	{"image", "image", AS_IT_IS},
	{"createdAt", "createdAt", AS_IT_IS},
	{"updatedAt", "updatedAt", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn better_account[] = {
	{"id", "id", AS_IT_IS},
	{"accountId", "providerAccountId", AS_IT_IS},
	{"providerId", "providerId", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"accessToken", "accessToken", AS_IT_IS},
	{"refreshToken", "refreshToken", AS_IT_IS},
	{"idToken", "idToken", AS_IT_IS},
	{"accessTokenExpiresAt", "accessTokenExpires", AS_IT_IS},
	{"refreshTokenExpiresAt", "refreshTokenExpiresAt", AS_IT_IS},
	{"scope", "scope", AS_IT_IS},
	{"password", "password", AS_IT_IS},
	{"createdAt", "createdAt", AS_IT_IS},
	{"updatedAt", "updatedAt", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn better_session[] = {
	{"id", "id", AS_IT_IS},
	{"expiresAt", "expires", AS_IT_IS},
	{"token", "sessionToken", AS_IT_IS},
	{"createdAt", "createdAt", AS_IT_IS},
	{"updatedAt", "updatedAt", AS_IT_IS},
	{"ipAddress", "ipAddress", AS_IT_IS},
	{"userAgent", "userAgent", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn better_verification[] = {
	{"id", "id", AS_IT_IS},
	{"identifier", "identifier", AS_IT_IS},
	{"value", "value", AS_IT_IS},
	{"expiresAt", "expires", AS_IT_IS},
	{"createdAt", "createdAt", AS_IT_IS},
	{"updatedAt", "updatedAt", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView better_views[] = {
	{"user", "User", better_user},
	{"account", "Account", better_account},
	{"session", "Session", better_session},
	{"verification", "VerificationRequest", better_verification},
	{NULL, NULL, NULL}
};

/*
 * Columns that the models lack, in the order in which they are added; all are
 * nullable
 */
static const MissingColumn oauth_columns[] = {
	{"Account", "expiresAt", "int", false},
	{"Account", "idToken", "text", false},
	{"Account", "scope", "varchar", false},
	{"Account", "sessionState", "varchar", false},
	{"Account", "tokenType", "varchar", false},
	{NULL, NULL, NULL, false}
};

/* This name is the one that applications would declare themselves */
static const MissingColumn prisma_columns[] = {
	{"Account", "expiresAt", "int", false},
	{"Account", "idToken", "text", false},
	{"Account", "scope", "varchar", false},
	{"Account", "sessionState", "varchar", false},
	{"Account", "tokenType", "varchar", false},
	{"Account", "refresh_token_expires_in", "int", false},
	{NULL, NULL, NULL, false}
};

static const MissingColumn supabase_columns[] = {
	{"Account", "expiresAt", "int", false},
	{"Account", "idToken", "text", false},
	{"Account", "scope", "varchar", false},
	{"Account", "sessionState", "varchar", false},
	{"Account", "tokenType", "varchar", false},
	{"Account", "oauthToken", "text", false},
	{"Account", "oauthTokenSecret", "text", false},
	{NULL, NULL, NULL, false}
};

static const MissingColumn better_columns[] = {
	{"Account", "idToken", "text", false},
	{"Account", "scope", "varchar", false},
	{"Account", "refreshTokenExpiresAt", "timestamp", false},
	{"Account", "password", "text", true},
	{"Session", "ipAddress", "varchar", false},
	{"Session", "userAgent", "varchar", false},
	{"VerificationRequest", "value", "text", true},
	{NULL, NULL, NULL, false}
};

/* Indexes for lookups, and for the deletion of users with their rows */
static const MissingIndex session_index[] = {
	{"Session", "userId"},
	{NULL, NULL}
};

static const MissingIndex better_indexes[] = {
	{"Session", "userId"},
	{"VerificationRequest", "identifier"},
	{NULL, NULL}
};

/*
 * Only adapters that leave ids to the database can use serial ids.  Hasura's
 * documentation uses uuid.
 */
const Adapter adapters[] = {
	{"pg", "nextauth_pg", pg_views, oauth_columns, session_index,
	SERIAL_IDS | UUID_IDS | TEXT_IDS, ADAPTER_READS_ALL},
	{"neon", "nextauth_neon", pg_views, oauth_columns, session_index,
	SERIAL_IDS | UUID_IDS | TEXT_IDS, ADAPTER_READS_ALL},
	{"supabase", "next_auth", supabase_views, supabase_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_READS_ALL | ADAPTER_DELETES_USER},
	{"hasura", "nextauth_hasura", hasura_views, oauth_columns, session_index,
	UUID_IDS, ADAPTER_READS_ALL | ADAPTER_DELETES_USER},
	{"prisma", "nextauth_prisma", prisma_views, prisma_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER | ADAPTER_TIMES_ARE_UTC},
	{"kysely", "nextauth_kysely", kysely_views, oauth_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_READS_ALL | ADAPTER_DELETES_USER},
	{"drizzle", "nextauth_drizzle", drizzle_views, oauth_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER},
	{"typeorm", "nextauth_typeorm", typeorm_views, oauth_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER},
	{"sequelize", "nextauth_sequelize", sequelize_views, oauth_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER | ADAPTER_NAMES_COLUMNS},
	{"mikro-orm", "nextauth_mikro_orm", mikro_orm_views, oauth_columns, session_index,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER | ADAPTER_NAMES_COLUMNS},
	{"better-auth", "nextauth_better_auth", better_views, better_columns, better_indexes,
	UUID_IDS | TEXT_IDS, ADAPTER_DELETES_USER},
	{NULL, NULL, NULL, NULL, NULL, 0, 0}
};

/*
 * Views of older versions, which adapters do not use: add_adapter() drops them
 */
static const struct
{
	const char *adapter;
	ConventionView view;
}			former_views[] = {
	{"pg", {"verification_tokens", "VerificationRequest", camel_token}},
	{"neon", {"verification_tokens", "VerificationRequest", camel_token}},
	{"supabase", {"verification_token", "VerificationRequest", camel_token}},
	{"hasura", {"verification_token", "VerificationRequest", camel_token}},
	{"kysely", {"Authenticator", "Authenticator", authenticator}}
};

/*
 * Adapters whose library by default generates ids itself, as texts: the
 * application must declare uuids
 */
static const struct
{
	const char *adapter;
	const char *declaration;
}			uuid_declarations[] = {
	{"prisma", "id String @id @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid, userId String @db.Uuid"},
	{"drizzle", "id: uuid(\"id\").primaryKey().defaultRandom(), userId: uuid(\"userId\")"},
	{"better-auth", "advanced: { database: { generateId: \"uuid\" } }"}
};

/*
 * The functions of the triggers that fill columns, and the other columns that
 * they read
 */
static const struct
{
	const char *model;
	const char *function;
	const char *property;
}			fill_functions[] = {
	{"Account", "fill_account", "expiresAt"},
	{"Session", "fill_session", NULL},
	{"VerificationRequest", "fill_verification_request", "value"}
};

static bool shows_property(const Adapter *adapter, const char *model,
						   const char *property);
static Oid	type_of_missing(const MissingColumn *missing);
static bool is_filled(const MissingColumn *missing);
static bool is_shown(List *columns, const ViewColumn *column);

/*
 * The adapter of that name, or NULL.
 */
const Adapter *
lookup_adapter(const char *name)
{
	for (const Adapter *adapter = adapters; adapter->name; adapter++)
	{
		if (strcmp(adapter->name, name) == 0)
			return adapter;
	}
	return NULL;
}

/*
 * The adapter of that name.
 *
 * Raise an ERROR, with the closest match in the hint, if there is none.
 */
const Adapter *
find_adapter(const char *name)
{
	const Adapter *found = lookup_adapter(name);
	ClosestMatchState match;
	const char *closest;

	if (found)
		return found;
	initClosestMatch(&match, name, 4);
	for (const Adapter *adapter = adapters; adapter->name; adapter++)
		updateClosestMatch(&match, adapter->name);

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("adapter \"%s\" does not exist", name),
			 closest ?
			 errhint("Perhaps you meant the adapter \"%s\".", closest) :
			 errhint("The adapters are %s.", join_adapters(NULL))));
}

/*
 * Can the adapter work with ids of a type?
 */
bool
adapter_takes_ids(const Adapter *adapter, IdType id_type)
{
	return (adapter->id_types & (1 << id_type)) != 0;
}

/*
 * The declarations that an application needs for uuids as ids, for messages;
 * NULL if it needs none.
 */
const char *
uuid_declaration(const Adapter *adapter)
{
	for (size_t i = 0; i < lengthof(uuid_declarations); i++)
	{
		if (strcmp(uuid_declarations[i].adapter, adapter->name) == 0)
			return uuid_declarations[i].declaration;
	}
	return NULL;
}

/*
 * Report these declarations, if there are any.
 */
void
report_uuid_declaration(const Adapter *adapter)
{
	const char *declaration = uuid_declaration(adapter);

	if (declaration)
		ereport(NOTICE,
				(errmsg("adapter \"%s\" works with ids of type %s if the application declares them",
						adapter->name, print_id_type(ID_UUID)),
				 errdetail_internal("%s", declaration),
				 errhint("SELECT nextauth.describe_model(%s) prints the declarations.",
						 quote_literal_cstr(adapter->name))));
}

/*
 * The adapters that can work with ids of a type, for messages; with NULL all
 * adapters.
 */
char *
join_adapters(const IdType *id_type)
{
	List	   *names = NIL;

	for (const Adapter *adapter = adapters; adapter->name; adapter++)
	{
		if (id_type == NULL || adapter_takes_ids(adapter, *id_type))
			names = lappend(names, unconstify(char *, adapter->name));
	}
	return join_names(names);
}

/*
 * The views that older versions created for an adapter, as a list of
 * ConventionView.
 */
List *
former_views_of(const Adapter *adapter)
{
	List	   *result = NIL;

	for (size_t i = 0; i < lengthof(former_views); i++)
	{
		if (strcmp(former_views[i].adapter, adapter->name) == 0)
			result = lappend(result, unconstify(ConventionView *,
												&former_views[i].view));
	}
	return result;
}

/*
 * Is the property of a view's model an id that today's clients do not declare,
 * and so can be of any type?
 */
bool
is_optional_id(const ConventionView *view, const char *property)
{
	return (view->columns == prisma_account || view->columns == prisma_session) &&
		strcmp(property, "id") == 0;
}

/*
 * The column of this property that an adapter adds to the model, or NULL.
 */
const MissingColumn *
find_missing(const Adapter *adapter, const Model *model, const char *property)
{
	for (const MissingColumn *missing = adapter->columns; missing->model; missing++)
	{
		if (strcmp(missing->model, model->definition->name) == 0 &&
			strcmp(missing->property, property) == 0)
			return missing;
	}
	return NULL;
}

/*
 * Can an adapter use the column instead of the one that it needs?
 */
bool
suits_adapter(const MissingColumn *missing, const ColumnSpec *column)
{
	Oid			type = type_of_missing(missing);

	return !column->builtin && column->as_expression == NULL &&
		OidIsValid(column->type) && same_family(column->type, type) &&
		((!is_number_type(type) && type != TIMESTAMPTZOID) || column->type == type) &&
		(column->nullable || column->default_sql != NULL) &&
		(!is_filled(missing) ||
		 strcmp(column->column_name, name_column(missing->property)) == 0);
}

/*
 * The column that an adapter needs, for messages.
 */
char *
describe_missing(const MissingColumn *missing)
{
	char	   *type = format_type_be(type_of_missing(missing));

	if (is_filled(missing))
		return psprintf("The adapter needs a column \"%s\" of type %s that may be null.",
						name_column(missing->property), type);
	return psprintf("The adapter needs a column of type %s that may be null.", type);
}

/*
 * The built-in times of a model that have no time zone, as in an adopted
 * table: a list of ColumnSpec.  Some clients read them as UTC, others as their
 * local time.  With an adapter, only the times that its views show or that a
 * trigger of its columns uses.  "columns" comes from read_model_columns().
 */
List *
find_zoneless_times(const Adapter *adapter, const Model *model, List *columns)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->builtin && column->type == TIMESTAMPOID &&
			(adapter == NULL ||
			 strcmp(column->property, "accessTokenExpires") == 0 ||
			 shows_property(adapter, model->definition->name, column->property)))
			result = lappend(result, column);
	}
	return result;
}

static bool
shows_property(const Adapter *adapter, const char *model, const char *property)
{
	for (const ConventionView *view = adapter->views; view->name; view++)
	{
		if (strcmp(view->model, model) != 0)
			continue;
		for (const ConventionColumn *c = view->columns; c->name; c++)
			if (strcmp(c->property, property) == 0)
				return true;
	}
	return false;
}

static Oid
type_of_missing(const MissingColumn *missing)
{
	ColumnSpec *desired = make_column(missing->property);

	desired->type_name = pstrdup(missing->type_name);
	resolve_type(desired, NULL);
	return desired->type;
}

/*
 * The function of the trigger that fills columns of a model; or NULL.
 */
const char *
fill_function_of(const Model *model)
{
	for (size_t i = 0; i < lengthof(fill_functions); i++)
	{
		if (strcmp(fill_functions[i].model, model->definition->name) == 0)
			return fill_functions[i].function;
	}
	return NULL;
}

/*
 * Does such a trigger read the column, by its name?
 */
static bool
is_filled(const MissingColumn *missing)
{
	for (size_t i = 0; i < lengthof(fill_functions); i++)
	{
		if (strcmp(fill_functions[i].model, missing->model) == 0 &&
			fill_functions[i].property &&
			strcmp(fill_functions[i].property, missing->property) == 0)
			return true;
	}
	return false;
}

/*
 * The columns, a list of ViewColumn, that an adapter's view of a model has:
 * those of its convention, and then the custom ones of "columns", the model's,
 * in the order of the table.  A view does not show columns that other adapters
 * added to the model.
 *
 * A convention's column that the model lacks has no ColumnSpec.
 */
List *
make_view_columns(const Adapter *adapter, const ConventionView *view,
				  List *columns)
{
	List	   *result = NIL;
	ListCell   *lc;

	for (const ConventionColumn *c = view->columns; c->name; c++)
	{
		ViewColumn *column = palloc0_object(ViewColumn);

		column->name = c->name;
		column->property = c->property;
		column->conversion = c->conversion;
		column->column = find_property(columns, c->property);
		if (column->column && column->column->attnum == 0)
			column->column = NULL;
		result = lappend(result, column);
	}

	foreach(lc, columns)
	{
		const ColumnSpec *custom = lfirst(lc);
		ViewColumn *column;

		if (custom->property == NULL || custom->builtin || custom->attnum == 0 ||
			custom->of_adapter)
			continue;

		/*
		 * An adapter that reads all columns must not read those with
		 * "select": false
		 */
		if (!custom->select && (adapter->flags & ADAPTER_READS_ALL))
			continue;

		column = palloc0_object(ViewColumn);
		column->name = (adapter->flags & ADAPTER_NAMES_COLUMNS) ?
			custom->column_name : custom->property;
		column->property = custom->property;
		column->is_custom = true;
		column->column = custom;
		/* The type of an enum may not exist yet */
		if ((adapter->flags & ADAPTER_TIMES_ARE_UTC) &&
			OidIsValid(custom->type) &&
			getBaseType(custom->type) == TIMESTAMPTZOID)
			column->conversion = AS_UTC;
		if (!is_shown(result, column))
			result = lappend(result, column);
	}
	return result;
}

/*
 * Is the name in use, or the table's column already shown?
 */
static bool
is_shown(List *columns, const ViewColumn *column)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		const ViewColumn *other = lfirst(lc);

		if (strcmp(other->name, column->name) == 0 ||
			other->column == column->column)
			return true;
	}
	return false;
}
