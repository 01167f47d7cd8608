/*-------------------------------------------------------------------------
 *
 * token.c
 *	  Tokens and hashes that rows hold, as NextAuth.js v3 makes them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "compat.h"
#include "model.h"

/* Random bytes of a token */
#define TOKEN_BYTES 32

/*
 * The lower-case hexadecimal SHA-256 of provider:account, in UTF-8.
 */
char *
hash_compound_id(const char *provider, const char *account)
{
	char	   *key = psprintf("%s:%s", provider, account);
	char	   *utf8 = pg_server_to_any(key, strlen(key), PG_UTF8);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *hex = palloc0(PG_SHA256_DIGEST_LENGTH * 2 + 1);
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);

	if (pg_cryptohash_init(ctx) < 0 ||
		pg_cryptohash_update(ctx, (uint8 *) utf8, strlen(utf8)) < 0 ||
		pg_cryptohash_final(ctx, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute SHA-256 hash: %s",
			 pg_cryptohash_error(ctx));
	pg_cryptohash_free(ctx);
	hex_encode((char *) digest, sizeof(digest), hex);
	return hex;
}

/*
 * A secret, in hexadecimal.
 */
char *
make_token(void)
{
	uint8		bytes[TOKEN_BYTES];
	char	   *hex = palloc0(TOKEN_BYTES * 2 + 1);

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random token")));
	hex_encode((char *) bytes, sizeof(bytes), hex);
	return hex;
}
