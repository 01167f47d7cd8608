--
-- No client can say who it is: only authenticate() can, with a token
--
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_identity_forged;
CREATE DATABASE regress_nextauth_identity_forged;
\c regress_nextauth_identity_forged
CREATE EXTENSION nextauth;
CREATE ROLE regress_nextauth_thief;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_thief;
GRANT CREATE ON SCHEMA public TO regress_nextauth_thief;
INSERT INTO nextauth.users (id, email) VALUES ('ada', 'ada@example.com'), ('grace', 'grace@example.com');
INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token) VALUES
  ('s1', 'ada', 'infinity', 'of ada', 'a'), ('s2', 'grace', 'infinity', 'of grace', 'b');
SELECT current_database() AS db \gset
CREATE VIEW who AS SELECT nextauth.user_id(), nextauth.session_id();
GRANT SELECT ON who TO PUBLIC;
-- the value that the setting has while ada is known, as one who reads the source would make it up
\set forged '3:adas1'

--
-- The setting, by a superuser and by the thief
--
\c
SELECT * FROM who;
SET nextauth.identity = :'forged';
SET LOCAL nextauth.identity = :'forged';
SET SESSION nextauth.identity = 'ada';
SELECT set_config('nextauth.identity', :'forged', false);
SELECT set_config('nextauth.identity', :'forged', true);
SET NEXTAUTH.Identity = :'forged';
UPDATE pg_settings SET setting = :'forged' WHERE name = 'nextauth.identity';
ALTER SYSTEM SET nextauth.identity = :'forged';
ALTER SYSTEM SET nextauth.identity = '';
SELECT * FROM who;
SET ROLE regress_nextauth_thief;
SET nextauth.identity = :'forged';
SELECT set_config('nextauth.identity', :'forged', false);
UPDATE pg_settings SET setting = :'forged' WHERE name = 'nextauth.identity';
-- other names are not the extension's
SET nextauth.user_id = 'ada';
SELECT * FROM who;
RESET ROLE;

--
-- The setting, before the library is loaded
--
\c
SET nextauth.identity = '3:adas1';
SET nextauth.user_id = 'ada';
SELECT current_setting('nextauth.identity') AS "of nobody's";
SELECT * FROM who;
SELECT current_setting('nextauth.identity') AS "the extension's", current_setting('nextauth.user_id', true) AS user_id;
-- in transactions and savepoints
\c
BEGIN;
SET nextauth.identity = '3:adas1';
SAVEPOINT a;
SET LOCAL nextauth.identity = '5:graces2';
SELECT * FROM who;
ROLLBACK TO a;
SELECT * FROM who;
COMMIT;
SELECT * FROM who;
-- in a function that is called before and after
\c
CREATE FUNCTION forge() RETURNS SETOF who LANGUAGE plpgsql SET nextauth.identity = '3:adas1' AS $$ BEGIN RETURN QUERY SELECT * FROM who; END $$;
SELECT * FROM forge();
SELECT * FROM who;
SELECT * FROM forge();
DROP FUNCTION forge;

--
-- Settings of roles, databases, and the connection
--
\c
ALTER ROLE regress_nextauth_thief SET nextauth.identity = '3:adas1';
LOAD 'nextauth';
ALTER ROLE regress_nextauth_thief SET nextauth.identity = '3:adas1';
ALTER ROLE CURRENT_USER SET nextauth.identity = '3:adas1';
ALTER DATABASE :"db" SET nextauth.identity = '3:adas1';
\c
-- a name that nobody knows yet
ALTER DATABASE :"db" SET nextauth.identity = '3:adas1';
ALTER ROLE CURRENT_USER SET nextauth.identity = '3:adas1';
\c
SELECT current_setting('nextauth.identity') AS "of the database";
SELECT * FROM who;
RESET ALL;
SELECT * FROM who;
DISCARD ALL;
SELECT * FROM who;
-- and in parallel workers, whose settings of the role come before the library
SET client_min_messages = error;
SELECT count(set_config(name, 'regress', false)) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
CREATE TABLE regress_nextauth_row AS SELECT 1 AS a;
CREATE FUNCTION in_worker() RETURNS boolean LANGUAGE sql PARALLEL SAFE AS
  $$SELECT backend_type = 'parallel worker' FROM pg_stat_activity WHERE pid = pg_backend_pid()$$;
