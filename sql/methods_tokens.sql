--
-- Methods of an adapter: tokens that verify an e-mail address
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
SELECT count(*) FROM nextauth.extend_model('VerificationRequest', '{"locale": {"type": "text", "nullable": true}}');
SELECT nextauth.grant_adapter('regress_nextauth_app');
SET ROLE regress_nextauth_app;

-- create_verification_token() inserts one,
SELECT nextauth.create_verification_token('{"identifier": "ada@example.com", "token": "hash", "expires": "2131-01-01T00:00:00Z", "locale": "en"}') AS token \gset
SELECT key, value FROM json_each(:'token') WHERE key <> 'id';
SELECT COALESCE(m.key, v.key) AS differs FROM json_each(:'token') m
FULL JOIN (SELECT e.* FROM nextauth_pg.verification_token t, json_each(to_json(t)) e) v USING (key) WHERE m.value::text IS DISTINCT FROM v.value::text;
-- and use_verification_token() returns it once
SELECT nextauth.use_verification_token('bob@example.com', 'hash') IS NULL AS of_another, nextauth.use_verification_token('ada@example.com', 'other') IS NULL AS unknown;
SELECT nextauth.use_verification_token('ada@example.com', 'hash')::text = :'token' AS the_same;
SELECT nextauth.use_verification_token('ada@example.com', 'hash') IS NULL AS used;
-- One that has expired is not returned, and is gone
SELECT nextauth.create_verification_token('{"identifier": "ada@example.com", "token": "old", "expires": "2001-01-01"}') ->> 'token' AS token;
SELECT nextauth.use_verification_token('ada@example.com', 'old') IS NULL AS expired;
SELECT count(*) FROM nextauth.verification_requests;
-- What a transaction that is rolled back has used is there
SELECT nextauth.create_verification_token('{"identifier": "ada@example.com", "token": "hash", "expires": "2131-01-01"}') ->> 'token' AS token;
BEGIN;
SELECT nextauth.use_verification_token('ada@example.com', 'hash') ->> 'token' AS token;
ROLLBACK;
SELECT nextauth.use_verification_token('ada@example.com', 'hash') ->> 'token' AS token;

-- Errors
SELECT nextauth.create_verification_token('{"identifier": "ada@example.com", "tokens": "x"}');
\echo :SQLSTATE
SELECT nextauth.create_verification_token('{"identifier": "ada@example.com", "token": "x", "expires": "never"}');
\echo :SQLSTATE
SELECT nextauth.create_verification_token(NULL::text);
SELECT nextauth.use_verification_token(NULL, 'x');
SELECT nextauth.use_verification_token('ada@example.com', NULL);
SELECT count(*) FROM nextauth.verification_requests;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
