--
-- CREATE EXTENSION, DROP EXTENSION and what stays
--
CREATE EXTENSION nextauth;
-- the tables are those that NextAuth.js v3's TypeORM adapter would have made,
-- but for their ids, which are texts, as every adapter can work with
\d nextauth.users
\d nextauth.accounts
\d nextauth.sessions
\d nextauth.verification_requests
-- the catalog knows them
SELECT model, relation, custom_columns FROM nextauth.models ORDER BY 1, 2;
-- but neither they nor their sequences are members of the extension
SELECT member
FROM pg_depend, pg_describe_object(classid, objid, objsubid) AS member
WHERE refclassid = 'pg_extension'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nextauth')
  AND classid <> 'pg_type'::regclass
ORDER BY member COLLATE "C";
-- so the rows outlive the extension, even with CASCADE
INSERT INTO nextauth.users (id, email) VALUES ('1', 'ada@example.com');
DROP EXTENSION nextauth CASCADE;
SELECT id, email FROM nextauth.users;
-- and the next one adopts the tables as they are
CREATE EXTENSION nextauth;
SELECT id, email FROM nextauth.users;
SELECT model, relation FROM nextauth.models ORDER BY 1, 2;
-- install() does what CREATE EXTENSION does, where something is missing
SELECT * FROM nextauth.install();
DROP EXTENSION nextauth;
DROP TABLE nextauth.sessions;
CREATE EXTENSION nextauth;
DROP EXTENSION nextauth;
-- so it does with those that have another name
ALTER TABLE nextauth.users RENAME TO people;
ALTER TABLE nextauth.accounts RENAME TO logins;
CREATE EXTENSION nextauth;
SELECT model, relation FROM nextauth.models ORDER BY 1, 2;
SELECT id, email FROM nextauth.people;
-- beside one that is another model's already, there is room for none
DROP TABLE nextauth.logins;
DELETE FROM nextauth.model WHERE name = 'Account';
ALTER TABLE nextauth.people RENAME CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" TO "PK_5a7a02c20412299d198e097a8fe";
SELECT * FROM nextauth.install();
ALTER TABLE nextauth.people RENAME CONSTRAINT "PK_5a7a02c20412299d198e097a8fe" TO "PK_a3ffb1c0c8416b9fc6f907b7433";
DROP EXTENSION nextauth;
-- those in another schema wait for adopt_model()
CREATE SCHEMA regress_nextauth_app;
ALTER TABLE nextauth.people SET SCHEMA regress_nextauth_app;
CREATE EXTENSION nextauth;
SELECT nextauth.adopt_model('User', 'regress_nextauth_app.people');
SELECT model, relation FROM nextauth.models WHERE model = 'User';
SELECT id, email FROM regress_nextauth_app.people;
-- the empty one goes that CREATE EXTENSION made in its place
SELECT to_regclass('nextauth.users');
DROP EXTENSION nextauth;
DROP SCHEMA regress_nextauth_app CASCADE;

--
-- What is not adopted
--
\set SHOW_CONTEXT never
-- a table of another shape
CREATE EXTENSION nextauth;
DROP EXTENSION nextauth;
ALTER TABLE nextauth.users DROP COLUMN image, ALTER COLUMN name TYPE text,
  ALTER COLUMN created_at DROP DEFAULT;
ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
CREATE EXTENSION nextauth;
DROP TABLE nextauth.users;
-- something that is no table
CREATE VIEW nextauth.users AS SELECT 1 AS id;
CREATE EXTENSION nextauth;
DROP VIEW nextauth.users;
-- a name that the model needs, taken by something else: the error says by what
CREATE TABLE nextauth.others (id integer, email text);
CREATE INDEX "UQ_97672ac88f789774dd47f7c8be3" ON nextauth.others (email);
CREATE EXTENSION nextauth;
\echo :SQLSTATE
DROP INDEX nextauth."UQ_97672ac88f789774dd47f7c8be3";
CREATE SEQUENCE nextauth."PK_a3ffb1c0c8416b9fc6f907b7433";
CREATE EXTENSION nextauth;
DROP SEQUENCE nextauth."PK_a3ffb1c0c8416b9fc6f907b7433";
-- a table that has the name of the model's primary key, and not its columns
ALTER TABLE nextauth.others ADD CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY (id);
CREATE EXTENSION nextauth;
DROP TABLE nextauth.others;
-- but a sequence of the name of the model's is in nobody's way
CREATE SEQUENCE nextauth.users_id_seq;
CREATE EXTENSION nextauth;
DROP EXTENSION nextauth;
DROP SEQUENCE nextauth.users_id_seq;
DROP TABLE nextauth.users;
-- a table that was slipped in, by somebody whom everyone allowed to
CREATE ROLE regress_nextauth_mallory;
GRANT CREATE, USAGE ON SCHEMA nextauth TO PUBLIC;
SET ROLE regress_nextauth_mallory;
CREATE TABLE nextauth.users (
  id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  name character varying,
  email character varying UNIQUE,
  email_verified timestamptz,
  image character varying,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
RESET ROLE;
CREATE EXTENSION nextauth;
-- but it is if only its owner was allowed to
REVOKE CREATE, USAGE ON SCHEMA nextauth FROM PUBLIC;
GRANT CREATE ON SCHEMA nextauth TO regress_nextauth_mallory;
CREATE EXTENSION nextauth;
-- which the grant option shows that they are
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_mallory WITH GRANT OPTION;
CREATE EXTENSION nextauth;
SELECT model, relation, owner = 'regress_nextauth_mallory' AS of_mallory
FROM nextauth.models ORDER BY 1, 2;
DROP EXTENSION nextauth;
DROP SCHEMA nextauth CASCADE;
-- nor does it go into somebody's schema
CREATE SCHEMA nextauth AUTHORIZATION regress_nextauth_mallory;
CREATE EXTENSION nextauth;
DROP SCHEMA nextauth;
DROP ROLE regress_nextauth_mallory;

--
-- In a restore the tables are the dump's: the script leaves them alone.  Every
-- dump begins by setting these.
--
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET xmloption = content;
SET row_security = off;
CREATE EXTENSION nextauth;
SELECT count(*) AS models FROM nextauth.models;
SELECT nextauth.entity_schemas();
SELECT nextauth.entity_schema('User');
SELECT nextauth.extend_model('User', '{}');
SELECT * FROM nextauth.install();
DROP EXTENSION nextauth;
DROP SCHEMA nextauth CASCADE;
RESET statement_timeout;
RESET lock_timeout;
RESET idle_in_transaction_session_timeout;
RESET xmloption;
RESET row_security;

--
-- The other tests run on the tables of next-auth 3, as a role that owns them
-- and nothing else
--
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
CREATE ROLE regress_nextauth_owner;
-- the grant option says that they are trusted; CREATE is for what they make in the schema by hand
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner WITH GRANT OPTION;
GRANT CREATE ON SCHEMA nextauth TO regress_nextauth_owner;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;
