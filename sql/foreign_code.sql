--
-- Code that belongs to a table or to its types (casts, checks, defaults,
-- policies, ...) runs with the rights of the table's owner, whoever calls
--
\set SHOW_CONTEXT never
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_foreign_code;
CREATE DATABASE regress_nextauth_foreign_code;
\c regress_nextauth_foreign_code
SET client_min_messages = warning;
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
CREATE ROLE regress_nextauth_author;
CREATE ROLE regress_nextauth_other;
CREATE ROLE regress_nextauth_member;
GRANT regress_nextauth_author TO regress_nextauth_member;
GRANT USAGE, CREATE ON SCHEMA nextauth TO regress_nextauth_author;
GRANT CREATE ON DATABASE regress_nextauth_foreign_code TO regress_nextauth_author;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_other;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_author;
GRANT REFERENCES ON nextauth.users TO regress_nextauth_other;
INSERT INTO nextauth.users (name, email) VALUES ('ada', 'ada@example.com'), ('bob', 'bob@example.com');
SELECT count(*) FROM nextauth.extend_model('User', '{"code": {"type": "numeric", "precision": 9, "nullable": true, "unique": true}}');
UPDATE nextauth.users SET code = id;
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES (1, 'infinity', 's', 'a');
INSERT INTO nextauth.accounts (compound_id, user_id, provider_type, provider_id, provider_account_id)
VALUES ('c', 1, 'oauth', 'github', 'g');
CREATE SCHEMA evil;
GRANT USAGE, CREATE ON SCHEMA evil TO regress_nextauth_author, regress_nextauth_other;

-- A number of it is gone, and stays so when the transaction is rolled back,
-- once the code has run with the rights of others than it may
CREATE SEQUENCE evil.as_coder;
CREATE SEQUENCE evil.as_others;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
GRANT USAGE ON SEQUENCE evil.as_coder, evil.as_others TO PUBLIC;

-- What the code does, wherever it comes to run: it looks who it is, becomes
-- whom it can, and takes what it can get
CREATE FUNCTION evil.run() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  coders text[] := NULLIF(pg_catalog.current_setting('evil.coders', true), '');
  statement text;
BEGIN
  IF coders <> '{}' THEN
    FOREACH statement IN ARRAY ARRAY[
      'SELECT 1', 'RESET ROLE', 'RESET SESSION AUTHORIZATION', 'SET SESSION AUTHORIZATION DEFAULT',
      'SELECT pg_catalog.set_config(''role'', ''none'', false)',
      'SELECT pg_catalog.set_config(''search_path'', ''evil'', false)',
      'ALTER ROLE regress_nextauth_author SUPERUSER', 'ALTER ROLE regress_nextauth_other SUPERUSER']
    LOOP
      IF current_user OPERATOR(pg_catalog.=) ANY (coders) THEN
        PERFORM pg_catalog.nextval('evil.as_coder');
      ELSE
        PERFORM pg_catalog.nextval('evil.as_others');
      END IF;
      BEGIN
        EXECUTE statement;
      EXCEPTION WHEN OTHERS THEN
      END;
    END LOOP;
  END IF;
  RETURN 'x';
