/*-------------------------------------------------------------------------
 *
 * sign_in.c
 *	  sign_in(): what follows when a provider has said who somebody is
 *
 * The rules are those of Auth.js's callback handler.  Two first calls at once
 * make one user: whoever comes second waits for the first because of the
 * address, or fails on the other's account, undoes what it has written, and
 * looks again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/formatting.h"

#include "compat.h"
#include "methods.h"

/* Maximum number of looks */
#define MAX_TRIES 10

/* The claim of OpenID Connect */
#define VERIFIED_CLAIM "email_verified"

PG_FUNCTION_INFO_V1(sign_in);

typedef struct SignIn
{
	/* What the caller says */
	Jsonb	   *profile;
	Jsonb	   *given_account;
	Jsonb	   *given_session;	/* NULL: nothing */
	char	   *user_id;		/* of who is signed in already, or NULL */
	bool		links_by_email;
	bool		is_verified;	/* the e-mail address, says the provider */
	int64		max_age;

	char	   *email;			/* of the profile, or NULL */
	Shape	   *users;
	Shape	   *accounts;
	Shape	   *sessions;

	/* What came of it */
	MethodRow  *user;
	MethodRow  *account;
	MethodRow  *session;
	bool		is_new_user;
} SignIn;

static const char *const by_key[] = {"providerId", "providerAccountId"};
static const char *const by_email[] = {"email"};

static void report_hidden(void);
static bool is_of_other(const SignIn *sign_in, const ErrorData *error);
static bool is_there_now(const Shape *shape, List *given, int count,
						 const char *const *properties);
static void read_profile(SignIn *sign_in, Jsonb *profile);
static bool is_true(const JsonbValue *value);
static void read_options(SignIn *sign_in, Jsonb *options);
static void read_option(SignIn *sign_in, const char *name, JsonbValue *value);
static void try_to_sign_in(void *argument);
static char *id_of(const MethodRow *user);
static void add_user(const Shape *shape, List **given, const char *id);
static List *read_without_user(const Shape *shape, Jsonb *object);
static List *read_user(const SignIn *sign_in);
static bool find_known_user(SignIn *sign_in, List *account);
static char *known_id(const SignIn *sign_in);
static bool lock_email(SignIn *sign_in);
static char *owner_of_account(const SignIn *sign_in, const char *provider,
							  const char *signed_in);
static bool find_user_by_email(SignIn *sign_in, const char *provider);
static void report_not_linked(const char *provider, const char *detail);
static void insert_session(SignIn *sign_in, const char *user_id);
static Datum sign_in_datum(const SignIn *sign_in);

/*
 * sign_in(profile jsonb or text, account jsonb or text)
 * sign_in(profile, account, options jsonb or text)
 *
 * Signs in with an account at a provider: finds the account's user, or makes a
 * user of the profile and links the account to them, and makes a session.  The
 * options are "allowDangerousEmailAccountLinking", as of Auth.js's providers,
 * "userId" of who is signed in already, "maxAge" of the session in seconds, and
 * "session", its custom properties.  Returns "user", "account", "session" and
 * "isNewUser".
 *
 * Raises an ERROR if the account is another user's, or if its e-mail address is
 * and may not be linked; if several users have the address; and for a key that
 * is no property.
 */
Datum
sign_in(PG_FUNCTION_ARGS)
{
	SignIn		sign_in = {.max_age = DEFAULT_MAX_AGE};

	read_profile(&sign_in, get_object(fcinfo, 0, "profile"));
	sign_in.given_account = get_object(fcinfo, 1, "account");
	if (PG_NARGS() > 2)
		read_options(&sign_in, get_object(fcinfo, 2, "options"));
	(void) begin_write("sign_in()");

	for (int tries = 1;; tries++)
	{
		ErrorData  *error = run_in_subtransaction(try_to_sign_in, &sign_in, true);

		if (error == NULL && sign_in.session)
			return sign_in_datum(&sign_in);

		/* A later snapshot shows what another has just written */
		if (error && (tries > 2 || !is_of_other(&sign_in, error)))
			ReThrowError(error);
		if (IsolationUsesXactSnapshot() || tries == MAX_TRIES)
			report_hidden();
		CHECK_FOR_INTERRUPTS();
	}
}

