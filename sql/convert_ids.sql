--
-- convert_ids(): ids of another type, with everything that refers to them
--
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
\set SHOW_CONTEXT errors
\getenv abs_srcdir PG_ABS_SRCDIR
\set plan :abs_srcdir '/sql/include/plan.sql'
\i :plan
-- what ids are, and what refers to them
CREATE FUNCTION pg_temp.ids() RETURNS TABLE (relation regclass, column_name name, type text, "default" text)
LANGUAGE sql AS $$
  SELECT a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relnamespace IN ('nextauth'::regnamespace, 'regress_nextauth_app'::regnamespace) AND c.relkind IN ('r', 'p')
    AND a.attname ~ '^id$|_id$' AND a.attname <> ALL (ARRAY['compound_id', 'provider_id', 'provider_account_id'])
    AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid::regclass::text COLLATE "C", a.attnum
$$;
CREATE FUNCTION pg_temp.keys() RETURNS TABLE (relation regclass, name name, definition text, comment text)
LANGUAGE sql AS $$
  SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')
  FROM pg_constraint WHERE contype = 'f' ORDER BY conrelid::regclass::text COLLATE "C", conname
$$;

-- An application with rows, custom columns and tables of its own
SELECT count(*) FROM nextauth.extend_models('{
  "User": {"columns": {
    "managerId": {"type": "int", "nullable": true, "comment": "Whom to ask",
      "foreignKey": {"target": "User", "onDelete": "SET NULL"}},
    "inviterId": {"type": "int", "nullable": true, "default": 1, "foreignKey": {"target": "User"}}},
    "indices": [{"columns": ["managerId", "name"]}]},
  "Session": {"columns": {
    "accountId": {"type": "int", "nullable": true,
      "foreignKey": {"target": "Account", "deferrable": "INITIALLY DEFERRED"}},
    "seats": {"type": "int", "default": 1}}}
}');
INSERT INTO nextauth.users (id, email, manager_id) VALUES (1, 'ada@example.com', NULL), (2, 'grace@example.com', 1);
INSERT INTO nextauth.accounts (id, compound_id, user_id, provider_type, provider_id, provider_account_id)
VALUES (1, 'c1', 2, 'oauth', 'github', 'g2');
INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token, account_id)
VALUES (1, 2, '2031-01-01', 's', 'a', 1);
CREATE TABLE regress_nextauth_app.posts (
  id serial PRIMARY KEY,
  author_id integer NOT NULL REFERENCES nextauth.users ON DELETE CASCADE,
  editor_id smallint,
  CHECK (author_id <> editor_id)
);
CREATE INDEX ON regress_nextauth_app.posts (editor_id) WHERE editor_id IS NOT NULL;
INSERT INTO regress_nextauth_app.posts VALUES (1, 1, 7), (2, 2, 1);
-- one of which no row was checked
ALTER TABLE regress_nextauth_app.posts
  ADD CONSTRAINT edited_by FOREIGN KEY (editor_id) REFERENCES nextauth.users MATCH FULL NOT VALID;
COMMENT ON CONSTRAINT edited_by ON regress_nextauth_app.posts IS 'Not of old posts';
-- one that another table refers to in its turn
CREATE TABLE regress_nextauth_app.profiles (user_id integer PRIMARY KEY REFERENCES nextauth.users);
INSERT INTO regress_nextauth_app.profiles VALUES (1);
CREATE TABLE regress_nextauth_app.pictures (
  profile_id integer REFERENCES regress_nextauth_app.profiles DEFAULT 1, url text);
INSERT INTO regress_nextauth_app.pictures DEFAULT VALUES;
-- partitions, and tables that inherit
CREATE TABLE regress_nextauth_app.visits (user_id integer REFERENCES nextauth.users, at date) PARTITION BY RANGE (at);
CREATE TABLE regress_nextauth_app.visits_2031 PARTITION OF regress_nextauth_app.visits
  FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');
INSERT INTO regress_nextauth_app.visits VALUES (2, '2031-05-05');
CREATE TABLE regress_nextauth_app.old_posts () INHERITS (regress_nextauth_app.posts);
INSERT INTO regress_nextauth_app.old_posts VALUES (9, 8, NULL);