END $$;
-- in forms that fit in everywhere
CREATE FUNCTION evil.yes(value text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN evil.run() IS NOT NULL; END $$;
CREATE FUNCTION evil.same(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.run(); RETURN value; END $$;
CREATE FUNCTION evil.same(value integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.run(); RETURN value; END $$;

-- The attack: the first of "coders" sets a trap, then each of these makes the
-- call.  Has the code run with the rights of others?  Nothing of it stays.
CREATE FUNCTION public.attack(trap text, call text, coders text[] DEFAULT '{regress_nextauth_author}')
RETURNS TABLE (caller text, "ran with" text) LANGUAGE plpgsql AS $$
DECLARE
  become text;
BEGIN
  FOR caller, become IN VALUES
    ('superuser', ''),
    ('superuser, as the owner', 'SET ROLE regress_nextauth_author'),
    ('superuser, in the owner''s session', 'SET SESSION AUTHORIZATION regress_nextauth_author'),
    ('member of the owner', 'SET SESSION AUTHORIZATION regress_nextauth_member')
  LOOP
    BEGIN
      EXECUTE 'SET ROLE ' || coders[1];
      EXECUTE trap;
      RESET ROLE;
      -- nothing of the indexes is remembered from before
      UPDATE pg_class SET relpages = relpages WHERE relkind = 'i' AND relnamespace IN ('nextauth'::regnamespace, 'evil'::regnamespace);
      PERFORM setval('evil.as_coder', 1, false), setval('evil.as_others', 1, false);
      PERFORM set_config('evil.coders', coders::text, true);
      IF become <> '' THEN
        EXECUTE become;
      END IF;
      BEGIN
        EXECUTE call;
        "ran with" := '';
      EXCEPTION WHEN OTHERS THEN
        "ran with" := '';
      END;
      IF pg_catalog.current_setting('search_path') <> '"$user", public' THEN
        "ran with" := "ran with" || ', and changed the caller''s search_path';
      END IF;
      RESET SESSION AUTHORIZATION;
      RESET ROLE;
      IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolsuper AND rolname IN ('regress_nextauth_author', 'regress_nextauth_other')) THEN
        "ran with" := "ran with" || ', and made its coder a superuser';
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
    END;
    "ran with" := CASE WHEN (SELECT is_called FROM evil.as_others) THEN 'rights of others' ELSE 'no rights of others' END || "ran with";
    RETURN NEXT;
  END LOOP;
END $$;

-- Code that runs as who calls is found out
SELECT * FROM attack('', 'SELECT evil.yes(NULL)');


--
-- Casts
--
-- of a column of a type of the owner's, to another type
SELECT * FROM attack($$
  CREATE TYPE evil.pair AS (a integer, b integer);
  ALTER TABLE nextauth.users ADD COLUMN c evil.pair;
  UPDATE nextauth.users SET c = ROW(1, 2);
  CREATE FUNCTION evil.to_int(evil.pair) RETURNS integer LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN 1; END';
  CREATE CAST (evil.pair AS integer) WITH FUNCTION evil.to_int(evil.pair)
$$, $$SELECT nextauth.plan_model('User', '{"c": {"type": "int", "nullable": true}}')$$);
SELECT * FROM attack($$
  CREATE TYPE evil.pair AS (a integer, b integer);
  ALTER TABLE nextauth.users ADD COLUMN c evil.pair;
  UPDATE nextauth.users SET c = ROW(1, 2);
  CREATE FUNCTION evil.to_int(evil.pair) RETURNS integer LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN 1; END';
  CREATE CAST (evil.pair AS integer) WITH FUNCTION evil.to_int(evil.pair)
$$, $$SELECT nextauth.extend_model('User', '{"c": {"type": "int", "nullable": true}}')$$);
SELECT * FROM attack($$
  CREATE TYPE evil.pair AS (a integer, b integer);
  ALTER TABLE nextauth.users ADD COLUMN c evil.pair;
  UPDATE nextauth.users SET c = ROW(1, 2);
  CREATE FUNCTION evil.to_int(evil.pair) RETURNS integer LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN 1; END';
  CREATE CAST (evil.pair AS integer) WITH FUNCTION evil.to_int(evil.pair)
$$, $$SELECT nextauth.extend_models('{"User": {"columns": {"c": {"type": "int", "nullable": true}}}}')$$);
-- one that the planner puts in place, and computes, before there is any row
SELECT * FROM attack($$
  CREATE TYPE evil.pair AS (a integer, b integer);
  ALTER TABLE nextauth.sessions ADD COLUMN c evil.pair;
  DELETE FROM nextauth.sessions;
  CREATE FUNCTION evil.to_int(evil.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT evil.same(5)';
  CREATE CAST (evil.pair AS integer) WITH FUNCTION evil.to_int(evil.pair)
$$, $$SELECT nextauth.plan_model('Session', '{"c": {"type": "int", "nullable": true}}')$$);
-- of an enum to text, by which the values of labels that go are found
SELECT * FROM attack($$
  SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
  CREATE FUNCTION evil.to_text(nextauth.users_role_enum) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN NULL; END';
  CREATE CAST (nextauth.users_role_enum AS text) WITH FUNCTION evil.to_text(nextauth.users_role_enum)
$$, $$SELECT nextauth.extend_model('User', '{"role": {"enum": ["user"], "default": "user"}}')$$);
SELECT * FROM attack($$
  SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
  CREATE FUNCTION evil.to_text(nextauth.users_role_enum) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN NULL; END';
  CREATE CAST (nextauth.users_role_enum AS text) WITH FUNCTION evil.to_text(nextauth.users_role_enum)
$$, $$SELECT nextauth.plan_model('User', '{"role": {"type": "text", "nullable": true}}')$$);
-- of duplicates, which are shown
SELECT * FROM attack($$
  SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
  CREATE FUNCTION evil.to_text(nextauth.users_role_enum) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN NULL; END';
  CREATE CAST (nextauth.users_role_enum AS text) WITH FUNCTION evil.to_text(nextauth.users_role_enum)
$$, $$SELECT nextauth.plan_model('User', '{"role": {"enum": ["user", "admin"], "default": "user", "unique": true}}')$$);
-- of a column of another owner's table that refers to a model's, which is shortened
SELECT * FROM attack($$
  CREATE TYPE evil.number AS (a numeric);
  CREATE FUNCTION evil.to_numeric(evil.number) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN PERFORM evil.run(); RETURN ($1).a; END';
  CREATE CAST (evil.number AS numeric) WITH FUNCTION evil.to_numeric(evil.number) AS IMPLICIT;
  CREATE TABLE evil.t (code evil.number REFERENCES nextauth.users (code));
  INSERT INTO evil.t VALUES (ROW(1))
$$, $$SELECT nextauth.extend_model('User', '{"code": {"type": "numeric", "precision": 8, "nullable": true, "unique": true}}')$$,
  '{regress_nextauth_other,regress_nextauth_author}');

--
-- Checks
--
-- when a column is shortened
SELECT * FROM attack('ALTER TABLE nextauth.users ADD CHECK (evil.yes(name))',
  $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
SELECT * FROM attack('ALTER TABLE nextauth.users ADD CHECK (evil.yes(name))',
  $$SELECT nextauth.extend_models('{"User": {"columns": {"name": {"type": "varchar", "length": 200, "nullable": true}}}}')$$);
-- of constants, when it is looked whether it keeps a column from being null
SELECT * FROM attack($$
  SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "default": "x"}}');
  ALTER TABLE nextauth.users ADD CHECK (nick = evil.same('x'::text))
$$, $$SELECT nextauth.plan_model('User', '{"nick": {"type": "text", "default": "x"}}')$$);
SELECT * FROM attack($$
  SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "default": "x"}}');
  ALTER TABLE nextauth.users ADD CHECK (nick = evil.same('x'::text))
$$, $$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "default": "x"}}')$$);
-- with a literal, when its text is read again
SELECT * FROM attack($$
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  ALTER TABLE nextauth.users ADD CHECK (name <> 'x' OR '(5)'::evil.comp IS NOT NULL);
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID
$$, $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
SELECT * FROM attack($$
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  ALTER TABLE nextauth.users ADD CHECK (id IS NOT NULL OR '(5)'::evil.comp IS NOT NULL);
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID
$$, $$SELECT nextauth.plan_convert_ids('text')$$);

--
-- Defaults, computed columns, domains
--
SELECT * FROM attack('',
  $$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "defaultExpression": "evil.run()"}}')$$);
