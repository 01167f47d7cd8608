/*-------------------------------------------------------------------------
 *
 * remembered.c
 *	  The identity that the backend remembers
 *
 * It is the value of a setting, because PostgreSQL ends and restores settings
 * with transactions and savepoints, forgets them by RESET ALL and DISCARD ALL,
 * and hands them to parallel workers.  A client can only empty it: the check
 * hook takes other values from this file alone, and in a worker that starts,
 * those of its leader.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "utils/guc.h"

#include "compat.h"
#include "identity.h"

#define IDENTITY_SETTING "nextauth.identity"

/* What the setting's value means, made once for all calls that return it */
typedef struct Identity
{
	Size		session;		/* offset of the session's text in texts */
	int32		texts[FLEXIBLE_ARRAY_MEMBER];	/* aligned as text is */
} Identity;

/* The length of the user's id, a colon, the user's id, the session's id */
static char *identity_value;
static const Identity *identity;

/* The value that this file is setting */
static const char *value_to_set;

static bool check_identity(char **newval, void **extra, GucSource source);
static void assign_identity(const char *newval, void *extra);
static const char *show_identity(void);
static bool is_ours(const char *value, GucSource source);
static Identity *make_identity(const char *value);
static void set_text(text *destination, const char *string, Size length);
static void set_identity(const char *value, GucAction action);

/*
 * Define the setting.
 */
void
define_identity_setting(void)
{
	DefineCustomStringVariable(IDENTITY_SETTING,
							   "Remembers the user and the session that nextauth.authenticate() found.",
							   "It is always shown as empty, and can only be reset.",
							   &identity_value, NULL, PGC_USERSET,
							   GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE |
							   GUC_DISALLOW_IN_FILE | GUC_DISALLOW_IN_AUTO_FILE,
							   check_identity, assign_identity, show_identity);
}

/*
 * Is the value empty, or ours?
 */
static bool
check_identity(char **newval, void **extra, GucSource source)
{
	if (*newval == NULL || **newval == '\0')
		return true;
	if (!is_ours(*newval, source))
	{
		GUC_check_errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM);
		GUC_check_errmsg("parameter \"%s\" can only be reset", IDENTITY_SETTING);
		GUC_check_errhint("Call nextauth.authenticate() with the token of a session.");
		return false;
	}
	*extra = make_identity(*newval);
	return *extra != NULL;
}

/*
 * Does this file set the value, or did it do so in the leader of this parallel
 * worker?  Settings of databases and roles reach a worker, too, but come from
 * another source.
 */
static bool
is_ours(const char *value, GucSource source)
{
	if (source != PGC_S_SESSION)
		return false;
	return InitializingParallelWorker ||
		(value_to_set && strcmp(value, value_to_set) == 0);
}

/*
 * Take the value apart, in memory that PostgreSQL frees with the value.  NULL
 * if there is not enough.
 */
static Identity *
make_identity(const char *value)
{
	const char *colon = strchr(value, ':');
	Size		user_length = strtoul(value, NULL, 10);
	Size		session_length = strlen(colon + 1) - user_length;
	Size		session = INTALIGN(VARHDRSZ + user_length);
	Identity   *result = guc_malloc(LOG, offsetof(Identity, texts) + session +
									VARHDRSZ + session_length);

	if (result == NULL)
		return NULL;
	result->session = session;
	set_text((text *) result->texts, colon + 1, user_length);
	set_text((text *) ((char *) result->texts + session),
			 colon + 1 + user_length, session_length);
	return result;
}

static void
set_text(text *destination, const char *string, Size length)
{
	SET_VARSIZE(destination, VARHDRSZ + length);
	memcpy(VARDATA(destination), string, length);
}

static void
assign_identity(const char *newval pg_attribute_unused(), void *extra)
{
	identity = extra;
}

/*
 * Nobody is to read the setting instead of calling user_id(): before the
 * library is loaded, a client can give a setting of this name any value.
 */
static const char *
show_identity(void)
{
	return "";
}

/*
 * Remember a user and a session, by their ids.
 */
void
remember_identity(const char *user, const char *session, IdentityScope scope)
{
	set_identity(psprintf("%zu:%s%s", strlen(user), user, session),
				 scope == UNTIL_RESET ? GUC_ACTION_SET : GUC_ACTION_LOCAL);
}

/*
 * Forget them, also if they were remembered until a reset.
 */
void
forget_identity(void)
{
	set_identity("", GUC_ACTION_SET);
}

static void
set_identity(const char *value, GucAction action)
{
	PG_TRY();
	{
		value_to_set = value;
		(void) set_config_option(IDENTITY_SETTING, value, PGC_USERSET,
								 PGC_S_SESSION, action, true, 0, false);
	}
	PG_FINALLY();
	{
		value_to_set = NULL;
	}
	PG_END_TRY();
}

/*
 * The id of the remembered user, or NULL.  It is valid until the identity
 * changes.
 */
const text *
remembered_user(void)
{
	return identity ? (const text *) identity->texts : NULL;
}

/*
 * The same of the session.
 */
const text *
remembered_session(void)
{
	return identity ?
		(const text *) ((const char *) identity->texts + identity->session) : NULL;
}