--
-- The plan tells what it costs, and changes nothing: foreign keys are taken
-- away, ids and what refers to them converted, and the keys made again
--
SELECT pg_temp.by_clause(statement) AS statement, pg_temp.takes(lock, cost, rows, needs) AS takes
FROM nextauth.plan_convert_ids('text');
SELECT count(*) FROM pg_temp.ids() WHERE type = 'text';

--
-- Ids are texts, with everything that refers to them
--
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.keys();
BEGIN;
SELECT * FROM nextauth.convert_ids('text');
SELECT * FROM pg_temp.ids();
-- values stay what they were
SELECT id, email, manager_id, inviter_id FROM nextauth.users ORDER BY id;
SELECT id, user_id FROM nextauth.accounts;
SELECT id, user_id, account_id, seats FROM nextauth.sessions;
SELECT * FROM regress_nextauth_app.posts ORDER BY id;
SELECT * FROM regress_nextauth_app.pictures;
SELECT * FROM regress_nextauth_app.visits;
-- so do the foreign keys
SELECT * FROM pg_temp.keys() EXCEPT SELECT * FROM before;
SELECT count(*) = (SELECT count(*) FROM before) AS as_many FROM pg_temp.keys();
SELECT * FROM pg_temp.keys() WHERE comment IS NOT NULL;
INSERT INTO regress_nextauth_app.posts VALUES (5, '3');
ROLLBACK;
BEGIN;
SELECT count(*) FROM nextauth.convert_ids('text');
-- and indexes
SELECT indexdef FROM pg_indexes WHERE schemaname = 'nextauth' AND tablename = 'users' ORDER BY indexname COLLATE "C";
\d regress_nextauth_app.posts
-- the sequences are gone; new ids are random
SELECT count(*) FROM pg_sequences WHERE schemaname = 'nextauth';
INSERT INTO nextauth.users (email, inviter_id) VALUES ('alan@example.com', DEFAULT)
RETURNING id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AS is_uuid, inviter_id;
-- the catalog knows: nothing differs, and adapters are told
SELECT model, property, finding FROM nextauth.check_models();
SELECT property, type, data_type, definition - 'name' AS definition FROM nextauth.model_columns
WHERE property ~ '^id$|Id$' AND model = 'User';
SELECT model, property, type, options FROM nextauth.custom_column ORDER BY 1, 2;
SELECT property, definition - 'name' - 'comment' AS definition
FROM nextauth.custom_models, jsonb_each(columns) c (property, definition) WHERE model = 'User';
SELECT model, action, changes, cardinality(statements) AS statements FROM nextauth.model_changes
WHERE action = 'convert_ids' ORDER BY model;
-- and a definition that says so changes nothing
SELECT * FROM nextauth.extend_model('User', '{
  "managerId": {"type": "text", "nullable": true, "comment": "Whom to ask",
    "foreignKey": {"target": "User", "onDelete": "SET NULL"}},
  "inviterId": {"type": "text", "nullable": true, "default": "1", "foreignKey": {"target": "User"}}}');
-- again, there is nothing to do, nor to plan
SELECT * FROM nextauth.convert_ids('text');
SELECT * FROM nextauth.plan_convert_ids('text');
ROLLBACK;
-- then it takes no lock
BEGIN;
SELECT DISTINCT action FROM nextauth.convert_ids('integer');
SELECT relation::regclass, mode FROM pg_locks WHERE relation IN (SELECT relation FROM nextauth.models);
SELECT pg_current_xact_id_if_assigned() IS NULL AS wrote_nothing;
COMMIT;

--
-- The planned statements, run by hand, do the same to the tables
--
BEGIN;
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN SELECT p.statement FROM nextauth.plan_convert_ids('text') p ORDER BY step LOOP
    EXECUTE statement;
  END LOOP;
END $$;
SELECT DISTINCT action FROM nextauth.convert_ids('text');
SELECT model, property, finding FROM nextauth.check_models();
ROLLBACK;