SELECT * FROM attack('',
  $$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "defaultExpression": "evil.same(''x''::text)"}}')$$);
SELECT * FROM attack('',
  $$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "asExpression": "evil.same(name::text)", "generatedType": "STORED"}}')$$);
SELECT * FROM attack('',
  $$SELECT nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true, "asExpression": "evil.same(''x''::text) || name", "generatedType": "STORED"}}')$$);

--
-- Indexes
--
-- a predicate and an expression, when a column gets another type
SELECT * FROM attack('CREATE INDEX ON nextauth.users (id) WHERE evil.same(name::text) IS NOT NULL',
  $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
SELECT * FROM attack('CREATE INDEX ON nextauth.users (evil.same(name::text))',
  $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
-- a literal in one
SELECT * FROM attack($$
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  CREATE INDEX ON nextauth.users (id) WHERE name <> 'x' OR '(5)'::evil.comp IS NOT NULL;
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID
$$, $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
SELECT * FROM attack($$
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  CREATE INDEX ON nextauth.users (name) WHERE id IS NOT NULL OR '(5)'::evil.comp IS NOT NULL;
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID
$$, $$SELECT nextauth.plan_convert_ids('text')$$);
-- constants in statistics
SELECT * FROM attack($$CREATE STATISTICS evil.s ON (evil.same('x'::text) || id::text), name FROM nextauth.users$$,
  $$SELECT nextauth.plan_model('User', '{"name": {"type": "varchar", "length": 2, "nullable": true}}')$$);

--
-- Tables of others that refer to the models
--
SELECT * FROM attack('CREATE TABLE evil.t (user_id integer REFERENCES nextauth.users (id), CHECK (evil.yes(user_id::text)));
  INSERT INTO evil.t VALUES (1)',
  $$SELECT nextauth.convert_ids('text')$$);
SELECT * FROM attack('CREATE TABLE evil.t (user_id integer REFERENCES nextauth.users (id), CHECK (evil.yes(user_id::text)));
  INSERT INTO evil.t VALUES (1)',
  $$SELECT nextauth.convert_ids('text')$$, '{regress_nextauth_other}');
SELECT * FROM attack($$
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  CREATE TABLE evil.t (user_id integer REFERENCES nextauth.users (id), CHECK (user_id IS NOT NULL OR '(5)'::evil.comp IS NOT NULL));
  CREATE INDEX ON evil.t (user_id) WHERE user_id IS NOT NULL OR '(6)'::evil.comp IS NOT NULL;
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID
$$, $$SELECT nextauth.plan_convert_ids('text')$$, '{regress_nextauth_other}');
-- a table that inherits from a model's is altered and counted with it
SELECT * FROM attack($$CREATE TABLE evil.t (CHECK (evil.yes(name))) INHERITS (nextauth.users); INSERT INTO evil.t (name) VALUES ('eve')$$,
  $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$);
SELECT * FROM attack($$CREATE TABLE evil.t (CHECK (evil.same('x'::text) = 'x')) INHERITS (nextauth.users)$$,
  $$SELECT nextauth.plan_model('User', '{"name": {"type": "varchar", "length": 2, "nullable": true}}')$$);
-- a table of another owner that a model is to refer to is looked at
SELECT * FROM attack($$CREATE TABLE evil.t (id integer PRIMARY KEY, name text);
  CREATE STATISTICS evil.s ON (evil.same('x'::text) || id::text), name FROM evil.t;
  GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author$$,
  $$SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "default": 1}}');
    SELECT nextauth.plan_model('Session', '{"tId": {"type": "int", "default": 1, "foreignKey": {"target": "evil.t"}}}')$$,
  '{regress_nextauth_other,regress_nextauth_author}');
SELECT * FROM attack($$CREATE TABLE evil.t (id integer PRIMARY KEY, name text);
  INSERT INTO evil.t VALUES (1);
  CREATE STATISTICS evil.s ON (evil.same('x'::text) || id::text), name FROM evil.t;
  GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author$$,
  $$SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "default": 1, "foreignKey": {"target": "evil.t"}}}')$$,
  '{regress_nextauth_other,regress_nextauth_author}');

