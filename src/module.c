/*-------------------------------------------------------------------------
 *
 * module.c
 *	  Magic block and load callback
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "compat.h"
#include "nextauth.h"

PG_MODULE_MAGIC_EXT(.name = "nextauth", .version = NEXTAUTH_VERSION);

/* Settings */
bool		nextauth_protect_columns = true;

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
	MarkGUCPrefixReserved("nextauth");
}
