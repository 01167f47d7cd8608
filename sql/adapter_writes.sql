--
-- Writing through adapters' views: columns that fill themselves, and times that
-- are converted
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM unnest('{pg,supabase,prisma,kysely,drizzle,typeorm,sequelize,mikro-orm,better-auth}'::text[]) a,
  nextauth.add_adapter(a);
INSERT INTO nextauth.users (id) VALUES ('ada'), ('bob');
SET datestyle = ISO;
SET timezone = 'Asia/Kolkata';

--
-- Accounts: compound_id is what next-auth 3 makes of provider and account
--
BEGIN;
INSERT INTO nextauth_kysely."Account" ("userId", type, provider, "providerAccountId") VALUES ('ada', 'oidc', 'google', '1'), ('ada', 'oauth', 'github', 'Ada Lovelace');
SELECT provider_id, provider_type, compound_id, compound_id = encode(sha256(convert_to(provider_id || ':' || provider_account_id, 'UTF8')), 'hex') AS is_hash
FROM nextauth.accounts ORDER BY 1;
-- it follows them,
UPDATE nextauth_prisma."Account" SET "providerAccountId" = 'ada' WHERE provider = 'github';
UPDATE nextauth_pg.accounts SET provider = 'apple' WHERE provider = 'google';
UPDATE nextauth_pg.accounts SET scope = 'email';
SELECT provider_id, compound_id = encode(sha256((provider_id || ':' || provider_account_id)::bytea), 'hex') AS is_hash FROM nextauth.accounts ORDER BY 1;
-- unless it is given
UPDATE nextauth.accounts SET compound_id = 'own', provider_account_id = '3' WHERE provider_id = 'apple';
INSERT INTO nextauth.accounts (user_id, provider_type, provider_id, provider_account_id, compound_id) VALUES ('bob', 'oauth', 'apple', '4', 'given');
SELECT compound_id FROM nextauth.accounts WHERE provider_id = 'apple' ORDER BY 1;
UPDATE nextauth.accounts SET compound_id = NULL WHERE provider_id = 'apple';
SELECT compound_id = encode(sha256((provider_id || ':' || provider_account_id)::bytea), 'hex') AS is_hash FROM nextauth.accounts WHERE provider_id = 'apple';
-- so nobody is linked twice
INSERT INTO nextauth_drizzle.account ("userId", type, provider, "providerAccountId") VALUES ('bob', 'oauth', 'github', 'ada');
ROLLBACK;
-- Better Auth knows no type: its accounts are OAuth's, or have a password
BEGIN;
INSERT INTO nextauth_better_auth.account ("userId", "providerId", "accountId", password) VALUES ('ada', 'credential', 'ada', 'scrypt'), ('ada', 'github', '1', NULL);
SELECT provider, type FROM nextauth_kysely."Account" ORDER BY 1;
\set VERBOSITY terse
SAVEPOINT s;
INSERT INTO nextauth_kysely."Account" ("userId", type, "providerAccountId") VALUES ('ada', 'oauth', '1');
ROLLBACK TO s;
INSERT INTO nextauth_kysely."Account" ("userId", type, provider) VALUES ('ada', 'oauth', 'github');
\set VERBOSITY default
ROLLBACK;

-- expires_at, seconds of today's adapters, and access_token_expires, the time
-- of next-auth 3 and Better Auth: the one follows the other
BEGIN;
CREATE TEMP TABLE given (n int, expires_at int, access_token_expires timestamptz);
INSERT INTO given VALUES (1, 1925000000, NULL), (2, NULL, '2031-01-01 00:00:00.999999+00'), (3, NULL, NULL), (4, 1, '2031-01-01 00:00+00'),
  (5, -1, NULL), (6, NULL, '1999-12-31 23:59:59.5+00'), (7, NULL, '1960-01-01 00:00:00.5+00'), (8, NULL, 'infinity'), (9, NULL, '-infinity'),
  (10, NULL, '2038-01-19 03:14:07+00'), (11, NULL, '2038-01-19 03:14:08+00'), (12, 2147483647, NULL), (13, -2147483648, NULL);
