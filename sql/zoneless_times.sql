--
-- Times without time zone, as in tables that are adopted: which time one is
-- depends on who reads it, so no adapter works on them
--
\set SHOW_CONTEXT never
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SELECT current_database() AS database \gset
BEGIN;
GRANT CREATE ON DATABASE :"database" TO regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SET LOCAL timezone = 'America/New_York';
CREATE TABLE regress_nextauth_app.users (LIKE nextauth.users INCLUDING ALL);
CREATE TABLE regress_nextauth_app.accounts (LIKE nextauth.accounts INCLUDING ALL);
CREATE TABLE regress_nextauth_app.sessions (LIKE nextauth.sessions INCLUDING ALL);
ALTER TABLE regress_nextauth_app.users ALTER email_verified TYPE timestamp(3), ALTER created_at TYPE timestamp(3), ALTER updated_at TYPE timestamp(3);
ALTER TABLE regress_nextauth_app.accounts ALTER access_token_expires TYPE timestamp;
ALTER TABLE regress_nextauth_app.sessions ALTER expires TYPE timestamp, ALTER created_at TYPE timestamp, ALTER updated_at TYPE timestamp;
INSERT INTO regress_nextauth_app.users (id, email, email_verified) VALUES (1, 'ada@example.com', '2031-01-01 12:00');
INSERT INTO regress_nextauth_app.sessions (user_id, expires, session_token, access_token) VALUES (1, '2031-07-01 12:00', 's', 'a');

-- They are adopted with a warning: next-auth 3 goes on with them
SELECT nextauth.adopt_model('User', 'regress_nextauth_app.users');
SELECT nextauth.adopt_model('Account', 'regress_nextauth_app.accounts');
SELECT nextauth.adopt_model('Session', 'regress_nextauth_app.sessions');
-- which is to be found later, too, with what to do about it
SELECT property, finding, remedy FROM nextauth.check_models() WHERE finding ~ 'zone';

-- No adapter reads them, whether as they are, converted, or as a flag
SAVEPOINT s;
SELECT nextauth.add_adapter('pg');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT count(*) FROM nextauth.convert_ids('text');
CREATE PROCEDURE pg_temp.try_all() LANGUAGE plpgsql AS $$
DECLARE
  adapter text;
BEGIN
  FOREACH adapter IN ARRAY ARRAY['pg', 'neon', 'supabase', 'hasura', 'prisma', 'kysely', 'drizzle', 'typeorm', 'sequelize', 'mikro-orm', 'better-auth'] LOOP
    BEGIN
      PERFORM nextauth.add_adapter(adapter);
      RAISE NOTICE 'added %', adapter;
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE '%: %', SQLSTATE, SQLERRM;
    END;
  END LOOP;
END $$;
CALL pg_temp.try_all();
ROLLBACK TO s;
-- one by one: the flag of Better Auth, and what only a trigger looks at
SAVEPOINT one;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE regress_nextauth_app.sessions ALTER expires TYPE timestamptz, ALTER created_at TYPE timestamptz, ALTER updated_at TYPE timestamptz;
ALTER TABLE regress_nextauth_app.users ALTER created_at TYPE timestamptz, ALTER updated_at TYPE timestamptz;
RESET ROLE;
SELECT count(*) FROM nextauth.convert_ids('text');
SAVEPOINT flag;
SELECT nextauth.add_adapter('better-auth');
ROLLBACK TO flag;
ALTER TABLE regress_nextauth_app.users ALTER email_verified TYPE timestamptz;
SELECT nextauth.add_adapter('pg');
ROLLBACK TO one;

-- What the hints say keeps every time what it was, in the zone that it was written in
SELECT remedy AS statement FROM nextauth.check_models() WHERE property = 'expires' AND finding ~ 'zone' \gset
SET LOCAL nextauth.protect_columns = off;
SELECT substring(:'statement' FROM 'ALTER TABLE [^;]*') AS statement \gset
:statement;
ALTER TABLE regress_nextauth_app.sessions ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC', ALTER updated_at TYPE timestamptz USING updated_at AT TIME ZONE 'UTC';
ALTER TABLE regress_nextauth_app.accounts ALTER access_token_expires TYPE timestamptz USING access_token_expires AT TIME ZONE 'UTC';
ALTER TABLE regress_nextauth_app.users ALTER email_verified TYPE timestamptz USING email_verified AT TIME ZONE 'Europe/Berlin',
  ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'Europe/Berlin', ALTER updated_at TYPE timestamptz USING updated_at AT TIME ZONE 'Europe/Berlin';
SELECT expires AT TIME ZONE 'UTC' AS expires, (SELECT email_verified AT TIME ZONE 'Europe/Berlin' FROM regress_nextauth_app.users) AS verified
FROM regress_nextauth_app.sessions;
-- and there is nothing left to be found
SELECT property, finding FROM nextauth.check_models() WHERE finding ~ 'zone';
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
SELECT expires AT TIME ZONE 'UTC' AS expires FROM nextauth_pg.sessions;
ROLLBACK;

-- A column that an adapter lacks is not taken from one without time zone
BEGIN;
RESET ROLE;
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT count(*) FROM nextauth.extend_model('Account', '{"refreshTokenExpiresAt": {"type": "timestamp without time zone", "nullable": true}}');
SELECT nextauth.add_adapter('better-auth');
ROLLBACK;

-- A column of one's own gets, or loses, a time zone by that of the session only if that is UTC
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
SELECT count(*) FROM nextauth.extend_model('User', '{"seen": {"type": "timestamp without time zone", "nullable": true, "default": "2031-01-01 12:00"}}');
SET LOCAL timezone = 'America/New_York';
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"seen": {"type": "timestamp", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.plan_model('User', '{"seen": {"type": "timestamp", "nullable": true}}');
ROLLBACK TO s;
SET LOCAL timezone = 'UTC';
SELECT action FROM nextauth.extend_model('User', '{"seen": {"type": "timestamp", "nullable": true}}');
SELECT seen FROM nextauth.users;
SET LOCAL timezone = 'America/New_York';
SELECT nextauth.extend_model('User', '{"seen": {"type": "timestamp without time zone", "nullable": true}}');
ROLLBACK TO s;
-- where there is no value there is nothing to be lost
UPDATE nextauth.users SET seen = NULL;
SELECT action FROM nextauth.extend_model('User', '{"seen": {"type": "timestamp", "nullable": true}}');
ROLLBACK;

-- Prisma takes all times for ones of UTC, also where the type is a domain
BEGIN;
SELECT count(*) FROM nextauth.convert_ids('text');
CREATE DOMAIN regress_nextauth_app.moment AS timestamptz;
ALTER DOMAIN regress_nextauth_app.moment OWNER TO regress_nextauth_owner;
GRANT USAGE ON SCHEMA regress_nextauth_app TO regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"seen": {"type": "regress_nextauth_app.moment", "nullable": true}}');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('prisma');
SET LOCAL timezone = 'America/New_York';
INSERT INTO nextauth_prisma."User" (id, email, seen) VALUES ('a', 'ada@example.com', '2031-01-01 12:00');
SELECT seen, pg_typeof(seen), (SELECT seen AT TIME ZONE 'UTC' FROM nextauth.users) AS in_table FROM nextauth_prisma."User";
SELECT * FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;
DROP SCHEMA regress_nextauth_app;