--
-- Integers become bigints, and from there texts
--
BEGIN;
SELECT pg_temp.by_clause(statement) AS statement, cost
FROM nextauth.plan_convert_ids('bigint') WHERE statement ~ 'users';
SELECT count(*) FROM nextauth.convert_ids('bigint');
SELECT * FROM pg_temp.ids();
SELECT sequencename, data_type, max_value FROM pg_sequences WHERE schemaname = 'nextauth' ORDER BY 1;
SELECT * FROM pg_temp.keys() EXCEPT SELECT * FROM before;
SELECT model, property, finding FROM nextauth.check_models();
INSERT INTO nextauth.users (id) VALUES (3000000000) RETURNING id, inviter_id;
SELECT definition FROM nextauth.model_columns WHERE property = 'inviterId';
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT id FROM nextauth.users ORDER BY id;
SELECT model, property, finding FROM nextauth.check_models();
-- what is text stays text
SELECT nextauth.convert_ids('bigint');
\echo :SQLSTATE
ROLLBACK;
SELECT nextauth.convert_ids('uuid');
SELECT nextauth.plan_convert_ids('uuid');

--
-- An identity, in an adopted table, gives way as well
--
BEGIN;
CREATE TABLE nextauth.requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  identifier varchar NOT NULL,
  token varchar NOT NULL UNIQUE,
  expires timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO nextauth.requests (identifier, token, expires) VALUES ('i', 't', '2031-01-01');
SELECT nextauth.adopt_model('VerificationRequest', 'nextauth.requests');
SAVEPOINT s;
SELECT pg_temp.by_clause(statement) AS statement FROM nextauth.plan_convert_ids('text') WHERE statement ~ 'requests';
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT id FROM nextauth.requests;
SELECT model, property, finding FROM nextauth.check_models();
ROLLBACK TO s;
SELECT model, action FROM nextauth.convert_ids('bigint') WHERE model IS NOT NULL;
ROLLBACK;

--
-- What is refused, before anything is locked
--
SELECT nextauth.convert_ids('serial');
\echo :SQLSTATE
SELECT nextauth.convert_ids(NULL);
SELECT nextauth.plan_convert_ids('');
-- what else uses a column, all of it by name
BEGIN;
CREATE VIEW regress_nextauth_app.names AS SELECT id, name FROM nextauth.users;
CREATE RULE keep AS ON DELETE TO nextauth.sessions WHERE OLD.id = 1 DO INSTEAD NOTHING;
CREATE POLICY own ON regress_nextauth_app.posts USING (author_id = 1);
CREATE FUNCTION regress_nextauth_app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE UPDATE OF user_id ON nextauth.accounts FOR EACH ROW EXECUTE FUNCTION regress_nextauth_app.f();
ALTER TABLE nextauth.users ADD COLUMN twice integer GENERATED ALWAYS AS (id * 2) STORED;
CREATE FUNCTION regress_nextauth_app.g() RETURNS integer
  BEGIN ATOMIC SELECT max(user_id) FROM regress_nextauth_app.visits; END;
CREATE TABLE regress_nextauth_app.copies (id integer DEFAULT nextval('nextauth.accounts_id_seq'));
SAVEPOINT s;
SELECT nextauth.convert_ids('text');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.plan_convert_ids('text');
ROLLBACK;
-- a check, or the predicate of an index, that does not understand the type
BEGIN;
ALTER TABLE regress_nextauth_app.posts ADD CONSTRAINT old_authors CHECK (author_id > 0);
SAVEPOINT s;
SELECT nextauth.convert_ids('text');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.convert_ids('bigint');
ROLLBACK;
BEGIN;
CREATE INDEX first_ones ON nextauth.accounts (provider_id) WHERE user_id < 100;
SELECT nextauth.convert_ids('text');
ROLLBACK;
-- a reference of another kind
BEGIN;
CREATE DOMAIN regress_nextauth_app.user_id AS integer;
CREATE TABLE regress_nextauth_app.notes (user_id regress_nextauth_app.user_id REFERENCES nextauth.users);
SAVEPOINT s;
SELECT nextauth.convert_ids('text');
ROLLBACK TO s;
SELECT DISTINCT action FROM nextauth.convert_ids('integer');
ROLLBACK;
BEGIN;
CREATE TABLE regress_nextauth_app.notes (
  user_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY REFERENCES nextauth.users);
