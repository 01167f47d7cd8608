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

#include "model.h"

/*
 * Columns that the models lack, in the order in which they are added; all are
 * nullable
 */
#define OAUTH_COLUMNS \
	{"expiresAt", "int", MISSING_FILLED}, \
	{"idToken", "text", 0}, \
	{"scope", "varchar", 0}, \
	{"sessionState", "varchar", 0}, \
	{"tokenType", "varchar", 0}

static const MissingColumn oauth_columns[] = {
	OAUTH_COLUMNS,
	{NULL, NULL, 0}
};

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

/* A row a column, in the order of the pg adapter's tables */
#define PG_ACCOUNT \
	{"id", "id", AS_IT_IS}, \
	{"userId", "userId", AS_IT_IS}, \
	{"type", "providerType", AS_IT_IS}, \
	{"provider", "providerId", AS_IT_IS}, \
	{"providerAccountId", "providerAccountId", AS_IT_IS}, \
	{"refresh_token", "refreshToken", AS_IT_IS}, \
	{"access_token", "accessToken", AS_IT_IS}, \
	{"expires_at", "expiresAt", AS_IT_IS}, \
	{"id_token", "idToken", AS_IT_IS}, \
	{"scope", "scope", AS_IT_IS}, \
	{"session_state", "sessionState", AS_IT_IS}, \
	{"token_type", "tokenType", AS_IT_IS}

