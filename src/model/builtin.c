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

#include "model.h"

static const ColumnDefinition user_columns[] = {
	{"id", NULL, IS_PRIMARY,
	"Id of the user"},
	{"name", "varchar", IS_NULLABLE,
	"Name to show"},
	{"email", "varchar", IS_NULLABLE | IS_UNIQUE | MAY_REPEAT | MAY_BE_CITEXT,
	"E-mail address to sign in with"},
	{"emailVerified", "timestamp", IS_NULLABLE,
	"Time when the user proved to own the e-mail address"},
	{"image", "varchar", IS_NULLABLE,
	"URL of a picture"},
	{"createdAt", "timestamp", IS_CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", IS_UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition account_columns[] = {
	{"id", NULL, IS_PRIMARY,
	"Id of the account"},
	{"compoundId", "varchar", IS_UNIQUE,
	"SHA-256 of \"providerId:providerAccountId\", in lower-case hexadecimal digits"},
	{"userId", NULL, IS_USER_ID,
	"Id of the user who signs in with the account"},
	{"providerType", "varchar", 0,
	"Kind of the provider, such as oauth or credentials"},
	{"providerId", "varchar", 0,
	"Name of the provider, such as github"},
	{"providerAccountId", "varchar", 0,
	"Id of the account at the provider"},
	{"refreshToken", "text", IS_NULLABLE,
	"OAuth refresh token"},
	{"accessToken", "text", IS_NULLABLE,
	"OAuth access token"},
	{"accessTokenExpires", "timestamp", IS_NULLABLE,
	"Time when the OAuth access token expires"},
	{"createdAt", "timestamp", IS_CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", IS_UPDATE_DATE,
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
	{"id", NULL, IS_PRIMARY,
	"Id of the session"},
	{"userId", NULL, IS_USER_ID,
	"Id of the signed-in user"},
	{"expires", "timestamp", IS_EXPIRY,
	"Time when the session expires"},
	{"sessionToken", "varchar", IS_UNIQUE,
	"Secret in the cookie of the browser"},
	{"accessToken", "varchar", IS_UNIQUE,
	"Secret with which an application may refer to the session"},
	{"createdAt", "timestamp", IS_CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", IS_UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition verification_request_columns[] = {
	{"id", NULL, IS_PRIMARY,
	"Id of the request"},
	{"identifier", "varchar", 0,
	"E-mail address to verify"},
	{"token", "varchar", IS_UNIQUE,
	"Hash of the token in the e-mail"},
	{"expires", "timestamp", IS_EXPIRY,
	"Time when the token expires"},
	{"createdAt", "timestamp", IS_CREATE_DATE,
	"Time when the row was inserted"},
	{"updatedAt", "timestamp", IS_UPDATE_DATE,
	"Time of the last update"},
	{NULL, NULL, 0, NULL}
};

static const ColumnDefinition authenticator_columns[] = {
	{"id", NULL, IS_PRIMARY,
	"Id of the row"},
	{"credentialID", "varchar", IS_UNIQUE,
	"Id of the WebAuthn credential"},
	{"userId", NULL, IS_USER_ID,
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
	{"transports", "varchar", IS_NULLABLE,
	"Ways to reach the authenticator, such as usb, with commas between them"},
	{NULL, NULL, 0, NULL}
};

/* The name that TypeORM gives an unnamed index */
static const IndexDefinition authenticator_indexes[] = {
	{"IDX_79111b083a20c575bdd813f3b6", "userId"},
	{NULL, NULL}
};

static const IndexDefinition no_indexes[] = {{NULL, NULL}};

const ModelDefinition builtin_models[] = {
	{
		.name = "User",
		.table_name = "users",
		.columns = user_columns,
		.indexes = no_indexes,
		.entity = "User",
		.key = (const char *const[]) {"id", NULL},
		.holds_users = true
	},
	{
		.name = "Account",
		.table_name = "accounts",
		.columns = account_columns,
		.indexes = account_indexes,
		.entity = "Account",
		.fill_function = "fill_account",
		.key = (const char *const[]) {"providerId", "providerAccountId", NULL}
	},
	{
		.name = "Session",
		.table_name = "sessions",
		.columns = session_columns,
		.indexes = no_indexes,
		.entity = "Session",
		.fill_function = "fill_session",
		.key = (const char *const[]) {"sessionToken", NULL}
	},
	{
		.name = "VerificationRequest",
		.table_name = "verification_requests",
		.columns = verification_request_columns,
		.indexes = no_indexes,
		.entity = "VerificationToken",
		.fill_function = "fill_verification_request",
		.key = (const char *const[]) {"identifier", "token", NULL}
	},
	{
		.name = "Authenticator",
		.table_name = "authenticators",
		.columns = authenticator_columns,
		.indexes = authenticator_indexes,
		.entity = "Authenticator",
		.key = (const char *const[]) {"userId", "credentialID", NULL},
		.optional = true
	},
	{.name = NULL}
};
