--
-- Model Authenticator, which only adapters with WebAuthn need, has a table
-- where somebody makes one
--
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.models WHERE model = 'Authenticator';
SELECT nextauth.entity_schemas() ? 'Authenticator' AS is_there;
-- nothing is wrong without one
SELECT * FROM nextauth.check_models();
SELECT nextauth.entity_schema('Authenticator');
SELECT nextauth.extend_model('Authenticator', '{"nickName": {"type": "varchar", "nullable": true}}');
SELECT nextauth.entity_schema('Authenticatr');
RESET ROLE;

-- a table in the model's place is adopted if it is as the extension makes it
BEGIN;
CREATE TABLE nextauth.authenticators (
  id serial CONSTRAINT "PK_1f524613bc876f10f9ba8b0f394" PRIMARY KEY,
  credential_id varchar NOT NULL CONSTRAINT "UQ_4a606bcad68063eecff5cff4c84" UNIQUE,
  user_id integer NOT NULL,
  provider_account_id varchar NOT NULL,
  credential_public_key text NOT NULL,
  counter integer NOT NULL,
  credential_device_type varchar NOT NULL,
  credential_backed_up boolean NOT NULL,
  transports varchar
);
CREATE INDEX "IDX_79111b083a20c575bdd813f3b6" ON nextauth.authenticators (user_id);
ALTER TABLE nextauth.authenticators OWNER TO regress_nextauth_owner;
SELECT * FROM nextauth.install();
SELECT * FROM nextauth.check_models();
SELECT jsonb_pretty(nextauth.entity_schema('Authenticator'));
-- also by the next CREATE EXTENSION
DROP EXTENSION nextauth;
CREATE EXTENSION nextauth;
SELECT relation FROM nextauth.models WHERE model = 'Authenticator';
-- then it is a model like any other
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.extend_model('Authenticator', '{"nickName": {"type": "varchar", "nullable": true}}');
SELECT * FROM nextauth.extend_model('User', '{"mainKeyId": {"type": "int", "nullable": true, "foreignKey": {"target": "Authenticator"}}}');
SELECT nextauth.options_of('Authenticator');
SAVEPOINT s;
ALTER TABLE nextauth.authenticators DROP COLUMN counter;
ROLLBACK TO s;
ALTER TABLE nextauth.authenticators RENAME TO keys;
SELECT model, relation, custom_columns, version FROM nextauth.models WHERE model = 'Authenticator';
-- that may go again
DROP TABLE nextauth.keys CASCADE;
SELECT count(*) FROM nextauth.models WHERE model = 'Authenticator';
SELECT * FROM nextauth.check_models();
ROLLBACK;
-- but not if it is another table
BEGIN;
CREATE TABLE nextauth.authenticators (id serial PRIMARY KEY, credential_id varchar);
SELECT nextauth.install();
ROLLBACK;

-- a table elsewhere is adopted by adopt_model(), and grant_adapter() knows it
CREATE ROLE regress_nextauth_app;
BEGIN;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner WITH GRANT OPTION;
SET LOCAL ROLE regress_nextauth_owner;
SELECT nextauth.grant_adapter('regress_nextauth_app');
CREATE TABLE nextauth.web_authn (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  credential_id text NOT NULL UNIQUE,
  user_id bigint NOT NULL,
  provider_account_id text NOT NULL,
  credential_public_key text NOT NULL,
  counter integer NOT NULL,
  credential_device_type varchar(32) NOT NULL,
  credential_backed_up boolean NOT NULL,
  transports text
);
SELECT nextauth.adopt_model('Authenticator', 'nextauth.web_authn');
SELECT property, data_type FROM nextauth.model_columns WHERE model = 'Authenticator';
SELECT nextauth.grant_adapter('regress_nextauth_app');
SELECT has_table_privilege('regress_nextauth_app', 'nextauth.web_authn', 'INSERT');
ROLLBACK;
DROP ROLE regress_nextauth_app;
