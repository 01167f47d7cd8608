--
-- Foreign keys: where an adapter deletes a user alone, the rest follows
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
SET ROLE regress_nextauth_owner;
CREATE FUNCTION pg_temp.keys() RETURNS TABLE ("table" text, name name, definition text) LANGUAGE sql AS $$
  SELECT conrelid::regclass::text COLLATE "C", conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2
$$;
CREATE FUNCTION pg_temp.fill(users int, others int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO nextauth.users (id) SELECT 'user' || n FROM generate_series(1, users) n;
  INSERT INTO nextauth.accounts (user_id, compound_id, provider_type, provider_id, provider_account_id)
  SELECT 'user' || n, n, 'oauth', 'github', n FROM generate_series(1, others) n;
  INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
  SELECT 'user' || n, '2031-01-01', n, n FROM generate_series(1, others) n;
$$;

-- pg and neon delete what refers to a user themselves, and the user first
BEGIN;
SELECT count(*) FROM nextauth.add_adapter('pg');
SELECT * FROM pg_temp.keys();
SELECT pg_temp.fill(2, 2);
DELETE FROM nextauth_pg.users WHERE id = 'user1';
DELETE FROM nextauth_pg.sessions WHERE "userId" = 'user1';
DELETE FROM nextauth_pg.accounts WHERE "userId" = 'user1';
ROLLBACK;
-- by plain SQL nothing else goes with a user, unless one asks for keys
BEGIN;
SELECT count(*) FROM nextauth.add_adapter('pg');
SELECT pg_temp.fill(2, 2);
DELETE FROM nextauth_pg.users WHERE id = 'user1';
SELECT (SELECT count(*) FROM nextauth.accounts) AS accounts, (SELECT count(*) FROM nextauth.sessions) AS sessions;
-- what is left of nobody is to go first
SAVEPOINT s;
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": true}');
ROLLBACK TO s;
DELETE FROM nextauth.accounts WHERE user_id = 'user1';
DELETE FROM nextauth.sessions WHERE user_id = 'user1';
SELECT * FROM nextauth.add_adapter('pg', NULL, '{"foreignKeys": true}') WHERE action <> 'unchanged';
SELECT * FROM pg_temp.keys();
-- called again, with the option or without it, that is all
SELECT DISTINCT action FROM nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": true}'::jsonb);
SELECT DISTINCT action FROM nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": false}');
SELECT DISTINCT action FROM nextauth.add_adapter('pg', 'nextauth_pg', '{}');
SELECT DISTINCT action FROM nextauth.add_adapter('pg');
SELECT count(*) FROM pg_temp.keys();
DELETE FROM nextauth_pg.users WHERE id = 'user2';
SELECT (SELECT count(*) FROM nextauth.accounts) AS accounts, (SELECT count(*) FROM nextauth.sessions) AS sessions;
-- and the adapter's own way of deleting a user goes on
SELECT pg_temp.fill(1, 1);
DELETE FROM nextauth_pg.users WHERE id = 'user1';
DELETE FROM nextauth_pg.sessions WHERE "userId" = 'user1';
DELETE FROM nextauth_pg.accounts WHERE "userId" = 'user1';
-- a key of one's own is left, and told of
ALTER TABLE nextauth.sessions DROP CONSTRAINT "FK_085d540d9f418cfbdc7bd55bb19", ADD CONSTRAINT own FOREIGN KEY (user_id) REFERENCES nextauth.users;
SET LOCAL client_min_messages = notice;
SELECT DISTINCT action FROM nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": true}');
ROLLBACK;
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignkeys": true}');
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": 1}');
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '{"foreignKeys": [true]}');
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '["foreignKeys"]');
SELECT nextauth.add_adapter('pg', 'nextauth_pg', '{');
SELECT nextauth.add_adapter('pg', 'nextauth_pg', NULL);
SELECT nextauth.add_adapter('prisma', 'nextauth_prisma', '{"schema": "auth"}');
-- the others only the user
BEGIN;
SELECT kind, name, action FROM nextauth.add_adapter('prisma') WHERE kind = 'foreign key';
SELECT * FROM pg_temp.keys();
SELECT pg_temp.fill(2, 2);
ROLLBACK;
BEGIN;
SELECT count(*) FROM nextauth.add_adapter('prisma');
SELECT pg_temp.fill(2, 2);
INSERT INTO nextauth_prisma."Authenticator" ("credentialID", "userId", "providerAccountId", "credentialPublicKey", counter, "credentialDeviceType", "credentialBackedUp")
VALUES ('a', 'user1', '1', 'k', 0, 'singleDevice', false);
DELETE FROM nextauth_prisma."User" WHERE id = 'user1' RETURNING id;
SELECT (SELECT count(*) FROM nextauth.accounts) AS accounts, (SELECT count(*) FROM nextauth.sessions) AS sessions, (SELECT count(*) FROM nextauth.authenticators) AS authenticators;
-- there are no accounts of nobody
INSERT INTO nextauth_prisma."Session" ("userId", "sessionToken", expires) VALUES ('nobody', 'x', '2031-01-01');
ROLLBACK;
-- TypeORM is told of them, and so is whoever reads what changed
BEGIN;
SELECT count(*) FROM nextauth.add_adapter('typeorm');
SELECT name, nextauth.entity_schema(name) -> 'relations' AS relations FROM unnest('{User,Account,Session,VerificationRequest}'::text[]) name;
SELECT model, changes, statements FROM nextauth.model_changes WHERE changes::text ~ 'FK_' ORDER BY model;
-- they stay when the adapter goes, and are taken for granted when one comes
SELECT count(*) FROM nextauth.drop_adapter('nextauth_typeorm');
SELECT "table", name FROM pg_temp.keys();
SELECT count(*) FROM nextauth.add_adapter('typeorm') WHERE kind = 'foreign key';
ROLLBACK;