static void
report_hidden(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not sign in because of a concurrent change"),
			 errhint("Run the transaction again.")));
}

/*
 * Can an error come of what another transaction has done meanwhile?  Where this
 * one's snapshot stays, that can be seen: a row that it hides has the account or
 * the address.
 */
static bool
is_of_other(const SignIn *sign_in, const ErrorData *error)
{
	List	   *account;

	if (!IsolationUsesXactSnapshot())
		return error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION ||
			error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION;
	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
		return false;
	account = read_given(sign_in->accounts, sign_in->given_account, true);
	return is_there_now(sign_in->accounts, account, 2, by_key) ||
		(sign_in->is_new_user &&
		 is_there_now(sign_in->users, read_user(sign_in), 1, by_email));
}

/*
 * Does any row have the given values of these properties by now?
 */
static bool
is_there_now(const Shape *shape, List *given, int count,
			 const char *const *properties)
{
	Statement	statement;

	begin_statement(&statement, shape, "SELECT ");
	appendStringInfo(&statement.sql, "FROM %s WHERE ", shape->table);
	for (int i = 0; i < count; i++)
	{
		char	   *text = given_text(find_given(given, properties[i]));

		if (text == NULL)
			return false;
		appendStringInfoString(&statement.sql, i == 0 ? "" : " AND ");
		add_condition(&statement, properties[i], text);
	}
	statement.sees_newest = true;
	return run_for_count(&statement) > 0;
}

/*
 * The claim that the address is verified is no property.
 */
static void
read_profile(SignIn *sign_in, Jsonb *profile)
{
	JsonbValue	buffer;
	JsonbValue *verified;

	sign_in->profile = profile;
	if (!JB_ROOT_IS_OBJECT(profile))
		return;
	verified = getKeyJsonValueFromContainer(&profile->root, VERIFIED_CLAIM,
											strlen(VERIFIED_CLAIM), &buffer);
	if (verified == NULL)
		return;
	sign_in->is_verified = is_true(verified);
	sign_in->profile = DatumGetJsonbP(DirectFunctionCall2(jsonb_delete,
														  JsonbPGetDatum(profile),
														  CStringGetTextDatum(VERIFIED_CLAIM)));
}

/*
 * Some providers give the claim as a string.
 */
static bool
is_true(const JsonbValue *value)
{
	return (value->type == jbvBool && value->val.boolean) ||
		(value->type == jbvString && value->val.string.len == 4 &&
		 strncmp(value->val.string.val, "true", 4) == 0);
}

static void
read_options(SignIn *sign_in, Jsonb *options)
{
	JsonbIterator *it = JsonbIteratorInit(&options->root);
	JsonbIteratorToken token;
	JsonbValue	name;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(options))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options of sign_in() must be a JSON object")));
	while ((token = JsonbIteratorNext(&it, &name, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&it, &value, true);
		read_option(sign_in, pnstrdup(name.val.string.val, name.val.string.len), &value);
	}
}

/*
 * Raise an ERROR if there is no such option, or if its value does not fit.
 */
static void
read_option(SignIn *sign_in, const char *name, JsonbValue *value)
{
	if (strcmp(name, "allowDangerousEmailAccountLinking") == 0 &&
		value->type == jbvBool)
		sign_in->links_by_email = value->val.boolean;
	else if (strcmp(name, "userId") == 0 && value->type == jbvString)
		sign_in->user_id = pnstrdup(value->val.string.val, value->val.string.len);
	else if (strcmp(name, "maxAge") == 0 && value->type == jbvNumeric)
		sign_in->max_age = DatumGetInt32(DirectFunctionCall1(numeric_int4,
															 NumericGetDatum(value->val.numeric)));
	else if (strcmp(name, "session") == 0 && value->type == jbvBinary)
		sign_in->given_session = JsonbValueToJsonb(value);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" of sign_in() does not exist, or has a value of another type",
						name),
				 errhint("The options are allowDangerousEmailAccountLinking, maxAge, session and userId.")));
}