SELECT nextauth.user_id(), in_worker() FROM regress_nextauth_row;
SELECT nextauth.authenticate_connection('of grace');
SELECT nextauth.user_id(), in_worker() FROM regress_nextauth_row;
ALTER DATABASE :"db" RESET nextauth.identity;
ALTER ROLE CURRENT_USER RESET nextauth.identity;
ALTER ROLE regress_nextauth_thief RESET ALL;
DROP FUNCTION in_worker;
DROP TABLE regress_nextauth_row;
\c -reuse-previous=on "options='-c nextauth.identity=3:adas1'"
SELECT current_setting('nextauth.identity') AS "of the connection";
SELECT * FROM who;
RESET ALL;
SELECT * FROM who;
\c -reuse-previous=on "options=''"

--
-- A value that was right is not taken again
--
SET ROLE regress_nextauth_thief;
BEGIN;
SELECT nextauth.authenticate('of grace');
-- it cannot be read, so nobody learns it or has it
SHOW nextauth.identity;
SELECT count(*) FROM pg_settings WHERE name ~ 'identity' OR setting ~ 'grace' OR reset_val ~ 'grace';
SELECT current_setting('nextauth.identity') = '' AS empty;
CREATE FUNCTION keep() RETURNS SETOF who LANGUAGE plpgsql SET nextauth.identity FROM CURRENT AS $$ BEGIN RETURN QUERY SELECT * FROM who; END $$;
SELECT * FROM keep();
SELECT * FROM who;
SAVEPOINT a;
SET LOCAL nextauth.identity = '5:graces2';
ROLLBACK TO a;
SELECT set_config('nextauth.identity', current_setting('nextauth.identity'), true);
SELECT * FROM who;
COMMIT;
SELECT * FROM who;
SELECT * FROM keep();
DROP FUNCTION keep;
-- a function that sets it can only be without it, and gives it back
CREATE FUNCTION without() RETURNS SETOF who LANGUAGE plpgsql SET nextauth.identity = '' AS $$ BEGIN RETURN QUERY SELECT * FROM who; END $$;
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT * FROM without();
SELECT * FROM who;
COMMIT;
DROP FUNCTION without;
-- what is authenticated in a function that sets it is known there alone
CREATE FUNCTION within(token text) RETURNS SETOF who LANGUAGE plpgsql SET nextauth.identity = '' AS $$
BEGIN PERFORM nextauth.authenticate(token); RETURN QUERY SELECT * FROM who; END $$;
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT * FROM within('of ada');
SELECT * FROM who;
COMMIT;
SELECT * FROM who;
DROP FUNCTION within;

--
-- Functions of others
--
RESET ROLE;
CREATE FUNCTION definer(token text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT nextauth.authenticate(token)';
CREATE FUNCTION definer_sets() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET nextauth.identity = '3:adas1'; RETURN nextauth.user_id(); END $$;
SET ROLE regress_nextauth_thief;
SELECT definer_sets();
-- one that authenticates does it for its caller
BEGIN;
SELECT definer('of ada');
SELECT * FROM who;
SELECT definer('of nobody');
SELECT * FROM who;
COMMIT;
-- a subtransaction that fails leaves who was known before
BEGIN;
SELECT nextauth.authenticate('of grace');
DO $$ BEGIN PERFORM nextauth.authenticate('of ada'); RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN END $$;
SELECT * FROM who;
DO $$ BEGIN SET LOCAL nextauth.identity = '3:adas1'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; END $$;
SELECT * FROM who;
COMMIT;
SELECT * FROM who;

--
-- RESET, DISCARD and SET TO DEFAULT only forget
--
SELECT nextauth.authenticate_connection('of grace');
DISCARD PLANS;
DISCARD SEQUENCES;
DISCARD TEMP;
SELECT * FROM who;
RESET nextauth.identity;
SELECT * FROM who;
SELECT nextauth.authenticate_connection('of grace');
SET nextauth.identity TO DEFAULT;
SELECT * FROM who;
SELECT nextauth.authenticate_connection('of grace');
SET nextauth.identity = '';
SELECT * FROM who;

--
-- Tables and functions of the thief's
--
CREATE TEMPORARY TABLE sessions (id text, user_id text, expires timestamptz, session_token text);
INSERT INTO sessions VALUES ('x', 'ada', 'infinity', 'mine');
SELECT nextauth.authenticate('mine');
SET search_path = pg_temp, public, nextauth;
SELECT nextauth.authenticate('mine');
RESET search_path;
CREATE FUNCTION nextauth.user_id(integer) RETURNS text LANGUAGE sql AS $$SELECT 'ada'$$;

\c :regression
DROP DATABASE regress_nextauth_identity_forged;
DROP ROLE regress_nextauth_thief;