-- Rows that refer to nobody are in the way; nothing is done then
BEGIN;
SELECT pg_temp.fill(2, 4);
SAVEPOINT s;
SELECT nextauth.add_adapter('kysely');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT count(*) FROM pg_namespace WHERE nspname = 'nextauth_kysely';
DELETE FROM nextauth.accounts WHERE user_id NOT IN (SELECT id FROM nextauth.users);
SELECT nextauth.add_adapter('kysely');
ROLLBACK TO s;
DELETE FROM nextauth.accounts WHERE user_id NOT IN (SELECT id FROM nextauth.users);
DELETE FROM nextauth.sessions WHERE user_id NOT IN (SELECT id FROM nextauth.users);
SELECT name, action FROM nextauth.add_adapter('kysely') WHERE kind = 'foreign key';
ROLLBACK;

-- Keys that are there: one that cascades will do, whatever its name; one that
-- does not is the owner's to drop
BEGIN;
ALTER TABLE nextauth.accounts ADD CONSTRAINT own FOREIGN KEY (user_id) REFERENCES nextauth.users ON DELETE CASCADE;
ALTER TABLE nextauth.sessions ADD CONSTRAINT careful FOREIGN KEY (user_id) REFERENCES nextauth.users;
SELECT kind, name, action FROM nextauth.add_adapter('drizzle') WHERE kind = 'foreign key';
SELECT * FROM pg_temp.keys();
-- it says so each time
SELECT count(*) FROM nextauth.add_adapter('drizzle');
ALTER TABLE nextauth.sessions DROP CONSTRAINT careful;
SELECT kind, name, action FROM nextauth.add_adapter('drizzle') WHERE action <> 'unchanged';
-- likewise one that was dropped
ALTER TABLE nextauth.accounts DROP CONSTRAINT own;
SELECT kind, name, action FROM nextauth.add_adapter('drizzle') WHERE action <> 'unchanged';
ROLLBACK;

-- A table of more than nextauth.max_scan_rows rows is not read under a lock: its
-- key is not valid until another call
SELECT pg_temp.fill(20, 20);
SET nextauth.max_scan_rows = 19;
-- nor is an index built under one
SELECT nextauth.add_adapter('sequelize');
SET nextauth.max_scan_rows = 20;
RESET ROLE;
CREATE INDEX ON nextauth.sessions (user_id);
SET ROLE regress_nextauth_owner;
SET nextauth.max_scan_rows = 19;
SELECT * FROM nextauth.add_adapter('sequelize');
SELECT "table", definition FROM pg_temp.keys();
-- what is new is looked at all the same
\set VERBOSITY terse
INSERT INTO nextauth_sequelize.sessions (user_id, session_token, expires) VALUES ('nobody', 'x', '2031-01-01');
\set VERBOSITY default
DELETE FROM nextauth_sequelize.users WHERE id = 'user1';
SELECT count(*) FROM nextauth.sessions;
-- then nobody has to wait: writers go on beside these locks
BEGIN;
SELECT * FROM nextauth.add_adapter('sequelize') WHERE action <> 'unchanged';
SELECT relation::regclass, mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' AND c.relnamespace::regnamespace::text ~ '^nextauth' ORDER BY relation::regclass::text COLLATE "C", mode COLLATE "C";
COMMIT;
SELECT "table", definition FROM pg_temp.keys();
SELECT DISTINCT action FROM nextauth.add_adapter('sequelize');
SELECT * FROM nextauth.check_models();
-- rows of the past are found out then
BEGIN;
ALTER TABLE nextauth.sessions DROP CONSTRAINT "FK_085d540d9f418cfbdc7bd55bb19";
INSERT INTO nextauth_sequelize.sessions (user_id, session_token, expires) VALUES ('nobody', 'x', '2031-01-01');
SET LOCAL client_min_messages = warning;
SET LOCAL nextauth.max_scan_rows = 18;
SELECT kind, action FROM nextauth.add_adapter('sequelize') WHERE action <> 'unchanged';
SAVEPOINT s;
SELECT nextauth.add_adapter('sequelize');
ROLLBACK TO s;
DELETE FROM nextauth.sessions WHERE user_id = 'nobody';
SELECT kind, action FROM nextauth.add_adapter('sequelize') WHERE action <> 'unchanged';
ROLLBACK;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
