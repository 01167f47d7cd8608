--
-- Types that TypeORM has no word for, and collations, named with their schema
--
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
CREATE ROLE regress_nextauth_other;
SET ROLE regress_nextauth_owner;
CREATE COLLATION regress_nextauth_app.german FROM "C";
CREATE COLLATION regress_nextauth_app."Old German" FROM "C";
CREATE DOMAIN regress_nextauth_app.email AS varchar(80) CHECK (VALUE LIKE '%@%');
CREATE DOMAIN regress_nextauth_app.mood AS text;
CREATE DOMAIN regress_nextauth_app.words AS text[];
CREATE DOMAIN regress_nextauth_app.flag AS boolean;
CREATE TYPE regress_nextauth_app."Span" AS RANGE (subtype = float8);
CREATE TYPE regress_nextauth_app.place AS (street text, town text);
\set definition '{"mail": {"type": "regress_nextauth_app.email", "nullable": true, "default": "a@b"}, "mails": {"type": "regress_nextauth_app.email", "array": true, "nullable": true}, "mood": {"type": "regress_nextauth_app.mood", "nullable": true, "collation": "regress_nextauth_app.german"}, "words": {"type": "regress_nextauth_app.words", "nullable": true}, "flag": {"type": "regress_nextauth_app.flag", "default": true}, "span": {"type": "regress_nextauth_app.\\"Span\\"", "nullable": true}, "place": {"type": "regress_nextauth_app.place", "nullable": true}, "id2": {"type": "pg_catalog.oid", "nullable": true}, "nick": {"type": "text", "collation": "regress_nextauth_app.\\"Old German\\"", "nullable": true}}'
BEGIN;
SELECT * FROM nextauth.plan_model('User', :'definition');
SELECT * FROM nextauth.extend_model('User', :'definition');
SELECT property, action FROM nextauth.extend_model('User', :'definition');
-- To TypeORM, which reads the type below, a domain is that; of a collation it knows the bare name
SELECT property, type, data_type, definition FROM nextauth.model_columns WHERE is_custom;
-- a definition says what it is, here and elsewhere
SELECT jsonb_pretty(columns) FROM nextauth.custom_models;
SELECT property, action FROM nextauth.custom_models, nextauth.extend_model(model, columns);
CREATE TEMP TABLE made AS SELECT columns FROM nextauth.custom_models;
SELECT count(*) FROM nextauth.drop_properties('User', 'mail', 'mails', 'mood', 'words', 'flag', 'span', 'place', 'id2', 'nick');
SELECT x.property, x.action FROM made, nextauth.extend_model('User', columns) x;
SELECT made.columns = m.columns AS same FROM made, nextauth.custom_models m;
INSERT INTO nextauth.users (mail) VALUES ('nobody');
ROLLBACK;

-- Only such a domain makes an array of arrays, which keeps its name
BEGIN;
CREATE DOMAIN regress_nextauth_app.list AS text[];
SELECT property, action FROM nextauth.extend_model('User', '{"lists": {"type": "regress_nextauth_app.list", "array": true, "nullable": true}}');
SELECT property, type, data_type FROM nextauth.model_columns WHERE property = 'lists';
SELECT property, action FROM nextauth.custom_models, nextauth.extend_model(model, columns);
ROLLBACK;

-- What check_models() says to do can be done
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN mail regress_nextauth_app.email, ADD COLUMN nick text COLLATE regress_nextauth_app.german;
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT remedy FROM nextauth.check_models() WHERE model IS NOT NULL \gexec
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NOT NULL;
-- also when the domain and the schema get other names
ALTER DOMAIN regress_nextauth_app.email RENAME TO address;
ALTER TABLE nextauth.users RENAME COLUMN mail TO mail_address;
SELECT columns FROM nextauth.custom_models;
SELECT property, action FROM nextauth.custom_models, nextauth.extend_model(model, columns);
ROLLBACK;

