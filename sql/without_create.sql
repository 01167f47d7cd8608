--
-- Who owns the tables needs no right to create anything in schema nextauth: what is new there is made for them, and
-- theirs
--
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT current_database() AS regression \gset
CREATE ROLE regress_nextauth_keeper;
DROP DATABASE IF EXISTS regress_nextauth_keeper;
CREATE DATABASE regress_nextauth_keeper;
\c regress_nextauth_keeper
SET client_min_messages = warning;
SET nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
\getenv abs_srcdir PG_ABS_SRCDIR
\set plan :abs_srcdir '/sql/include/plan.sql'
\i :plan
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_keeper;
GRANT CREATE ON DATABASE regress_nextauth_keeper TO regress_nextauth_keeper;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_keeper;
-- somebody else's event trigger writes down as whom it runs
CREATE TABLE public.log (tag text, who name);
GRANT INSERT ON public.log TO PUBLIC;
CREATE FUNCTION public.log() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.log VALUES (tg_tag, current_user);
END $$;
CREATE EVENT TRIGGER log ON ddl_command_end EXECUTE FUNCTION public.log();

SET ROLE regress_nextauth_keeper;
-- by hand PostgreSQL asks for it
CREATE TABLE nextauth.x ();
CREATE INDEX ON nextauth.users (name);
INSERT INTO nextauth.users (id, name) VALUES ('a', 'Ada'), ('b', 'Bob'), ('c', 'Cyd');
SELECT $${
  "role": {"enum": ["user", "admin"], "default": "user"},
  "code": {"type": "text", "nullable": true, "unique": true},
  "nr": {"type": "int", "generated": "increment"},
  "own": {"type": "bigint", "generated": "identity"},
  "twice": {"type": "int", "nullable": true, "asExpression": "length(name) * 2", "generatedType": "STORED"}
}$$ AS definition, $${
  "indices": [{"columns": ["name", "code"], "where": "code <> ''"},
    {"columns": ["nr", "own"], "unique": true, "name": "by nr"}],
  "uniques": [{"columns": ["code", "nr"]}]
}$$ AS options \gset
-- the plan says for which statements
SELECT pg_temp.by_clause(statement) AS statement, needs = 'CREATE ON SCHEMA nextauth' AS needs_create
FROM nextauth.plan_model('User', :'definition', :'options');
SELECT * FROM nextauth.extend_model('User', :'definition', :'options');
SELECT action, count(*) FROM nextauth.extend_model('User', :'definition', :'options') GROUP BY 1;
\d nextauth.users
SELECT id, role, nr, own, twice FROM nextauth.users ORDER BY id;
-- values go on
INSERT INTO nextauth.users (id) VALUES ('d') RETURNING role, nr, own;
-- an identity of a table without rows begins at 1
SELECT action FROM nextauth.extend_model('Session', '{"nr": {"type": "int", "generated": "identity"}}');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES ('a', 'epoch', 's', 't')
RETURNING nr;
-- other names, with all that TypeORM names after them
SELECT action FROM nextauth.rename_property('User', 'role', 'level');
SELECT action FROM nextauth.rename_property('User', 'nr', 'number');
SELECT action FROM nextauth.rename_property('User', 'own', 'second');
SELECT action FROM nextauth.rename_property('User', 'code', 'word');
-- a column that is there gets a sequence, an identity, a unique constraint
SELECT action FROM nextauth.extend_model('Account', '{
  "a": {"type": "int", "nullable": true}, "b": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.accounts (user_id, compound_id, provider_type, provider_id, provider_account_id, a, b)
VALUES ('a', 'c', 'oauth', 'github', '1', 7, 8);
SELECT property, action FROM nextauth.extend_model('Account', '{
  "a": {"type": "int", "generated": "increment", "unique": true}, "b": {"type": "int", "generated": "identity"}}');
INSERT INTO nextauth.accounts (user_id, compound_id, provider_type, provider_id, provider_account_id)
VALUES ('a', 'd', 'oauth', 'github', '2') RETURNING a, b;
-- and loses them
SELECT property, action FROM nextauth.drop_properties('Account', 'a', 'b');
-- an index of other columns under the name of one
SELECT property, column_name, action
FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "name": "by nr"}]}');
-- an adapter, with the table that only it needs
SELECT kind, action, count(*) FROM nextauth.add_adapter('prisma') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT DISTINCT action FROM nextauth.add_adapter('prisma');
-- a table that is gone is made again, for its owner
DROP TABLE nextauth.verification_requests CASCADE;
SELECT model, action FROM nextauth.install() ORDER BY 1;
-- it is all theirs
SELECT relkind, relname, pg_get_userbyid(relowner) AS owner FROM pg_class
WHERE relnamespace = 'nextauth'::regnamespace AND relkind IN ('r', 'S')
  AND relname NOT IN ('model', 'custom_column', 'model_change', 'adapter') ORDER BY relname COLLATE "C";