INSERT INTO nextauth.accounts (user_id, provider_id, provider_account_id, expires_at, access_token_expires)
SELECT 'ada', 'github', n, expires_at, access_token_expires FROM given;
SELECT n, g.expires_at AS given, g.access_token_expires AT TIME ZONE 'UTC' AS given, a.expires_at, a.access_token_expires AT TIME ZONE 'UTC' AS access_token_expires,
  a.expires_at = floor(extract(epoch FROM a.access_token_expires)) AS same
FROM given g JOIN nextauth.accounts a ON n = provider_account_id::int ORDER BY 1;
DELETE FROM nextauth.accounts WHERE provider_account_id <> '1';
-- in updates, too
UPDATE nextauth_pg.accounts SET expires_at = 1925000001 RETURNING expires_at;
SELECT "accessTokenExpiresAt" AT TIME ZONE 'UTC' FROM nextauth_better_auth.account;
UPDATE nextauth_better_auth.account SET "accessTokenExpiresAt" = '2031-01-01 00:00:02.5+00';
SELECT expires_at FROM nextauth_prisma."Account";
UPDATE nextauth_better_auth.account SET scope = 'x';
SELECT expires_at, access_token_expires AT TIME ZONE 'UTC' FROM nextauth.accounts;
UPDATE nextauth_drizzle.account SET expires_at = NULL;
SELECT expires_at, access_token_expires FROM nextauth.accounts;
UPDATE nextauth.accounts SET expires_at = 1, access_token_expires = '2031-01-01 00:00+00';
SELECT expires_at, access_token_expires AT TIME ZONE 'UTC' FROM nextauth.accounts;
UPDATE nextauth.accounts SET access_token_expires = 'infinity';
SELECT expires_at, access_token_expires FROM nextauth.accounts;
ROLLBACK;

--
-- Sessions: access_token, of next-auth 3 alone, is random
--
BEGIN;
INSERT INTO nextauth_pg.sessions ("userId", "sessionToken", expires) VALUES ('ada', 'a', '2031-01-01'), ('ada', 'b', '2031-01-01');
INSERT INTO nextauth_drizzle.session ("userId", "sessionToken", expires) VALUES ('ada', 'c', '2031-01-01');
INSERT INTO nextauth_better_auth.session (id, "userId", token, "expiresAt", "ipAddress") VALUES ('d', 'ada', 'd', '2031-01-01', '::1');
INSERT INTO nextauth.sessions (user_id, session_token, access_token, expires) VALUES ('ada', 'e', 'given', '2031-01-01');
SELECT session_token, access_token ~ '^[0-9a-f]{64}$' AS is_random FROM nextauth.sessions ORDER BY 1;
SELECT count(DISTINCT access_token) FROM nextauth.sessions;
-- and stays
CREATE TEMP TABLE before AS SELECT * FROM nextauth.sessions;
UPDATE nextauth_typeorm.sessions SET expires = '1925000000000';
SELECT count(*) FROM nextauth.sessions JOIN before USING (session_token, access_token);
UPDATE nextauth.sessions SET access_token = NULL WHERE session_token = 'e' RETURNING access_token ~ '^[0-9a-f]{64}$' AS is_random;
ROLLBACK;