-- one with an index, too
CREATE FUNCTION evil.harmless(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
SET ROLE regress_nextauth_other;
CREATE FUNCTION evil.theirs(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.run(); RETURN $1; END $$;
RESET ROLE;
SELECT * FROM attack($$CREATE TABLE evil.t (id integer PRIMARY KEY);
  INSERT INTO evil.t VALUES (1);
  CREATE INDEX ON evil.t ((evil.theirs(1) + id));
  GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author$$,
  $$SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "default": 1, "foreignKey": {"target": "evil.t"}}}')$$,
  '{regress_nextauth_other}');
SELECT * FROM attack($$CREATE TABLE evil.t (id integer PRIMARY KEY);
  INSERT INTO evil.t VALUES (1);
  CREATE INDEX ON evil.t ((evil.theirs(1) + id));
  GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author$$,
  $$SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "default": 1}}');
    SELECT nextauth.plan_model('Session', '{"tId": {"type": "int", "default": 1, "foreignKey": {"target": "evil.t"}}}')$$,
  '{regress_nextauth_other}');
-- the refusal says what it is
BEGIN;
SET LOCAL ROLE regress_nextauth_other;
CREATE TABLE evil.t (id integer PRIMARY KEY);
CREATE INDEX evil_index ON evil.t ((evil.theirs(1) + id));
GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author;
RESET ROLE;
SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "nullable": true, "foreignKey": {"target": "evil.t"}}}');
ROLLBACK;
-- without SELECT PostgreSQL looks row by row, with the rights of the other's owner; what is not called may be there,
-- and what is a superuser's
SELECT * FROM attack($$CREATE TABLE evil.t (id integer PRIMARY KEY);
  INSERT INTO evil.t VALUES (1);
  CREATE INDEX ON evil.t ((evil.theirs(1) + id));
  GRANT REFERENCES ON evil.t TO regress_nextauth_author$$,
  $$SELECT nextauth.extend_model('Session', '{"tId": {"type": "int", "default": 1, "foreignKey": {"target": "evil.t"}}}')$$,
  '{regress_nextauth_other}');
