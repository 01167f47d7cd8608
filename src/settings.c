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

/* Settings; the variable is initialized to the default */
typedef struct BoolSetting
{
	const char *name;
	bool	   *variable;
	GucShowHook show;			/* NULL: shows the variable */
	const char *description;
	const char *detail;			/* or NULL */
} BoolSetting;

typedef struct IntSetting
{
	const char *name;
	int		   *variable;
	int			minimum;
	int			unit;			/* GUC_UNIT_*, or 0 */
	const char *description;
	const char *detail;			/* or NULL */
} IntSetting;

static bool is_on(bool value, const struct config_generic *option);
static const char *show_protect_columns(void);
static const char *show_protect_tables(void);

static const BoolSetting bool_settings[] = {
	{"nextauth.protect_columns", &protect_columns, show_protect_columns,
		"Refuses DDL that drops a column of a model, or renames a built-in one or changes its type.",
	"If a session sets it to off, this lasts until the end of the transaction."},
	{"nextauth.protect_tables", &protect_tables, show_protect_tables,
		"Refuses DDL that drops a model's table if it has rows.",
	"If a session sets it to off, this lasts until the end of the transaction."},
	{"nextauth.allow_rewrite", &nextauth_allow_rewrite, NULL,
		"Allows rewriting a model's table of any size under an exclusive lock.",
	"Otherwise a table with more than \"nextauth.max_scan_rows\" rows is not rewritten."}
};

static const IntSetting int_settings[] = {
	{"nextauth.max_scan_rows", &nextauth_max_scan_rows, 0, 0,
		"Sets the maximum number of rows of a model's table to read or rewrite under an exclusive lock.",
	NULL},
	{"nextauth.lock_timeout", &nextauth_lock_timeout, 1, GUC_UNIT_MS,
		"Sets the maximum time that one try to lock a model's table waits, and makes others wait.",
	NULL},
	{"nextauth.lock_retries", &nextauth_lock_retries, 0, 0,
		"Sets the maximum number of further tries to lock a model's table.",
	NULL},
	{"nextauth.lock_retry_delay", &nextauth_lock_retry_delay, 0, GUC_UNIT_MS,
		"Sets the time between two tries to lock a model's table.",
	"No lock is held meanwhile."},
	{"nextauth.batch_rows", &nextauth_batch_rows, 1, 0,
		"Sets the number of rows that extend_model_online() fills, or purge_expired() deletes, in one transaction.",
	NULL},
	{"nextauth.progress_interval", &nextauth_progress_interval, 0, GUC_UNIT_MS,
		"Sets the time between two notices in which extend_model_online() or purge_expired() says what it is doing.",
	"0 turns these notices off."}
};

/*
 * Define the settings, and reserve their prefix, so that a misspelt setting is
 * an error.
 */
void
define_settings(void)
{
	for (size_t i = 0; i < lengthof(bool_settings); i++)
	{
		const BoolSetting *setting = &bool_settings[i];

		DefineCustomBoolVariable(setting->name, setting->description, setting->detail,
								 setting->variable, *setting->variable,
								 PGC_USERSET, 0, NULL, NULL, setting->show);
	}
	for (size_t i = 0; i < lengthof(int_settings); i++)
	{
		const IntSetting *setting = &int_settings[i];

		DefineCustomIntVariable(setting->name, setting->description, setting->detail,
								setting->variable, *setting->variable,
								setting->minimum, INT_MAX,
								PGC_USERSET, setting->unit, NULL, NULL, NULL);
	}
	protect_columns_option = find_option("nextauth.protect_columns", false, true,
										 ERROR);
	protect_tables_option = find_option("nextauth.protect_tables", false, true,
										ERROR);
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
