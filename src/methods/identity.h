/*-------------------------------------------------------------------------
 *
 * identity.h
 *	  Who is asking: the user and the session that a token was found to belong to
 *
 *-------------------------------------------------------------------------
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "catalog/nextauth_catalog.h"

/* How long an identity is remembered */
typedef enum IdentityScope
{
	UNTIL_TRANSACTION_END,
	UNTIL_RESET
} IdentityScope;

/* remembered.c: the identity that the backend remembers */
extern void define_identity_setting(void);
extern void remember_identity(const char *user, const char *session,
							  IdentityScope scope);
extern void forget_identity(void);
extern const text *remembered_user(void);
extern const text *remembered_session(void);

/* token_owner.c: whose session a token is */
extern bool find_token_owner(text *token, char **user, char **session);

#endif							/* IDENTITY_H */