static const ConventionColumn camel_account[] = {
	PG_ACCOUNT,
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn supabase_account[] = {
	PG_ACCOUNT,
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
	{"users", "User", camel_user, NULL, NULL},
	{"accounts", "Account", camel_account, oauth_columns, NULL},
	{"sessions", "Session", camel_session, NULL, "userId"},
	{"verification_token", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

static const MissingColumn supabase_columns[] = {
	OAUTH_COLUMNS,
	{"oauthToken", "text", 0},
	{"oauthTokenSecret", "text", 0},
	{NULL, NULL, 0}
};

static const ConventionView supabase_views[] = {
	{"users", "User", camel_user, NULL, NULL},
	{"accounts", "Account", supabase_account, supabase_columns, NULL},
	{"sessions", "Session", camel_session, NULL, "userId"},
	{"verification_tokens", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

static const ConventionView hasura_views[] = {
	{"users", "User", camel_user, NULL, NULL},
	{"accounts", "Account", camel_account, oauth_columns, NULL},
	{"sessions", "Session", camel_session, NULL, "userId"},
	{"verification_tokens", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

/* In the order of Auth.js's schema for Prisma, but for the id */
#define AUTHJS_ACCOUNT \
	{"userId", "userId", AS_IT_IS}, \
	{"type", "providerType", AS_IT_IS}, \
	{"provider", "providerId", AS_IT_IS}, \
	{"providerAccountId", "providerAccountId", AS_IT_IS}, \
	{"refresh_token", "refreshToken", AS_IT_IS}, \
	{"access_token", "accessToken", AS_IT_IS}, \
	{"expires_at", "expiresAt", AS_IT_IS}, \
	{"token_type", "tokenType", AS_IT_IS}, \
	{"scope", "scope", AS_IT_IS}, \
	{"id_token", "idToken", AS_IT_IS}, \
	{"session_state", "sessionState", AS_IT_IS}

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
	AUTHJS_ACCOUNT,
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

/* The last name is the one that applications would declare themselves */
static const MissingColumn prisma_columns[] = {
	OAUTH_COLUMNS,
	{"refresh_token_expires_in", "int", 0},
	{NULL, NULL, 0}
};

static const ConventionView prisma_views[] = {
	{"User", "User", prisma_user, NULL, NULL},
	{"Account", "Account", prisma_account, prisma_columns, NULL},
	{"Session", "Session", prisma_session, NULL, "userId"},
	{"VerificationToken", "VerificationRequest", prisma_token, NULL, NULL},
	{"Authenticator", "Authenticator", authenticator, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

/* Kysely, with the names of Prisma's tables; its accounts are Drizzle's, too */
static const ConventionColumn authjs_account[] = {
	AUTHJS_ACCOUNT,
	{NULL, NULL, AS_IT_IS}
};

static const ConventionColumn kysely_session[] = {
	{"sessionToken", "sessionToken", AS_IT_IS},
	{"userId", "userId", AS_IT_IS},
	{"expires", "expires", AS_IT_IS},
	{NULL, NULL, AS_IT_IS}
};

static const ConventionView kysely_views[] = {
	{"User", "User", camel_user, NULL, NULL},
	{"Account", "Account", authjs_account, oauth_columns, NULL},
	{"Session", "Session", kysely_session, NULL, "userId"},
	{"VerificationToken", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
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
	{"user", "User", drizzle_user, NULL, NULL},
	{"account", "Account", authjs_account, oauth_columns, NULL},
	{"session", "Session", drizzle_session, NULL, "userId"},
	{"verificationToken", "VerificationRequest", drizzle_token, NULL, NULL},
	{"authenticator", "Authenticator", authenticator, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
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
	AUTHJS_ACCOUNT,
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
	{"users", "User", typeorm_user, NULL, NULL},
	{"accounts", "Account", typeorm_account, oauth_columns, NULL},
	{"sessions", "Session", typeorm_session, NULL, "userId"},
	{"verification_tokens", "VerificationRequest", typeorm_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
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
	{"users", "User", snake_user, NULL, NULL},
	{"accounts", "Account", snake_account, oauth_columns, NULL},
	{"sessions", "Session", snake_session, NULL, "userId"},
	{"verification_tokens", "VerificationRequest", snake_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

static const ConventionView mikro_orm_views[] = {
	{"user", "User", snake_user, NULL, NULL},
	{"account", "Account", snake_account, oauth_columns, NULL},
	{"session", "Session", snake_session, NULL, "userId"},
	{"verification_token", "VerificationRequest", snake_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
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

static const MissingColumn better_account_columns[] = {
	{"idToken", "text", 0},
	{"scope", "varchar", 0},
	{"refreshTokenExpiresAt", "timestamp", 0},
	{"password", "text", MISSING_HIDDEN},
	{NULL, NULL, 0}
};

static const MissingColumn better_session_columns[] = {
	{"ipAddress", "varchar", 0},
	{"userAgent", "varchar", 0},
	{NULL, NULL, 0}
};

static const MissingColumn better_verification_columns[] = {
	{"value", "text", MISSING_HIDDEN | MISSING_FILLED},
	{NULL, NULL, 0}
};

static const ConventionView better_views[] = {
	{"user", "User", better_user, NULL, NULL},
	{"account", "Account", better_account, better_account_columns, NULL},
	{"session", "Session", better_session, better_session_columns, "userId"},
	{"verification", "VerificationRequest", better_verification,
	better_verification_columns, "identifier"},
	{NULL, NULL, NULL, NULL, NULL}
};

/* Views of older versions, which adapters do not use: add_adapter() drops them */
static const ConventionView former_pg_views[] = {
	{"verification_tokens", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

static const ConventionView former_supabase_views[] = {
	{"verification_token", "VerificationRequest", camel_token, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

static const ConventionView former_kysely_views[] = {
	{"Authenticator", "Authenticator", authenticator, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

/*
 * Only adapters that leave ids to the database can use serial ids.  Hasura's
 * documentation uses uuid.
 */
const Adapter adapters[] = {
	{
		.name = "pg",
		.schema = "nextauth_pg",
		.views = pg_views,
		.former_views = former_pg_views,
		.id_types = SERIAL_IDS | UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_READS_ALL
	},
	{
		.name = "neon",
		.schema = "nextauth_neon",
		.views = pg_views,
		.former_views = former_pg_views,
		.id_types = SERIAL_IDS | UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_READS_ALL
	},
	{
		.name = "supabase",
		.schema = "next_auth",
		.views = supabase_views,
		.former_views = former_supabase_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_READS_ALL | ADAPTER_DELETES_USER
	},
	{
		.name = "hasura",
		.schema = "nextauth_hasura",
		.views = hasura_views,
		.former_views = former_supabase_views,
		.id_types = UUID_IDS,
		.flags = ADAPTER_READS_ALL | ADAPTER_DELETES_USER
	},
	{
		.name = "prisma",
		.schema = "nextauth_prisma",
		.views = prisma_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.uuid_declaration = "id String @id @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid, userId String @db.Uuid",
		.flags = ADAPTER_DELETES_USER | ADAPTER_TIMES_ARE_UTC | ADAPTER_IDS_OPTIONAL
	},
	{
		.name = "kysely",
		.schema = "nextauth_kysely",
		.views = kysely_views,
		.former_views = former_kysely_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_READS_ALL | ADAPTER_DELETES_USER
	},
	{
		.name = "drizzle",
		.schema = "nextauth_drizzle",
		.views = drizzle_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.uuid_declaration = "id: uuid(\"id\").primaryKey().defaultRandom(), userId: uuid(\"userId\")",
		.flags = ADAPTER_DELETES_USER
	},
	{
		.name = "typeorm",
		.schema = "nextauth_typeorm",
		.views = typeorm_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_DELETES_USER
	},
	{
		.name = "sequelize",
		.schema = "nextauth_sequelize",
		.views = sequelize_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_DELETES_USER | ADAPTER_NAMES_COLUMNS
	},
	{
		.name = "mikro-orm",
		.schema = "nextauth_mikro_orm",
		.views = mikro_orm_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.flags = ADAPTER_DELETES_USER | ADAPTER_NAMES_COLUMNS
	},
	{
		.name = "better-auth",
		.schema = "nextauth_better_auth",
		.views = better_views,
		.id_types = UUID_IDS | TEXT_IDS,
		.uuid_declaration = "advanced: { database: { generateId: \"uuid\" } }",
		.flags = ADAPTER_DELETES_USER
	},
	{.name = NULL}
};

/*
 * The terms of the methods in src/methods: Auth.js's AdapterUser,
 * AdapterAccount, AdapterSession, VerificationToken and AdapterAuthenticator.
 */
static const ConventionView method_views[] = {
	{"AdapterUser", "User", camel_user, NULL, NULL},
	{"AdapterAccount", "Account", camel_account, oauth_columns, NULL},
	{"AdapterSession", "Session", camel_session, NULL, "userId"},
	{"VerificationToken", "VerificationRequest", camel_token, NULL, NULL},
	{"AdapterAuthenticator", "Authenticator", authenticator, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL}
};

const Adapter method_terms = {
	.views = method_views,
	.flags = ADAPTER_READS_ALL
};
