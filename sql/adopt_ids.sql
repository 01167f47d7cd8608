--
-- adopt_model() leaves no empty table of install()'s behind, nor any with ids of another type
--
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.tables() RETURNS TABLE (relation text, id text, user_id text, owner regrole) LANGUAGE sql AS $$
  SELECT c.oid::regclass::text, max(format_type(atttypid, atttypmod)) FILTER (WHERE attname = 'id'),
    max(format_type(atttypid, atttypmod)) FILTER (WHERE attname = 'user_id'), c.relowner::regrole
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('nextauth', 'regress_nextauth_app')
    AND c.relname IN ('users', 'accounts', 'sessions', 'verification_requests', 'people')
  GROUP BY c.oid ORDER BY c.oid::regclass::text COLLATE "C"
$$;
-- an application's tables, with ids of a type, and rows
CREATE PROCEDURE pg_temp.make(id_type text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE replace(replace($ddl$
    CREATE TABLE regress_nextauth_app.users (id KEY_TYPE PRIMARY KEY, name varchar, email varchar UNIQUE, email_verified timestamptz,
      image varchar, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE regress_nextauth_app.accounts (id KEY_TYPE PRIMARY KEY, compound_id varchar NOT NULL UNIQUE, user_id ID_TYPE NOT NULL,
      provider_type varchar NOT NULL, provider_id varchar NOT NULL, provider_account_id varchar NOT NULL, refresh_token text,
      access_token text, access_token_expires timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE regress_nextauth_app.sessions (id KEY_TYPE PRIMARY KEY, user_id ID_TYPE NOT NULL, expires timestamptz NOT NULL,
      session_token varchar NOT NULL UNIQUE, access_token varchar NOT NULL UNIQUE, created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE regress_nextauth_app.verification_requests (id KEY_TYPE PRIMARY KEY, identifier varchar NOT NULL,
      token varchar NOT NULL UNIQUE, expires timestamptz NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now());
    $ddl$, 'ID_TYPE', id_type), 'KEY_TYPE', CASE id_type WHEN 'integer' THEN 'serial' ELSE id_type || ' DEFAULT gen_random_uuid()' END);
  INSERT INTO regress_nextauth_app.users (email) VALUES ('ada@example.com');
END $$;
-- an installation on text ids, by whoever owns the database
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
BEGIN;
SET LOCAL nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner;
REVOKE CREATE ON SCHEMA nextauth FROM regress_nextauth_owner;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;
COMMIT;
SELECT * FROM pg_temp.tables();

SET ROLE regress_nextauth_owner;
-- the users alone: the others follow them
BEGIN;
CALL pg_temp.make('integer');
SELECT nextauth.adopt_model('User', 'regress_nextauth_app.users');
SELECT relation, id, user_id, owner FROM pg_temp.tables() WHERE relation LIKE 'nextauth.%';
SELECT model, relation, version FROM nextauth.models ORDER BY 1;
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) SELECT id, now(), 's', 'a' FROM regress_nextauth_app.users;
ROLLBACK;
-- all of them, in any order, from integers and uuids
CREATE FUNCTION pg_temp.adopt(VARIADIC models text[]) RETURNS TABLE (relation text, id text, user_id text, owner regrole) LANGUAGE plpgsql AS $$
DECLARE
  model text;
BEGIN
  FOREACH model IN ARRAY models LOOP
    PERFORM nextauth.adopt_model(model, 'regress_nextauth_app.' || CASE model WHEN 'User' THEN 'users' WHEN 'Account' THEN 'accounts'
      WHEN 'Session' THEN 'sessions' ELSE 'verification_requests' END);
  END LOOP;
  RETURN QUERY SELECT * FROM pg_temp.tables();
END $$;
BEGIN;
CALL pg_temp.make('integer');
SAVEPOINT s;
SELECT * FROM pg_temp.adopt('User', 'Account', 'Session', 'VerificationRequest');
ROLLBACK TO s;
SELECT * FROM pg_temp.adopt('VerificationRequest', 'Session', 'Account', 'User');
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK TO s;
SELECT * FROM pg_temp.adopt('Account', 'VerificationRequest', 'User');
ROLLBACK;
BEGIN;
CALL pg_temp.make('uuid');
SAVEPOINT s;
SELECT * FROM pg_temp.adopt('User', 'Session', 'VerificationRequest', 'Account');
ROLLBACK TO s;
SELECT * FROM pg_temp.adopt('Session', 'User', 'Account', 'VerificationRequest');
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;
-- with ids of the same type nothing is made anew
BEGIN;
CALL pg_temp.make('text');
SELECT * FROM pg_temp.adopt('Session', 'User');
ROLLBACK;
-- a superuser adopts for the owner of the tables, who then owns what is made anew
RESET ROLE;
BEGIN;
ALTER TABLE nextauth.users OWNER TO CURRENT_USER;
ALTER TABLE nextauth.accounts OWNER TO CURRENT_USER;
ALTER TABLE nextauth.sessions OWNER TO CURRENT_USER;
ALTER TABLE nextauth.verification_requests OWNER TO CURRENT_USER;
SET LOCAL ROLE regress_nextauth_owner;
CALL pg_temp.make('integer');
RESET ROLE;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK;

--
-- What is not as it was made is left, and a notice says so
--
SET ROLE regress_nextauth_owner;
BEGIN;
CALL pg_temp.make('integer');
SAVEPOINT s;
-- somebody's column, in the one that is replaced and in another
ALTER TABLE nextauth.users ADD COLUMN mine integer;
ALTER TABLE nextauth.sessions ADD COLUMN mine integer;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
-- a foreign key that refers to it, a view on it
CREATE TABLE regress_nextauth_app.posts (user_id text REFERENCES nextauth.users);
CREATE VIEW regress_nextauth_app.tokens AS SELECT token FROM nextauth.verification_requests;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
-- another name
RESET ROLE;
ALTER TABLE nextauth.users RENAME TO people;
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
-- somebody's grant on the one that is replaced; on others it is given again, and nothing else is
RESET ROLE;
CREATE ROLE regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_owner;
GRANT SELECT ON nextauth.users TO PUBLIC;
GRANT SELECT, INSERT ON nextauth.accounts TO regress_nextauth_reader WITH GRANT OPTION;
GRANT UPDATE (expires) ON nextauth.sessions TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO PUBLIC;
SELECT * FROM pg_temp.adopt('User');
SELECT relname, grantee::regrole, privilege_type, is_grantable FROM pg_class, aclexplode(relacl)
WHERE relnamespace = 'nextauth'::regnamespace AND relname IN ('users', 'accounts', 'sessions') AND grantee <> relowner ORDER BY 1, 3;
SELECT attacl FROM pg_attribute WHERE attrelid = 'nextauth.sessions'::regclass AND attname = 'expires';
ROLLBACK TO s;
-- what would go with it without a word: a publication, a comment, statistics, parameters, a parent
RESET ROLE;
SET LOCAL client_min_messages = error;
CREATE PUBLICATION regress_nextauth_pub FOR TABLE nextauth.users;
RESET client_min_messages;
COMMENT ON COLUMN nextauth.accounts.access_token IS 'by hand';
CREATE STATISTICS nextauth.by_hand ON user_id, expires FROM nextauth.sessions;
ALTER TABLE nextauth.verification_requests SET (fillfactor = 50);
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
COMMENT ON TABLE nextauth.accounts IS 'by hand';
ALTER TABLE nextauth.sessions REPLICA IDENTITY FULL;
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
-- rows: the model is in use, or, in the table of another, they keep their ids
INSERT INTO nextauth.users (email) VALUES ('live@example.com');
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES ('x', now(), 's', 'a');
SELECT * FROM pg_temp.adopt('User');
ROLLBACK TO s;
-- what refers to users comes first only where the users can follow it
INSERT INTO nextauth.users (email) VALUES ('live@example.com');
SELECT * FROM pg_temp.adopt('Account');
ROLLBACK TO s;
CREATE VIEW regress_nextauth_app.mails AS SELECT email FROM nextauth.users;
SELECT * FROM pg_temp.adopt('Account');
ROLLBACK;
-- the block of doc/adopting.md destroys nothing where one of its steps fails
CALL pg_temp.make('integer');
ALTER TABLE regress_nextauth_app.sessions DROP COLUMN access_token;
INSERT INTO nextauth.users (email) VALUES ('live@example.com');
SELECT nextauth.adopt_model('User', 'regress_nextauth_app.users'), nextauth.adopt_model('Account', 'regress_nextauth_app.accounts'),
  nextauth.adopt_model('Session', 'regress_nextauth_app.sessions'),
  nextauth.adopt_model('VerificationRequest', 'regress_nextauth_app.verification_requests');
DELETE FROM nextauth.users;
SELECT nextauth.adopt_model('User', 'regress_nextauth_app.users'), nextauth.adopt_model('Account', 'regress_nextauth_app.accounts'),
  nextauth.adopt_model('Session', 'regress_nextauth_app.sessions'),
  nextauth.adopt_model('VerificationRequest', 'regress_nextauth_app.verification_requests');
SELECT * FROM pg_temp.tables();

-- leave it as it was
RESET ROLE;
SET client_min_messages = warning;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
DROP SCHEMA regress_nextauth_app CASCADE;
BEGIN;
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
GRANT USAGE, CREATE ON SCHEMA nextauth TO regress_nextauth_owner;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;
COMMIT;
