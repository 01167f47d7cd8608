/*-------------------------------------------------------------------------
 *
 * module.c
 *	  Magic block and load callback
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "compat.h"
#include "commands/commands.h"
#include "methods/identity.h"

PG_MODULE_MAGIC_EXT(.name = "nextauth", .version = NEXTAUTH_VERSION);

PGDLLEXPORT void _PG_init(void);

/*
 * Define the settings, and install the hooks.
 */
void
_PG_init(void)
{
	define_id_type_setting();
	define_identity_setting();
	define_settings();
	install_drop_hooks();
}