SELECT typname, pg_get_userbyid(typowner) AS owner FROM pg_type
WHERE typnamespace = 'nextauth'::regnamespace AND typtype = 'e';
SELECT model, finding FROM nextauth.check_models();
-- no code of others ran with other rights
RESET ROLE;
SELECT DISTINCT who FROM public.log WHERE tag <> 'CREATE EVENT TRIGGER' ORDER BY 1;
SELECT tag, count(*) > 0 AS fired FROM public.log WHERE tag ~ 'INDEX|SEQUENCE|TYPE' GROUP BY 1 ORDER BY 1;

--
-- The settings of who calls, or of the extension's owner, for what is their own do not come with its rights
--
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_nextauth_space LOCATION '';
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO PUBLIC;
SET ROLE regress_nextauth_keeper;
SET default_tablespace = regress_nextauth_space;
SELECT property, action FROM nextauth.extend_model('User', '{
  "rank": {"type": "int", "generated": "increment", "unique": true}
}', '{"indices": [{"columns": ["image"], "name": "by image"}]}');
DROP TABLE nextauth.verification_requests CASCADE;
SELECT model, action FROM nextauth.install() ORDER BY 1;
RESET default_tablespace;
RESET ROLE;
SELECT relname FROM pg_class
WHERE reltablespace = (SELECT oid FROM pg_tablespace WHERE spcname = 'regress_nextauth_space');
SELECT relname FROM pg_class, aclexplode(relacl) a
WHERE relnamespace = 'nextauth'::regnamespace AND relname IN ('verification_requests', 'users_rank_seq')
  AND a.grantee = 0;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM PUBLIC;
DROP TABLESPACE regress_nextauth_space;

--
-- What the extension does with its owner's rights, it does not give to what is of the tables' owner: a literal of a
-- composite type calls a domain's check when it is read
--
SET ROLE regress_nextauth_keeper;
CREATE SCHEMA regress_nextauth_keeper;
CREATE TABLE regress_nextauth_keeper.calls (who name);
CREATE FUNCTION regress_nextauth_keeper.look(int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO regress_nextauth_keeper.calls VALUES (current_user);
  RETURN true;
END $$;
CREATE DOMAIN regress_nextauth_keeper.looked AS int CHECK (regress_nextauth_keeper.look(VALUE));
CREATE TYPE regress_nextauth_keeper.pair AS (x regress_nextauth_keeper.looked);
SELECT action FROM nextauth.extend_model('User', '{}', '{"indices": [
  {"columns": ["image"], "name": "looked", "where": "(''(1)''::regress_nextauth_keeper.pair).x > 0"}]}');
SELECT who, count(*) > 0 AS called FROM regress_nextauth_keeper.calls GROUP BY 1;

--
-- An extension whose owner is no superuser any more gives nothing: then CREATE is needed
--
RESET ROLE;
CREATE ROLE regress_nextauth_maker;
ALTER TABLE nextauth.model OWNER TO regress_nextauth_maker;
SET ROLE regress_nextauth_keeper;
SELECT nextauth.extend_model('User', '{"mood": {"enum": ["good"], "nullable": true}}');
\set VERBOSITY default
SELECT nextauth.extend_model('User', '{"mood": {"enum": ["good"], "nullable": true}}');
RESET ROLE;
GRANT CREATE ON SCHEMA nextauth TO regress_nextauth_keeper;
SET ROLE regress_nextauth_keeper;
SELECT action FROM nextauth.extend_model('User', '{"mood": {"enum": ["good"], "nullable": true}}');
RESET ROLE;
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NULL;

--
-- Outside of schema nextauth the owner's rights are all there are
--
REVOKE CREATE ON SCHEMA nextauth FROM regress_nextauth_keeper;
ALTER TABLE nextauth.model OWNER TO CURRENT_USER;
CREATE SCHEMA elsewhere;
GRANT USAGE ON SCHEMA elsewhere TO regress_nextauth_keeper;
ALTER TABLE nextauth.sessions SET SCHEMA elsewhere;
SET ROLE regress_nextauth_keeper;
SELECT nextauth.extend_model('Session', '{"mood": {"enum": ["good"], "nullable": true}}');
SELECT action FROM nextauth.extend_model('Session', '{"mood": {"type": "text", "nullable": true}}');
RESET ROLE;
REVOKE USAGE ON SCHEMA elsewhere FROM regress_nextauth_keeper;
SELECT nextauth.extend_model('Session', '{"tune": {"type": "text", "nullable": true}}');

\c :regression
DROP DATABASE regress_nextauth_keeper;
DROP ROLE regress_nextauth_keeper, regress_nextauth_maker;