SAVEPOINT s;
SELECT nextauth.convert_ids('text');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.convert_ids('bigint');
ROLLBACK;
BEGIN;
CREATE TABLE regress_nextauth_app.notes (
  n integer, user_id integer GENERATED ALWAYS AS (n) STORED REFERENCES nextauth.users);
SELECT nextauth.convert_ids('text');
ROLLBACK;
-- one of a partition, or of a table that inherits, alone; and a partition key
BEGIN;
CREATE TABLE regress_nextauth_app.stays (user_id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE regress_nextauth_app.stays_2031 PARTITION OF regress_nextauth_app.stays
  FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');
ALTER TABLE regress_nextauth_app.stays_2031 ADD FOREIGN KEY (user_id) REFERENCES nextauth.users;
SELECT nextauth.convert_ids('text');
ROLLBACK;
BEGIN;
CREATE TABLE regress_nextauth_app.parts (user_id integer REFERENCES nextauth.users) PARTITION BY HASH (user_id);
SELECT nextauth.convert_ids('text');
ROLLBACK;
-- ids that refer to something else themselves
BEGIN;
CREATE TABLE regress_nextauth_app.people (id integer PRIMARY KEY);
INSERT INTO regress_nextauth_app.people VALUES (1), (2);
ALTER TABLE nextauth.users ADD CONSTRAINT person FOREIGN KEY (id) REFERENCES regress_nextauth_app.people;
SELECT nextauth.convert_ids('text');
ROLLBACK;
-- too many rows
SET nextauth.max_scan_rows = 5;
SELECT nextauth.convert_ids('text');
\echo :SQLSTATE
SELECT count(*) FROM nextauth.plan_convert_ids('text');
BEGIN;
SET LOCAL nextauth.allow_rewrite = on;
SELECT count(*) FROM nextauth.convert_ids('text');
ROLLBACK;
RESET nextauth.max_scan_rows;
-- tables of somebody else; the plan may be seen
RESET ROLE;
CREATE TABLE regress_nextauth_app.foreign_notes (user_id integer REFERENCES nextauth.users);
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.plan_convert_ids('text');
BEGIN;
SAVEPOINT s;
SELECT nextauth.convert_ids('text');
\echo :SQLSTATE
ROLLBACK TO s;
ROLLBACK;

RESET ROLE;
DROP SCHEMA regress_nextauth_app CASCADE;
SET ROLE regress_nextauth_owner;
DROP INDEX nextauth."IDX_ec2232c05d6e2b4556d9c13340";
SELECT count(*) FROM nextauth.drop_properties('User', 'managerId', 'inviterId');
SELECT count(*) FROM nextauth.drop_properties('Session', 'accountId', 'seats');
TRUNCATE nextauth.users, nextauth.accounts, nextauth.sessions;

--
-- Adapters' views are made again as they were
--
BEGIN;
RESET ROLE;
SELECT current_database() AS database \gset
GRANT CREATE ON DATABASE :"database" TO regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
GRANT SELECT ON nextauth_pg.users TO PUBLIC;
INSERT INTO nextauth_pg.users (id, email) VALUES (1, 'ada@example.com');
SELECT pg_temp.by_clause(statement) AS statement
FROM nextauth.plan_convert_ids('text') WHERE statement ~ '_pg.users';
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT id, email FROM nextauth_pg.users;
INSERT INTO nextauth_pg.sessions ("userId", "sessionToken", expires) VALUES ('1', 's', '2031-01-01')
RETURNING pg_typeof(id), pg_typeof("userId");
SELECT relacl IS NOT NULL AS still_granted FROM pg_class WHERE oid = 'nextauth_pg.users'::regclass;
SELECT model, property, finding FROM nextauth.check_models();
SELECT pg_temp.by_clause(statement) AS statement
FROM nextauth.model_changes, unnest(statements[1:2]) statement WHERE model = 'User' AND action = 'convert_ids';
SELECT DISTINCT action FROM nextauth.add_adapter('pg');
ROLLBACK;
-- unless their adapter could not work with the ids
BEGIN;
RESET ROLE;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SET LOCAL nextauth.id_type = 'uuid';
CREATE EXTENSION nextauth;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('hasura');
SELECT nextauth.plan_convert_ids('text');
ROLLBACK;
RESET ROLE;
