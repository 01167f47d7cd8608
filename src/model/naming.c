/*-------------------------------------------------------------------------
 *
 * naming.c
 *	  Property -> column, type and constraint names, as TypeORM computes them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/defrem.h"
#include "common/cryptohash.h"
#include "common/sha1.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "model.h"

/* Hexadecimal digits in names */
#define CONSTRAINT_HASH_LENGTH	27
#define INDEX_HASH_LENGTH		26	/* and of CHECK constraints */

/* Of indexes that have not yet taken another's place */
#define BUILD_PREFIX "nextauth_index"

#define IS_UPPER(c) ((c) >= 'A' && (c) <= 'Z')
#define IS_LOWER(c) ((c) >= 'a' && (c) <= 'z')
#define IS_DIGIT(c) ((c) >= '0' && (c) <= '9')

static char *
ascii_lower(char *name)
{
	for (char *p = name; *p; p++)
		if (IS_UPPER(*p))
			*p += 'a' - 'A';
	return name;
}

/*
 * The column name of a property without an explicit one: snake case by the
 * two rules of TypeORM's snakeCase(), in one pass.  Only ASCII letters have
 * case here, so that a name does not depend on the database's locale.
 */
char *
name_column(const char *property)
{
	char	   *name = palloc(2 * strlen(property) + 1);
	char	   *end = name;

	for (const char *p = property; *p; p++)
	{
		if (IS_UPPER(*p) && p > property &&
			(IS_LOWER(p[-1]) || IS_DIGIT(p[-1]) ||
			 (IS_UPPER(p[-1]) && IS_LOWER(p[1]))))
			*end++ = '_';
		*end++ = *p;
	}
	*end = '\0';
	return ascii_lower(name);
}

/*
 * The property that a column is most likely to be: camel case.
 */
char *
name_property(const char *column_name)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *p = column_name; *p; p++)
	{
		if (*p == '_' && p > column_name && IS_LOWER(p[1]))
			appendStringInfoChar(&buf, *++p - 'a' + 'A');
		else
			appendStringInfoChar(&buf, *p);
	}
	return buf.data;
}

/*
 * The name that TypeORM gives the enum type of a column without enumName.
 */
char *
name_enum(const char *table_name, const char *column_name)
{
	return psprintf("%s_%s_enum", table_name,
					ascii_lower(pstrdup(column_name)));
}

/*
 * The name that PostgreSQL gives the sequence of a serial column, but for one
 * that is in use.
 */
char *
name_sequence(const char *table_name, const char *column_name)
{
	return makeObjectName(table_name, column_name, "seq");
}

/*
 * What JavaScript's encodeURIComponent() makes of a text.
 */
static char *
encode_uri_component(const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *p = pg_server_to_any(text, strlen(text), PG_UTF8); *p; p++)
	{
		CHECK_FOR_INTERRUPTS();
		if (IS_UPPER(*p) || IS_LOWER(*p) || IS_DIGIT(*p) ||
			strchr("-_.!~*'()", *p))
			appendStringInfoChar(&buf, *p);
		else
			appendStringInfo(&buf, "%%%02X", (unsigned char) *p);
	}
	return buf.data;
}

/*
 * The prefix and the first digits of the SHA-1 of a key, percent-encoded.
 */
static char *
name_by_hash(const char *prefix, const char *key, int digits)
{
	char	   *encoded = encode_uri_component(key);
	uint8		digest[SHA1_DIGEST_LENGTH];
	char		hex[SHA1_DIGEST_LENGTH * 2];
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA1);

	if (pg_cryptohash_init(ctx) < 0 ||
		pg_cryptohash_update(ctx, (uint8 *) encoded, strlen(encoded)) < 0 ||
		pg_cryptohash_final(ctx, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute SHA-1 hash: %s",
			 pg_cryptohash_error(ctx));
	pg_cryptohash_free(ctx);

	hex_encode((char *) digest, sizeof(digest), hex);
	return psprintf("%s_%.*s", prefix, digits, hex);
}

/* Table and sorted columns, as TypeORM strings them together for a name */
static char *
key_of_columns(const char *table_name, List *column_names)
{
	List	   *sorted = list_copy(column_names);
	StringInfoData key;
	ListCell   *lc;

	list_sort(sorted, compare_names);
	initStringInfo(&key);
	appendStringInfoString(&key, table_name);
	foreach(lc, sorted)
		appendStringInfo(&key, "_%s", (char *) lfirst(lc));
	return key.data;
}

/*
 * TypeORM's name of a constraint: the prefix, PK, UQ or FK, and a hash of
 * table and columns.
 */
char *
name_constraint(const char *prefix, const char *table_name, List *column_names)
{
	return name_by_hash(prefix, key_of_columns(table_name, column_names),
						CONSTRAINT_HASH_LENGTH);
}

/*
 * TypeORM's name of an index; "where" is its predicate or NULL.
 */
char *
name_index(const char *table_name, List *column_names, const char *where)
{
	char	   *key = key_of_columns(table_name, column_names);

	if (where)
		key = psprintf("%s_%s", key, where);
	return name_by_hash("IDX", key, INDEX_HASH_LENGTH);
}

/*
 * TypeORM's name of a CHECK constraint.
 */
char *
name_check(const char *table_name, const char *expression)
{
	return name_by_hash("CHK", psprintf("%s_%s", table_name, expression),
						INDEX_HASH_LENGTH);
}

/*
 * The name of an index, while it is built, that is to take the place of another.
 */
char *
name_build(const char *index_name)
{
	return name_by_hash(BUILD_PREFIX, index_name, INDEX_HASH_LENGTH);
}

/*
 * Is it the name of such an index?
 */
bool
is_build_name(const char *index_name)
{
	return strncmp(index_name, BUILD_PREFIX "_", strlen(BUILD_PREFIX "_")) == 0;
}

/*
 * Raise an ERROR if PostgreSQL would refuse the name or cut it.  "what" says
 * what it is, as in "column name".
 */
void
check_name(const char *what, const char *name)
{
	if (name[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("%s must not be empty", what)));
	if (strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("%s \"%s\" is too long", what, name),
				 errdetail("It can have at most %d bytes.", NAMEDATALEN - 1)));
}
