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

PGDLLEXPORT void _PG_init(void);

/*
 * Claim the prefix of our settings, so that a misspelt one is an error.
 */
void
_PG_init(void)
{
	MarkGUCPrefixReserved("nextauth");
}
