/*-------------------------------------------------------------------------
 *
 * module.c
 *	  Magic block and load callback
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/memutils.h"

#include "compat.h"
#include "nextauth.h"

PG_MODULE_MAGIC_EXT(.name = "nextauth", .version = NEXTAUTH_VERSION);

/* Settings */
static bool protect_columns = true;
static bool protect_tables = true;
bool		nextauth_allow_rewrite = false;
int			nextauth_max_scan_rows = 100000;
int			nextauth_lock_timeout = 50;
int			nextauth_lock_retries = 100;
int			nextauth_lock_retry_delay = 250;
int			nextauth_batch_rows = 5000;
int			nextauth_id_type = ID_TEXT;

static const struct config_enum_entry id_types[] = {
	{"integer", ID_INTEGER, false},
	{"bigint", ID_BIGINT, false},
	{"uuid", ID_UUID, false},
	{"text", ID_TEXT, false},
	{NULL, 0, false}
};

/* What PostgreSQL knows of those that protect */
static struct config_generic *protect_columns_option;
static struct config_generic *protect_tables_option;

/* What nextauth.id_type was set to, and is not, before it was known */
static char *rejected_id_type = NULL;

static bool is_on(bool value, const struct config_generic *option);
static const char *show_protect_columns(void);
static const char *show_protect_tables(void);
static void assign_id_type(int value, void *extra);
static void remember_rejected(const char *given);

PGDLLEXPORT void _PG_init(void);

/*
 * Define the settings, and claim their prefix, so that a misspelt one is an
 * error.
 */
void
_PG_init(void)
{
	const char *given;

	DefineCustomBoolVariable("nextauth.protect_columns",
							 "Refuses DDL that drops a column of a model, or renames or retypes a built-in one.",
							 "Set to off in a session it is so until the end of the transaction.",
							 &protect_columns,
							 true,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 show_protect_columns);
	protect_columns_option = find_option("nextauth.protect_columns", false, true,
										 ERROR);
	DefineCustomBoolVariable("nextauth.protect_tables",
							 "Refuses DDL that drops a model's table that has rows.",
							 "Set to off in a session it is so until the end of the transaction.",
							 &protect_tables,
							 true,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 show_protect_tables);
	protect_tables_option = find_option("nextauth.protect_tables", false, true,
										ERROR);
	DefineCustomBoolVariable("nextauth.allow_rewrite",
							 "Lets a model's table of any size be rewritten under an exclusive lock.",
							 NULL,
							 &nextauth_allow_rewrite,
							 false,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 NULL);
	DefineCustomIntVariable("nextauth.max_scan_rows",
							"Rows up to which a model's table is read, or rewritten, under an exclusive lock.",
							NULL,
							&nextauth_max_scan_rows,
							100000,
							0,
							INT_MAX,
							PGC_USERSET,
							0,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("nextauth.lock_timeout",
							"Time that one try to lock a model's table waits, and makes others wait.",
							NULL,
							&nextauth_lock_timeout,
							50,
							1,
							INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("nextauth.lock_retries",
							"How often a model's table is tried to be locked again before giving up.",
							NULL,
							&nextauth_lock_retries,
							100,
							0,
							INT_MAX,
							PGC_USERSET,
							0,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("nextauth.lock_retry_delay",
							"Time between two tries to lock a model's table, when nothing is locked.",
							NULL,
							&nextauth_lock_retry_delay,
							250,
							0,
							INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("nextauth.batch_rows",
							"Rows that extend_model_online() fills in one transaction.",
							NULL,
							&nextauth_batch_rows,
							5000,
							1,
							INT_MAX,
							PGC_USERSET,
							0,
							NULL,
							NULL,
							NULL);
	given = GetConfigOption("nextauth.id_type", true, false);
	if (given)
		given = pstrdup(given);
	DefineCustomEnumVariable("nextauth.id_type",
							 "Type of the ids of tables that install() and CREATE EXTENSION make.",
							 NULL,
							 &nextauth_id_type,
							 ID_TEXT,
							 id_types,
							 PGC_USERSET,
							 0,
							 NULL,
							 assign_id_type,
							 NULL);
	remember_rejected(given);
	MarkGUCPrefixReserved("nextauth");
	install_drop_hooks();
}

/*
 * Is a setting on that protects?
 *
 * What a session has set counts until the end of the transaction alone: after
 * it a pooler gives the session to somebody else.
 */
static bool
is_on(bool value, const struct config_generic *option)
{
	return value || (option->source == PGC_S_SESSION && option->stack == NULL);
}

/*
 * Are the columns of models protected?
 */
bool
protects_columns(void)
{
	return is_on(protect_columns, protect_columns_option);
}

static const char *
show_protect_columns(void)
{
	return protects_columns() ? "on" : "off";
}

/*
 * Are the tables of models that have rows protected?
 */
bool
protects_tables(void)
{
	return is_on(protect_tables, protect_tables_option);
}

static const char *
show_protect_tables(void)
{
	return protects_tables() ? "on" : "off";
}

static void
assign_id_type(int value, void *extra)
{
	(void) value;
	(void) extra;
	rejected_id_type = NULL;
}

/*
 * A setting that was given before the library was loaded could not be checked
 * then.  If it turns out invalid PostgreSQL warns and takes the default, but
 * ids of another type than was asked for are not easily mended.
 */
static void
remember_rejected(const char *given)
{
	IdType		id_type;

	if (given == NULL)
		return;
	if (parse_id_type(given, &id_type))
		return;
	rejected_id_type = MemoryContextStrdup(TopMemoryContext, given);
}

/*
 * Raise an ERROR if nextauth.id_type was given a value that it cannot have.
 */
void
check_id_type_setting(void)
{
	if (rejected_id_type)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"%s\": \"%s\"",
						"nextauth.id_type", rejected_id_type),
				 errhint("Available values: %s.", "integer, bigint, uuid, text")));
}

/*
 * The type of ids of that name, as in the setting.  Returns false if there is
 * none.
 */
bool
parse_id_type(const char *name, IdType *id_type)
{
	for (const struct config_enum_entry *type = id_types; type->name; type++)
	{
		if (pg_strcasecmp(type->name, name) != 0)
			continue;
		*id_type = type->val;
		return true;
	}
	return false;
}