BEGIN;
SET LOCAL ROLE regress_nextauth_other;
CREATE TYPE evil.mood AS ENUM ('good');
CREATE FUNCTION evil.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION evil.same(evil.mood) RETURNS evil.mood LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE evil.t (id integer PRIMARY KEY, mood evil.mood UNIQUE DEFAULT evil.same('good'::evil.mood), CHECK (lower(id::text) <> ''));
CREATE INDEX ON evil.t (id) WHERE evil.harmless(id);
CREATE TRIGGER touch BEFORE UPDATE ON evil.t FOR EACH ROW EXECUTE FUNCTION evil.touch();
CREATE VIEW evil.v AS SELECT evil.same(mood) FROM evil.t;
GRANT REFERENCES, SELECT ON evil.t TO regress_nextauth_author;
RESET ROLE;
SELECT action FROM nextauth.extend_model('Session', '{"tId": {"type": "int", "nullable": true, "foreignKey": {"target": "evil.t"}}}');
ROLLBACK;

-- a table of somebody else that inherits from a model's, whose owner gave it to them
CREATE TABLE evil.heir () INHERITS (nextauth.users);
INSERT INTO evil.heir (name) VALUES ('eve');
ALTER TABLE evil.heir OWNER TO regress_nextauth_other;
SELECT * FROM attack('ALTER TABLE evil.heir ADD CHECK (evil.yes(name)); CREATE INDEX ON evil.heir ((evil.theirs(1) + id))',
  $$SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "length": 200, "nullable": true}}')$$,
  '{regress_nextauth_other}');
SELECT * FROM attack('ALTER TABLE evil.heir ADD CHECK (evil.yes(name)); CREATE INDEX ON evil.heir ((evil.theirs(1) + id))',
  $$SELECT nextauth.plan_model('User', '{"name": {"type": "varchar", "length": 2}}')$$, '{regress_nextauth_other}');
SELECT * FROM attack('ALTER TABLE evil.heir ADD CHECK (evil.yes(name)); CREATE INDEX ON evil.heir ((evil.theirs(1) + id))',
  $$SELECT nextauth.convert_ids('text')$$, '{regress_nextauth_other}');
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT nextauth.convert_ids('text');
DROP TABLE evil.heir;
-- a schema of somebody else, who could put another table in the model's place
BEGIN;
CREATE SCHEMA theirs AUTHORIZATION regress_nextauth_other;
ALTER TABLE nextauth.users SET SCHEMA theirs;
SELECT nextauth.drop_properties('User', 'code');
ROLLBACK;

-- who may read a model's table, but does not own it, plans: their own code is not called
GRANT SELECT ON nextauth.users TO regress_nextauth_other;
BEGIN;
SELECT setval('evil.as_others', 1, false), set_config('evil.coders', '{nobody}', true);
SET LOCAL ROLE regress_nextauth_other;
SELECT statement, cost, rows FROM nextauth.plan_model('User', '{}', '{"checks": [{"name": "mine", "expression": "evil.yes(name::text)"}]}');
RESET ROLE;
SELECT is_called AS ran FROM evil.as_others;
ROLLBACK;

--
-- Row level security
--
-- which holds for the owner when it is forced, and so for who has become them
SELECT * FROM attack('ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  CREATE POLICY evil ON nextauth.users USING (evil.yes(id::text))',
  $$SELECT nextauth.plan_model('User', '{"name": {"type": "varchar", "length": 2, "nullable": true}}')$$);