/*
 * One look.  Without a session afterwards, the user was deleted meanwhile.
 */
static void
try_to_sign_in(void *argument)
{
	SignIn	   *sign_in = argument;
	List	   *account;
	char	   *id;

	sign_in->users = open_shape(users_definition()->name, WRITES);
	sign_in->accounts = open_shape("Account", WRITES);
	sign_in->sessions = open_shape("Session", WRITES);
	sign_in->user = sign_in->account = sign_in->session = NULL;
	account = read_without_user(sign_in->accounts, sign_in->given_account);

	sign_in->is_new_user = !find_known_user(sign_in, account);
	if (sign_in->is_new_user)
		sign_in->user = insert_given(sign_in->users, read_user(sign_in));
	id = id_of(sign_in->user);
	if (!sign_in->is_new_user && !lock_user(sign_in->users, id, "FOR KEY SHARE"))
		return;
	if (sign_in->account == NULL)
	{
		add_user(sign_in->accounts, &account, id);
		sign_in->account = insert_given(sign_in->accounts,
										complete_account(sign_in->accounts, account));
	}
	insert_session(sign_in, id);
}

/*
 * The id of a user.
 *
 * Raise an ERROR if it is null.
 */
static char *
id_of(const MethodRow *user)
{
	char	   *id = value_of(user, get_term(user->shape, "id")->property);

	if (id == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("a user without an id cannot sign in")));
	return id;
}

/*
 * Let a new row be the user's.
 */
static void
add_user(const Shape *shape, List **given, const char *id)
{
	const Term *term = get_term(shape, user_property(shape->definition));

	add_given(given, term, text_value(term, id, true));
}

/*
 * read_given() of what sign_in() itself finds the user of.
 */
static List *
read_without_user(const Shape *shape, Jsonb *object)
{
	List	   *given = read_given(shape, object, true);
	const char *property = user_property(shape->definition);

	if (find_given(given, property))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sign_in() takes no \"%s\" of model \"%s\"", property,
						shape->definition->name),
				 errhint("It finds the user.  Who is signed in already is the option userId.")));
	return given;
}

/*
 * The user of the profile, with the address in lower case, as Auth.js has it.
 */
static List *
read_user(const SignIn *sign_in)
{
	List	   *user = read_given(sign_in->users, sign_in->profile, true);
	Given	   *email = find_given(user, "email");
	char	   *text = given_text(email);

	if (text)
		email->value = text_value(email->term,
								  str_tolower(text, strlen(text), DEFAULT_COLLATION_OID),
								  true);
	return user;
}

/*
 * Find the user to sign in, and the account if it is linked already.  Returns
 * false if a user is to be made.
 *
 * Raise an ERROR if the account, or its address, is another user's.
 */
static bool
find_known_user(SignIn *sign_in, List *account)
{
	static const char *const by_id[] = {"id"};
	char	   *key[2];
	char	   *id = known_id(sign_in);

	for (int i = 0; i < 2; i++)
	{
		key[i] = given_text(find_given(account, by_key[i]));
		if (key[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("\"%s\" must be given",
							get_term(sign_in->accounts, by_key[i])->name)));
	}
	sign_in->account = find_row(sign_in->accounts, 2, by_key, key, false);

	/* Who had the turn before this one may have linked it */
	if (sign_in->account == NULL && id == NULL && lock_email(sign_in))
		sign_in->account = find_row(sign_in->accounts, 2, by_key, key, false);
	if (sign_in->account)
		id = owner_of_account(sign_in, key[0], id);
	if (id == NULL)
		return find_user_by_email(sign_in, key[0]);
	sign_in->user = find_row(sign_in->users, 1, by_id, &id, false);
	if (sign_in->user == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("user \"%s\" does not exist", id)));
	return true;
}

