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

#include "compat.h"
#include "nextauth.h"

PG_MODULE_MAGIC_EXT(.name = "nextauth", .version = NEXTAUTH_VERSION);

/* Settings */
bool		nextauth_protect_columns = true;
bool		nextauth_allow_rewrite = false;
int			nextauth_max_scan_rows = 100000;
int			nextauth_lock_timeout = 50;
int			nextauth_lock_retries = 100;
int			nextauth_lock_retry_delay = 250;
int			nextauth_batch_rows = 5000;

PGDLLEXPORT void _PG_init(void);

/*
 * Define the settings, and claim their prefix, so that a misspelt one is an
 * error.
 */
void
_PG_init(void)
{
	DefineCustomBoolVariable("nextauth.protect_columns",
							 "Refuses DDL that drops a column of a model, or renames or retypes a built-in one.",
							 NULL,
							 &nextauth_protect_columns,
							 true,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 NULL);
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
	MarkGUCPrefixReserved("nextauth");
}