--
-- Every other call, on tables that have a trap of each kind
--
CREATE FUNCTION evil.set_traps() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  PERFORM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
  CREATE DOMAIN evil.dom AS text;
  CREATE TYPE evil.comp AS (d evil.dom);
  FOREACH name IN ARRAY '{users,accounts,sessions,verification_requests}'::text[] LOOP
    EXECUTE format('CREATE INDEX ON nextauth.%I (created_at) WHERE evil.same(''x''::text) = ''y''', name);
    EXECUTE format('CREATE INDEX ON nextauth.%I ((evil.same(''y''::text) || id::text))', name);
    EXECUTE format('CREATE STATISTICS evil.%I ON (evil.same(''z''::text) || id::text), created_at FROM nextauth.%1$I', name);
    EXECUTE format('ALTER TABLE nextauth.%I ADD CHECK (evil.yes(id::text)), ADD CHECK (evil.same(''x''::text) = ''x'' OR id IS NULL), '
      'ADD CHECK (''(5)''::evil.comp IS NOT NULL OR id IS NULL), ADD COLUMN extra text DEFAULT (''(5)''::evil.comp)::text, '
      'ADD COLUMN computed text GENERATED ALWAYS AS (evil.same(''x''::text)) STORED', name);
    EXECUTE format('ALTER TABLE nextauth.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY evil ON nextauth.%I USING (evil.yes(created_at::text) AND evil.same(''x''::text) = ''x'')', name);
  END LOOP;
  ALTER DOMAIN evil.dom ADD CHECK (evil.yes(VALUE)) NOT VALID;
END $$;
SET ROLE regress_nextauth_author;
SELECT evil.set_traps();
RESET ROLE;
SELECT * FROM attack('',
  $call$SELECT nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true, "unique": true}}', '{"checks": [{"expression": "nick <> ''''"}], "indices": [{"columns": ["nick"], "where": "nick IS NOT NULL"}]}')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.plan_model('User', '{"nick": {"type": "varchar", "nullable": true, "unique": true}}', '{"checks": [{"expression": "nick <> ''''"}]}')$call$);
-- what an index of the options is on
SELECT * FROM attack('',
  $call$SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "evil.same(name)"}], "unique": true, "name": "i"}]}')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.plan_model('User', '{}', '{"indices": [{"columns": ["email", {"expression": "evil.same(''x''::text)"}], "unique": true}]}')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.extend_model('Account', '{"otherId": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.rename_property('User', 'nick', 'handle')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.drop_properties('User', 'nick')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.add_adapter('pg')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.add_adapter('pg'); SELECT nextauth.drop_adapter('nextauth_pg')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.convert_ids('text')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.convert_ids('bigint')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.plan_convert_ids('text')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.plan_convert_ids('bigint')$call$);
SELECT * FROM attack('',
  $call$ALTER TABLE nextauth.users SET SCHEMA evil; SELECT nextauth.adopt_model('User', 'evil.users')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.check_models()$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.install()$call$);
SELECT * FROM attack('',
  $call$SELECT * FROM nextauth.models; SELECT * FROM nextauth.model_columns; SELECT * FROM nextauth.custom_models; SELECT nextauth.entity_schemas(); SELECT nextauth.describe_model('typeorm')$call$);
SELECT * FROM attack('',
  $call$ALTER TABLE nextauth.users RENAME COLUMN nick TO handle$call$);
SELECT * FROM attack('',
  $call$ALTER TABLE nextauth.users DROP COLUMN extra$call$);

-- on ids that more adapters can work with, which get foreign keys
SET ROLE regress_nextauth_author;
SELECT count(*) FROM nextauth.convert_ids('text');
RESET ROLE;
SELECT * FROM attack('',
  $call$SELECT nextauth.add_adapter('kysely')$call$);
SELECT * FROM attack('',
  $call$SELECT nextauth.add_adapter('better-auth'), nextauth.add_adapter('prisma')$call$);

\c :regression
DROP DATABASE regress_nextauth_foreign_code;
DROP ROLE regress_nextauth_author, regress_nextauth_other, regress_nextauth_member;