/*
 * The id of who is signed in already, as the column prints it, or NULL.
 */
static char *
known_id(const SignIn *sign_in)
{
	const Term *term = get_term(sign_in->users, "id");

	return sign_in->user_id ?
		value_text(term, text_value(term, sign_in->user_id, false)) : NULL;
}

/*
 * Read the profile's address, and let no other call make a user of it until the
 * end of the transaction: it need not be unique.  Returns false if there is
 * none.
 */
static bool
lock_email(SignIn *sign_in)
{
	char	   *email = given_text(find_given(read_user(sign_in), by_email[0]));

	sign_in->email = email;
	if (email == NULL)
		return false;
	LockDatabaseObject(sign_in->users->relid,
					   DatumGetUInt32(hash_any((unsigned char *) email, strlen(email))),
					   0, ExclusiveLock);
	return true;
}

/*
 * The id of the account's user.  "signed_in" is who is signed in already, or
 * NULL.
 *
 * Raise an ERROR if these are not the same, or if the account has none.
 */
static char *
owner_of_account(const SignIn *sign_in, const char *provider,
				 const char *signed_in)
{
	char	   *id = value_of(sign_in->account,
							  user_property(sign_in->accounts->definition));

	if (id == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("account of provider \"%s\" has no user", provider)));
	if (signed_in && strcmp(signed_in, id) != 0)
		report_not_linked(provider, "The account is another user's.");
	return id;
}

/*
 * Returns false if nobody has the profile's address.
 *
 * Raise an ERROR if somebody has it and must not be signed in for that, if
 * several have, or if somebody has it whom this transaction's snapshot hides.
 */
static bool
find_user_by_email(SignIn *sign_in, const char *provider)
{
	if (sign_in->email == NULL)
		return false;
	sign_in->user = find_row(sign_in->users, 1, by_email, &sign_in->email, false);
	if (sign_in->user == NULL)
	{
		if (IsolationUsesXactSnapshot() &&
			is_there_now(sign_in->users, read_user(sign_in), 1, by_email))
			report_hidden();
		return false;
	}
	if (!sign_in->links_by_email)
		report_not_linked(provider, "A user who signs in in another way has its e-mail address.");
	if (!sign_in->is_verified)
		report_not_linked(provider, "A user has its e-mail address, and the provider does not say that this is verified.");
	return true;
}

/*
 * Auth.js calls this OAuthAccountNotLinked.
 */
static void
report_not_linked(const char *provider, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("account of provider \"%s\" is not linked to the user", provider),
			 errdetail_internal("%s", detail),
			 errhint("Auth.js calls this OAuthAccountNotLinked.")));
}

static void
insert_session(SignIn *sign_in, const char *user_id)
{
	List	   *session = sign_in->given_session ?
		read_without_user(sign_in->sessions, sign_in->given_session) : NIL;

	add_user(sign_in->sessions, &session, user_id);
	session = complete_session(sign_in->sessions, session, sign_in->max_age);
	sign_in->session = insert_given(sign_in->sessions, session);
}

static Datum
sign_in_datum(const SignIn *sign_in)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "{\"user\": ");
	append_row(&buf, sign_in->user);
	appendStringInfoString(&buf, ", \"account\": ");
	append_row(&buf, sign_in->account);
	appendStringInfoString(&buf, ", \"session\": ");
	append_row(&buf, sign_in->session);
	appendStringInfo(&buf, ", \"isNewUser\": %s}",
					 sign_in->is_new_user ? "true" : "false");
	return PointerGetDatum(cstring_to_text_with_len(buf.data, buf.len));
}
