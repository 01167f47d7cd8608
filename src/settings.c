/*-------------------------------------------------------------------------
 *
 * settings.c
 *	  The settings
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "compat.h"
#include "nextauth.h"

static bool protect_columns = true;
static bool protect_tables = true;
bool		nextauth_allow_rewrite = false;
int			nextauth_max_scan_rows = 100000;
int			nextauth_lock_timeout = 50;
int			nextauth_lock_retries = 100;
int			nextauth_lock_retry_delay = 250;
int			nextauth_batch_rows = 5000;
int			nextauth_progress_interval = 10000;

/* PostgreSQL's records of the settings that protect */
static struct config_generic *protect_columns_option;
static struct config_generic *protect_tables_option;

static bool is_on(bool value, const struct config_generic *option);
static const char *show_protect_columns(void);
static const char *show_protect_tables(void);

/*
 * Define the settings, and reserve their prefix, so that a misspelt setting is
 * an error.
 */
void
define_settings(void)
{
	DefineCustomBoolVariable("nextauth.protect_columns",
							 "Refuses DDL that drops a column of a model, or renames a built-in one or changes its type.",
							 "If a session sets it to off, this lasts until the end of the transaction.",
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
							 "Refuses DDL that drops a model's table if it has rows.",
							 "If a session sets it to off, this lasts until the end of the transaction.",
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
							 "Allows rewriting a model's table of any size under an exclusive lock.",
							 "Otherwise a table with more than \"nextauth.max_scan_rows\" rows is not rewritten.",
							 &nextauth_allow_rewrite,
							 false,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 NULL);
	DefineCustomIntVariable("nextauth.max_scan_rows",
							"Sets the maximum number of rows of a model's table to read or rewrite under an exclusive lock.",
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
							"Sets the maximum time that one try to lock a model's table waits, and makes others wait.",
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
							"Sets the maximum number of further tries to lock a model's table.",
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
							"Sets the time between two tries to lock a model's table.",
							"No lock is held meanwhile.",
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
							"Sets the number of rows that extend_model_online() fills in one transaction.",
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
	DefineCustomIntVariable("nextauth.progress_interval",
							"Sets the time between two notices in which extend_model_online() says what it is doing.",
							"0 turns these notices off.",
							&nextauth_progress_interval,
							10000,
							0,
							INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL,
							NULL,
							NULL);
	MarkGUCPrefixReserved("nextauth");
}

/*
 * Is a protecting setting on?
 *
 * A value that a session sets counts only until the end of the transaction:
 * afterwards a pooler gives the session to another client.
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
 * Are models' tables that have rows protected?
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