--
-- Verification: Better Auth sees the token of an Auth.js request as the value,
-- but what proves something to it is no token of Auth.js
--
BEGIN;
INSERT INTO nextauth_pg.verification_token (identifier, token, expires) VALUES ('ada@example.com', 'auth.js', '2031-01-01');
INSERT INTO nextauth_better_auth.verification (id, identifier, value, "expiresAt") VALUES ('1', 'ada@example.com', 'better', '2031-01-01');
INSERT INTO nextauth.verification_requests (identifier, expires) VALUES ('nobody', '2031-01-01');
SELECT identifier, CASE WHEN token ~ '^[0-9a-f]{64}$' THEN 'random' ELSE token END AS token, value = token AS same, value FROM nextauth.verification_requests ORDER BY 1, 2;
SELECT token FROM nextauth_pg.verification_token WHERE token = 'better';
SELECT value FROM nextauth_better_auth.verification WHERE identifier = 'ada@example.com' ORDER BY 1;
ROLLBACK;

--
-- One time, written and read by each, in every session's time zone
--
CREATE FUNCTION pg_temp.write_and_read(zone text) RETURNS TABLE (writer text, pg timestamptz, prisma timestamp, drizzle timestamp, typeorm text, sequelize timestamptz, better_auth timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  millisecond timestamptz := '2031-03-30 02:30:00.123+00';
BEGIN
  PERFORM set_config('timezone', zone, true);
  INSERT INTO nextauth_pg.sessions ("userId", "sessionToken", expires) VALUES ('ada', 'pg', millisecond);
  INSERT INTO nextauth_prisma."Session" ("userId", "sessionToken", expires) VALUES ('ada', 'prisma', '2031-03-30 02:30:00.123');
  INSERT INTO nextauth_drizzle.session ("userId", "sessionToken", expires) VALUES ('ada', 'drizzle', '2031-03-30T02:30:00.123Z');
  INSERT INTO nextauth_typeorm.sessions ("userId", "sessionToken", expires) VALUES ('ada', 'typeorm', '1932604200123');
  INSERT INTO nextauth_mikro_orm.session (user_id, session_token, expires) VALUES ('ada', 'mikro-orm', '2031-03-30T02:30:00.123Z');
  INSERT INTO nextauth_better_auth.session (id, "userId", token, "expiresAt") VALUES ('x', 'ada', 'better-auth', '2031-03-30T02:30:00.123Z');
  RETURN QUERY
    SELECT b.token::text, p.expires, r.expires, d.expires, t.expires::text, s.expires, b."expiresAt"
    FROM nextauth_better_auth.session b
    JOIN nextauth_pg.sessions p ON p."sessionToken" = b.token
    JOIN nextauth_prisma."Session" r ON r."sessionToken" = b.token
    JOIN nextauth_drizzle.session d ON d."sessionToken" = b.token
    JOIN nextauth_typeorm.sessions t ON t."sessionToken" = b.token
    JOIN nextauth_sequelize.sessions s ON s.session_token = b.token ORDER BY 1;
  DELETE FROM nextauth.sessions;
END $$;
SELECT * FROM pg_temp.write_and_read('UTC');
SELECT DISTINCT zone, pg AT TIME ZONE 'UTC' AS pg, prisma, drizzle, typeorm, sequelize AT TIME ZONE 'UTC' AS sequelize, better_auth AT TIME ZONE 'UTC' AS better_auth
FROM unnest('{UTC,Asia/Kolkata,America/New_York,Europe/Berlin,Pacific/Apia}'::text[]) zone, pg_temp.write_and_read(zone) ORDER BY zone;
SET timezone = 'Asia/Kolkata';

-- milliseconds: before 1970, in a far future; a part of one is cut off, as
-- JavaScript does
BEGIN;
INSERT INTO nextauth_typeorm.users (id, "emailVerified") SELECT ms, ms
FROM unnest('{0,1,-1,-1500,-62135596800000,1925000000123,8589946966432,253402300799999}'::text[]) ms RETURNING id, "emailVerified";
SELECT email_verified AT TIME ZONE 'UTC' FROM nextauth.users ORDER BY email_verified;
SELECT count(*) FROM nextauth_typeorm.users WHERE id <> "emailVerified";
UPDATE nextauth.users SET email_verified = '1969-12-31 23:59:59.9995+00' WHERE id = '-1';
UPDATE nextauth.users SET email_verified = '2031-01-01 00:00:00.123999+00' WHERE id = '1';
SELECT id, "emailVerified" FROM nextauth_typeorm.users WHERE id IN ('1', '-1') ORDER BY id;
-- what is no number is refused
CREATE FUNCTION pg_temp.outcome(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE command INTO result;
  RETURN coalesce(result, 'done');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT ms, pg_temp.outcome(format('UPDATE nextauth_typeorm.users SET "emailVerified" = %L WHERE id = %L RETURNING "emailVerified"', ms, '0'))
FROM unnest('{"",2031-02-03,1e3,12.7,NaN,1e300,9223372036854775807,Infinity," 5 ","5; DROP TABLE users"}'::text[]) ms;
-- a time that is not to be seen as one is there, all the same
UPDATE nextauth.users SET email_verified = 'infinity' WHERE id = '0';
SELECT "emailVerified" FROM nextauth_typeorm.users WHERE id = '0';
UPDATE nextauth_typeorm.users SET name = 'ever' WHERE id = '0' RETURNING name, "emailVerified";
UPDATE nextauth_typeorm.users SET "emailVerified" = NULL WHERE id = '0' RETURNING "emailVerified";
ROLLBACK;

-- who changes something else changes no time: microseconds stay
BEGIN;
UPDATE nextauth.users SET email_verified = '2031-01-01 00:00:00.123456+00', created_at = '2030-01-01 00:00:00.654321+00', updated_at = created_at WHERE id = 'ada';
UPDATE nextauth_typeorm.users SET name = 'Ada', "emailVerified" = "emailVerified" WHERE id = 'ada' RETURNING name, "emailVerified";
UPDATE nextauth_prisma."User" SET image = 'x' WHERE id = 'ada' RETURNING "emailVerified", "createdAt";
UPDATE nextauth_better_auth."user" SET "emailVerified" = true, email = 'ada@example.com' WHERE id = 'ada' RETURNING "emailVerified";
SELECT name, image, email, email_verified AT TIME ZONE 'UTC' AS email_verified, created_at AT TIME ZONE 'UTC' AS created_at FROM nextauth.users WHERE id = 'ada';
UPDATE nextauth_typeorm.users SET "emailVerified" = '1925000000000' WHERE id = 'ada';
SELECT email_verified AT TIME ZONE 'UTC' AS email_verified FROM nextauth.users WHERE id = 'ada';
ROLLBACK;

--
-- Better Auth's flag: true is a time, now where there was none
--
BEGIN;
SELECT id, "emailVerified" FROM nextauth_better_auth."user" ORDER BY 1;
UPDATE nextauth_better_auth."user" SET "emailVerified" = true WHERE id = 'ada' RETURNING "emailVerified";
SELECT email_verified = now() AS is_now FROM nextauth.users WHERE id = 'ada';
UPDATE nextauth_better_auth."user" SET "emailVerified" = false WHERE id = 'ada' RETURNING "emailVerified";
SELECT email_verified FROM nextauth.users WHERE id = 'ada';
INSERT INTO nextauth_better_auth."user" (id, email, "emailVerified") VALUES ('c', 'c@example.com', true), ('d', 'd@example.com', false), ('e', 'e@example.com', NULL) RETURNING id, "emailVerified";
SELECT id, email_verified = now() AS is_now FROM nextauth.users WHERE id IN ('c', 'd', 'e') ORDER BY 1;
UPDATE nextauth_better_auth."user" SET "emailVerified" = NULL WHERE id = 'c' RETURNING "emailVerified";
SELECT count(*) FROM nextauth_better_auth."user" WHERE "emailVerified";
ROLLBACK;

--
-- INSERT, UPDATE, DELETE through a view with a trigger
--
BEGIN;
-- what is not given, or null, gets its default; RETURNING shows the row as it is
INSERT INTO nextauth_prisma."User" (name) VALUES ('Eve')
RETURNING id ~ '^[0-9a-f-]{36}$' AS has_id, name, email, "createdAt" = now() AT TIME ZONE 'UTC' AS is_now;
INSERT INTO nextauth_drizzle."user" (id, name) VALUES (DEFAULT, 'Eve'), (NULL, 'Eve') RETURNING id IS NOT NULL AS has_id;
INSERT INTO nextauth_typeorm.users DEFAULT VALUES RETURNING id IS NOT NULL AS has_id, "emailVerified";
INSERT INTO nextauth_prisma."User" ("createdAt", "updatedAt") VALUES (NULL, NULL) RETURNING "createdAt" IS NOT NULL AS has_time;
-- several at once
INSERT INTO nextauth_drizzle.session ("sessionToken", "userId", expires) SELECT 's' || n, 'ada', timestamp '2031-01-01' + n * interval '1 day' FROM generate_series(1, 3) n
RETURNING "sessionToken", expires;
UPDATE nextauth_drizzle.session SET expires = expires + interval '1 hour', "sessionToken" = "sessionToken" || '!' WHERE expires > '2031-01-02' RETURNING "sessionToken", expires;
DELETE FROM nextauth_drizzle.session USING nextauth_typeorm.users u WHERE u.id = "userId" AND expires > '2031-01-03' RETURNING "sessionToken", u.id;
UPDATE nextauth_drizzle.session SET expires = '2031-01-01' WHERE "sessionToken" = 'none' RETURNING expires;
DELETE FROM nextauth_drizzle.session WHERE "sessionToken" = 'none' RETURNING expires;
WITH used AS (DELETE FROM nextauth_drizzle.session RETURNING *)
SELECT "sessionToken" FROM used ORDER BY 1;
-- errors are those of the table
\set VERBOSITY terse
SAVEPOINT s;
INSERT INTO nextauth_prisma."User" (id, email) VALUES ('ada', 'x');
ROLLBACK TO s;
INSERT INTO nextauth_typeorm.sessions ("sessionToken", "userId") VALUES ('s', 'ada');
ROLLBACK TO s;
UPDATE nextauth_prisma."User" SET id = NULL WHERE id = 'ada';
ROLLBACK TO s;
INSERT INTO nextauth_prisma."User" (id, "createdAt") VALUES ('x', 'yesterday at tea');
ROLLBACK TO s;
TRUNCATE nextauth_prisma."User";
\set VERBOSITY default
ROLLBACK;

-- COPY takes a view with a trigger
BEGIN;
COPY nextauth_typeorm.users (id, name, "emailVerified") FROM stdin;
c	Carol	1925000000123
d	Dave	\N
\.
SELECT id, name, email_verified AT TIME ZONE 'UTC' AS email_verified FROM nextauth.users WHERE id IN ('c', 'd') ORDER BY 1;
COPY (SELECT id, "emailVerified" FROM nextauth_typeorm.users WHERE id IN ('c', 'd') ORDER BY id) TO stdout;
ROLLBACK;
-- ON CONFLICT takes one without
BEGIN;
INSERT INTO nextauth_kysely."User" (id, name) VALUES ('ada', 'Ada'), ('c', 'Carol') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id, name;
INSERT INTO nextauth_pg.users (id) VALUES ('ada') ON CONFLICT DO NOTHING RETURNING id;
SAVEPOINT s;
INSERT INTO nextauth_prisma."User" (id, name) VALUES ('ada', 'Ada') ON CONFLICT (id) DO UPDATE SET name = excluded.name;
ROLLBACK TO s;
INSERT INTO nextauth_prisma."User" (id, name) VALUES ('ada', 'Ada') ON CONFLICT DO NOTHING;
ROLLBACK TO s;
-- MERGE takes any view from PostgreSQL 17 on
SELECT current_setting('server_version_num')::int >= 170000 AS merges_into_views \gset
\if :merges_into_views
MERGE INTO nextauth_prisma."User" u USING (VALUES ('ada', 'Countess'), ('d', 'Dave')) v (id, name) ON u.id = v.id
WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (v.id, v.name);
\else
UPDATE nextauth_prisma."User" SET name = 'Countess' WHERE id = 'ada';
INSERT INTO nextauth_prisma."User" (id, name) VALUES ('d', 'Dave');
\endif
SELECT id, name FROM nextauth_kysely."User" ORDER BY 1;
ROLLBACK;

-- a trigger of the table's that does nothing leaves nothing to be returned
BEGIN;
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER nothing BEFORE INSERT OR UPDATE OR DELETE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
INSERT INTO nextauth_prisma."User" (id) VALUES ('c') RETURNING id;
UPDATE nextauth_prisma."User" SET name = 'x' WHERE id = 'ada' RETURNING id;
DELETE FROM nextauth_prisma."User" RETURNING id;
SELECT id, name FROM nextauth.users ORDER BY 1;
ROLLBACK;
-- and one that changes the row is seen
BEGIN;
CREATE FUNCTION pg_temp.lower() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.email = lower(NEW.email); RETURN NEW; END';
CREATE TRIGGER lower BEFORE INSERT OR UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION pg_temp.lower();
INSERT INTO nextauth_prisma."User" (id, email) VALUES ('c', 'C@Example.com') RETURNING email;
UPDATE nextauth_typeorm.users SET email = 'Carol@Example.com' WHERE id = 'c' RETURNING email;
ROLLBACK;

-- it finds what it calls by the search_path of whoever writes, as ever; nothing
-- else is looked up there
BEGIN;
CREATE SCHEMA regress_nextauth_forged;
SET LOCAL search_path = regress_nextauth_forged, pg_catalog;
CREATE TABLE log (id text);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END';
CREATE TRIGGER log AFTER INSERT OR UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION log();
CREATE FUNCTION now() RETURNS timestamptz LANGUAGE sql AS $$SELECT pg_catalog.timestamptz 'epoch'$$;
CREATE FUNCTION floor(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE FUNCTION to_timestamp(float8) RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
CREATE FUNCTION div(numeric, numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE FUNCTION timezone(text, timestamp) RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
CREATE FUNCTION forged(float8, interval) RETURNS interval LANGUAGE sql AS $$SELECT interval '1 year'$$;
CREATE OPERATOR * (FUNCTION = forged, LEFTARG = float8, RIGHTARG = interval);
CREATE FUNCTION forged(numeric, int) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE OPERATOR * (FUNCTION = forged, LEFTARG = numeric, RIGHTARG = int);
CREATE FUNCTION forged(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR = (FUNCTION = forged, LEFTARG = text, RIGHTARG = text);
CREATE DOMAIN varchar AS text CHECK (value OPERATOR(pg_catalog.=) '');
INSERT INTO nextauth_typeorm.users (id, "emailVerified") VALUES ('c', '1925000000123') RETURNING "emailVerified";
INSERT INTO nextauth_drizzle."user" (id, "emailVerified") VALUES ('d', '2031-01-01') RETURNING "emailVerified";
INSERT INTO nextauth_better_auth."user" (id, "emailVerified") VALUES ('e', true) RETURNING "emailVerified";
UPDATE nextauth_typeorm.users SET name = 'Carol' WHERE id OPERATOR(pg_catalog.=) 'c';
SELECT id, name, email_verified AT TIME ZONE 'UTC' > '2000-01-01' AS is_right FROM nextauth.users ORDER BY id;
SELECT * FROM log ORDER BY id;
ROLLBACK;

--
-- A row is found by a key of the table that the view shows: the id, the token,
-- or what is NOT NULL of an account, but for what cannot be compared
--
BEGIN;
SELECT action FROM nextauth.extend_model('Account', '{"profile": {"type": "json", "default": {}}, "position": {"type": "point", "defaultExpression": "''(1,2)''"}}');
INSERT INTO nextauth_prisma."Account" ("userId", type, provider, "providerAccountId") VALUES ('ada', 'oauth', 'github', '1'), ('ada', 'oauth', 'google', '1');
UPDATE nextauth_prisma."Account" SET scope = 'email', profile = '{"login": "ada"}' WHERE provider = 'github' RETURNING provider, scope, profile, position;
DELETE FROM nextauth_prisma."Account" WHERE provider = 'google' RETURNING provider;
SELECT provider, scope FROM nextauth_kysely."Account";
ROLLBACK;
-- all rows are never meant
BEGIN;
INSERT INTO nextauth_prisma."VerificationToken" (identifier, token, expires) VALUES ('a', '1', '2031-01-01'), ('b', '2', '2031-01-01');
ALTER TABLE nextauth.verification_requests ALTER identifier DROP NOT NULL, ALTER token DROP NOT NULL;
DELETE FROM nextauth_prisma."VerificationToken" WHERE token = '1' RETURNING identifier;
SELECT conname AS token_is_unique FROM pg_constraint WHERE conrelid = 'nextauth.verification_requests'::regclass AND contype = 'u' \gset
ALTER TABLE nextauth.verification_requests DROP CONSTRAINT :"token_is_unique";
SAVEPOINT s;
DELETE FROM nextauth_prisma."VerificationToken" WHERE token = '2';
ROLLBACK TO s;
UPDATE nextauth_prisma."VerificationToken" SET identifier = 'c' WHERE token = '2';
ROLLBACK TO s;
SELECT identifier FROM nextauth_kysely."VerificationToken";
ROLLBACK;
-- the functions are for triggers only, and for the adapters' views
SELECT nextauth.write_through_view();
SELECT nextauth.fill_account();
BEGIN;
CREATE VIEW pg_temp.names AS SELECT id, lower(name) AS name FROM nextauth.users;
CREATE TRIGGER write INSTEAD OF INSERT ON pg_temp.names FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view();
INSERT INTO pg_temp.names VALUES ('x', 'X');
ROLLBACK;
BEGIN;
CREATE TEMP TABLE own (x int);
CREATE TRIGGER fill AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION nextauth.fill_session();
INSERT INTO own VALUES (1);
ROLLBACK;

--
-- Serial ids, of next-auth 3, are PostgreSQL's to give, as is an identity
--
BEGIN;
RESET ROLE;
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
DROP OWNED BY regress_nextauth_owner CASCADE;
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
SELECT count(*) FROM nextauth.add_adapter('pg');
INSERT INTO nextauth_pg.users (name) VALUES ('Ada') RETURNING id, name;
INSERT INTO nextauth.users (name) VALUES ('v3') RETURNING id;
INSERT INTO nextauth_pg.accounts ("userId", provider, type, "providerAccountId", access_token, expires_at, refresh_token, id_token, scope, session_state, token_type)
VALUES (1, 'github', 'oauth', '1', 'a', 1925000000, 'r', 'i', 's', 't', 'bearer') RETURNING id, "userId", expires_at;
INSERT INTO nextauth_pg.sessions ("userId", expires, "sessionToken") VALUES (1, '2031-01-01', 's') RETURNING id, "sessionToken", "userId";
SELECT u.* FROM nextauth_pg.users u JOIN nextauth_pg.accounts a ON u.id = a."userId" WHERE a.provider = 'github' AND a."providerAccountId" = '1';
-- next-auth 3 reads what they write
SELECT user_id, compound_id = encode(sha256('github:1'), 'hex') AS is_hash, provider_type, access_token_expires AT TIME ZONE 'UTC' FROM nextauth.accounts;
ALTER TABLE nextauth.users ALTER id DROP DEFAULT, ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 10);
INSERT INTO nextauth_pg.users (name) VALUES ('Bob') RETURNING id;
ROLLBACK;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