-- A column becomes one of a domain, and another: what it does not take is refused
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"mail": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (mail) VALUES ('a@b'), ('nobody'), (NULL);
SAVEPOINT s;
SELECT * FROM nextauth.extend_model('User', '{"mail": {"type": "regress_nextauth_app.email", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
UPDATE nextauth.users SET mail = 'no@body' WHERE mail = 'nobody';
SELECT statement, cost FROM nextauth.plan_model('User', '{"mail": {"type": "regress_nextauth_app.mood", "nullable": true}}');
SELECT statement, cost FROM nextauth.plan_model('User', '{"mail": {"type": "regress_nextauth_app.email", "nullable": true}}');
SELECT action FROM nextauth.extend_model('User', '{"mail": {"type": "regress_nextauth_app.email", "nullable": true}}');
SELECT action FROM nextauth.extend_model('User', '{"mail": {"type": "text", "nullable": true}}');
-- a new one with constraints is written into every row
SELECT statement, cost FROM nextauth.plan_model('User', '{"m": {"type": "regress_nextauth_app.email", "nullable": true}, "n": {"type": "regress_nextauth_app.mood", "nullable": true}}');
SET LOCAL nextauth.max_scan_rows = 2;
SELECT nextauth.extend_model('User', '{"m": {"type": "regress_nextauth_app.email", "nullable": true}}');
ROLLBACK;

-- What cannot be named so
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_app.nothing"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "nowhere.email"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "email"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_app.email", "length": 5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "pg_catalog._text", "nullable": true}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "pg_catalog.anyelement", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "nextauth.users", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "regress_nextauth_app.nothing", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "en-US.x", "nullable": true}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "german", "nullable": true}}');
-- A time that would be that of the call
CREATE DOMAIN regress_nextauth_app.moment AS timestamptz;
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_app.moment", "default": "now"}}');

-- What belongs to others is not used: its code would run with the rights of the owner of the table, and the column go
-- with it; not by a superuser either, whose own is
RESET ROLE;
GRANT CREATE, USAGE ON SCHEMA regress_nextauth_app TO regress_nextauth_other;
SET ROLE regress_nextauth_other;
CREATE FUNCTION regress_nextauth_app.spy(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'as %', current_user; RETURN true; END $$;
CREATE DOMAIN regress_nextauth_app.trap AS text CHECK (regress_nextauth_app.spy(VALUE));
CREATE COLLATION regress_nextauth_app.odd FROM "C";
RESET ROLE;
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_app.trap", "default": "x"}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "regress_nextauth_app.odd", "nullable": true}}');
\echo :SQLSTATE
SELECT nextauth.plan_model('User', '{"a": {"type": "regress_nextauth_app.trap", "default": "x"}}');
-- check_models() says to whom it should belong, if the table has it already
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN trap regress_nextauth_app.trap, ADD COLUMN odd text COLLATE regress_nextauth_app.odd;
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT remedy FROM nextauth.check_models() WHERE model IS NOT NULL \gexec
SELECT remedy FROM nextauth.check_models() WHERE model IS NOT NULL \gexec
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;
-- nor does somebody else who asks for a plan run the owner's
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_other;
SET ROLE regress_nextauth_other;
SELECT nextauth.plan_model('User', '{"a": {"type": "regress_nextauth_app.email", "default": "x"}}');
SELECT statement FROM nextauth.plan_model('User', '{"a": {"type": "pg_catalog.oid", "default": 5}}');
RESET ROLE;
REVOKE USAGE ON SCHEMA nextauth FROM regress_nextauth_other;
CREATE SCHEMA regress_nextauth_closed;
CREATE DOMAIN regress_nextauth_closed.word AS text;
CREATE COLLATION regress_nextauth_closed.plain FROM "C";
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_closed.word", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "regress_nextauth_closed.plain", "nullable": true}}');
\echo :SQLSTATE
GRANT USAGE ON SCHEMA regress_nextauth_closed TO regress_nextauth_owner;
REVOKE USAGE ON TYPE regress_nextauth_closed.word FROM PUBLIC;
SELECT nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_closed.word", "nullable": true}}');
GRANT USAGE ON TYPE regress_nextauth_closed.word TO regress_nextauth_owner;
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_closed.word", "nullable": true, "collation": "regress_nextauth_closed.plain"}}');
-- it stays when the right goes
REVOKE USAGE ON SCHEMA regress_nextauth_closed FROM regress_nextauth_owner;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "regress_nextauth_closed.word", "nullable": true, "collation": "regress_nextauth_closed.plain"}}');
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA regress_nextauth_app, regress_nextauth_closed CASCADE;
DROP ROLE regress_nextauth_other;
