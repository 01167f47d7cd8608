--
-- import_rows(): rows of another engine become rows of a model
--
SET ROLE regress_nextauth_owner;
\set SHOW_CONTEXT errors
-- keys are properties or column names, as the other engine has them
BEGIN;
ALTER SEQUENCE nextauth.users_id_seq RESTART;
SELECT * FROM nextauth.import_rows('User', '[
  {"id": 11, "name": "Ada", "email": "ada@example.com", "email_verified": "2031-05-06 07:08:09"},
  {"id": 12, "name": "Grace", "email": "grace@example.com", "emailVerified": null}]');
SELECT id, name, email, email_verified AT TIME ZONE 'UTC' AS email_verified, created_at = now() AS has_default
FROM nextauth.users ORDER BY id;
-- the sequence goes on after the highest id
INSERT INTO nextauth.users (name) VALUES ('Alan') RETURNING id;
-- never back
SELECT * FROM nextauth.import_rows('User', '[{"id": 5, "name": "Edsger"}]');
INSERT INTO nextauth.users (name) VALUES ('Donald') RETURNING id;
-- rows whose id is there are left alone: the same call again writes nothing
SELECT * FROM nextauth.import_rows('User', '[
  {"id": 11, "name": "Ada, again", "email": "ada@example.com"},
  {"id": 12, "name": "Grace, again"},
  {"id": 20, "name": "Barbara"}, {"id": 20, "name": "Barbara, twice"}]');
SELECT id, name FROM nextauth.users ORDER BY id;
-- a value that another row has is an error, and nothing is imported
SAVEPOINT s;
SELECT * FROM nextauth.import_rows('User', '[{"id": 30}, {"id": 31, "email": "ada@example.com"}]');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.users WHERE id >= 30;
-- then the rows that refer to users
SELECT * FROM nextauth.import_rows('Account', '[
  {"id": 1, "compoundId": "c1", "userId": 11, "providerType": "oauth", "providerId": "github", "providerAccountId": "4711"}]');
SELECT * FROM nextauth.import_rows('Session', '[
  {"id": 7, "userId": 12, "expires": "2031-01-01", "sessionToken": "s", "accessToken": "a"}]');
-- whose users should be there
SELECT * FROM nextauth.import_rows('Session', '[
  {"id": 8, "userId": 99, "expires": "2031-01-01", "sessionToken": "t", "accessToken": "b"}]');
ROLLBACK;

-- A key for which there is no column: the hint is the call that adds it
BEGIN;
SELECT nextauth.import_rows('User', '[
  {"id": 1, "phoneNumber": "+44", "is_admin": true, "logins": 3, "visits": 30, "balance": 1.5, "born": "1815-12-10", "seen": "2031-05-06T07:08:09Z",
   "key": "6f1c2a1e-8f6a-4a6f-9d0e-0123456789ab", "settings": {"theme": "dark"}, "tags": ["a", "b"], "points": [1, 2], "boss": null, "mixed": 1},
  {"id": 2, "visits": 3000000000, "balance": 2, "settings": "{\"theme\": \"light\"}", "mixed": "x"}]');
ROLLBACK;
-- pasted, it takes them
BEGIN;
CREATE FUNCTION pg_temp.take(model text, rows jsonb) RETURNS TABLE (read bigint, written bigint, left_alone bigint)
LANGUAGE plpgsql AS $$
DECLARE
  call text;
BEGIN
  BEGIN
    PERFORM nextauth.import_rows(model, rows);
  EXCEPTION WHEN undefined_column THEN
    GET STACKED DIAGNOSTICS call = PG_EXCEPTION_HINT;
  END;
  EXECUTE call;
  RETURN QUERY SELECT * FROM nextauth.import_rows(model, rows);
END $$;
SELECT * FROM pg_temp.take('User', '[
  {"id": 1, "phoneNumber": "+44", "is_admin": true, "logins": 3, "visits": 30, "balance": 1.5, "born": "1815-12-10", "seen": "2031-05-06T07:08:09Z",
   "key": "6f1c2a1e-8f6a-4a6f-9d0e-0123456789ab", "settings": {"theme": "dark"}, "tags": ["a", "b"], "points": [1, 2], "boss": null, "mixed": 1},
  {"id": 2, "visits": 3000000000, "balance": 2, "settings": "{\"theme\": \"light\"}", "mixed": "x"}]');
SELECT property, column_name, data_type FROM nextauth.model_columns WHERE model = 'User' AND is_custom ORDER BY position;
SELECT id, phone_number, is_admin, logins, visits, balance, born, key, settings, tags, points, boss, mixed FROM nextauth.users ORDER BY id;
ROLLBACK;
-- what may be a misspelt property
SELECT nextauth.import_rows('User', '[{"id": 1, "emailVerifed": "2031-05-06T07:08:09Z"}]');
-- both names of a column in one row
SELECT nextauth.import_rows('User', '[{"id": 1}, {"id": 2, "emailVerified": null, "email_verified": null}]');

-- Extended JSON of MongoDB: _id is id, __v is nothing
BEGIN;
SELECT * FROM nextauth.import_rows('User', '[
  {"_id": {"$numberInt": "3"}, "__v": 0, "email": "ada@example.com", "emailVerified": {"$date": {"$numberLong": "1935990489000"}}}]');
SELECT id, email, email_verified AT TIME ZONE 'UTC' AS email_verified FROM nextauth.users;
-- its own ids are texts
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"_id": {"$oid": "5f9d88b9c2d4e8a1b2c3d4e5"}}]');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT * FROM nextauth.import_rows('User', '[{"_id": {"$oid": "5f9d88b9c2d4e8a1b2c3d4e5"}}]');
SELECT * FROM nextauth.import_rows('Session', '[
  {"userId": {"$oid": "5f9d88b9c2d4e8a1b2c3d4e5"}, "expires": {"$date": "2031-01-01T00:00:00Z"}, "sessionToken": "s", "accessToken": "a"}]');
SELECT user_id FROM nextauth.sessions;
ROLLBACK;

-- What would keep people from signing in: v3 looks for the account 4711
BEGIN;
SELECT * FROM nextauth.import_rows('User', '[
  {"id": 1, "email": "Ada@example.com"}, {"id": 2, "email": "grace@example.com"}, {"id": 3, "email": "Grace@example.com"}]');
SELECT * FROM nextauth.import_rows('Account', format('[
  {"id": 1, "compoundId": "%s", "userId": 1, "providerType": "oauth", "providerId": "github", "providerAccountId": "4711.0"},
  {"id": 2, "compoundId": "%s", "userId": 1, "providerType": "oauth", "providerId": "shop", "providerAccountId": "1.0"},
  {"id": 3, "compoundId": "%s", "userId": 2, "providerType": "oauth", "providerId": "github", "providerAccountId": 4712.0}]',
  encode(sha256('github:4711'), 'hex'), encode(sha256('shop:1.0'), 'hex'), encode(sha256('github:4712'), 'hex'))::jsonb);
SELECT * FROM nextauth.check_models();
SELECT remedy FROM nextauth.check_models() WHERE remedy LIKE 'UPDATE%' \gexec
SELECT id, email FROM nextauth.users ORDER BY id;
SELECT id, provider_id, provider_account_id FROM nextauth.accounts ORDER BY id;
-- what the statements could not mend stays
SELECT model, finding FROM nextauth.check_models();
UPDATE nextauth.users SET email = 'hopper@example.com' WHERE id = 3;
SELECT * FROM nextauth.check_models();
ROLLBACK;

-- Many rows come through a table, into which COPY puts what an engine exports;
-- this form of COPY leaves backslashes alone
CREATE TEMP TABLE staging (document jsonb);
COPY staging FROM stdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02');
{"_id": 1, "name": "Ada \"the\" \\ first", "email": "ada@example.com"}
{"_id": 2, "name": "Grace"}
[{"_id": 3}, {"_id": 4, "name": "Barbara"}]
\.
BEGIN;
SELECT * FROM nextauth.import_rows('User', 'staging'::regclass);
SELECT id, name, email FROM nextauth.users ORDER BY id;
SELECT * FROM nextauth.import_rows('User', 'staging', 'document');
SELECT * FROM nextauth.import_rows('User', 'staging'::regclass, 'document');
ROLLBACK;
SELECT nextauth.import_rows('User', 'staging');
SELECT nextauth.import_rows('User', 'staging', 'documents');
CREATE TEMP TABLE lines (id int, line text) PARTITION BY LIST (id);
CREATE TEMP TABLE lines_1 PARTITION OF lines FOR VALUES IN (1);
CREATE TEMP TABLE lines_2 (line text, id int);
ALTER TABLE lines ATTACH PARTITION lines_2 FOR VALUES IN (2);
INSERT INTO lines VALUES (1, '{"id": 1}'), (2, '{"id": 2}'), (2, NULL);
BEGIN;
SELECT * FROM nextauth.import_rows('User', 'lines'::regclass);
ROLLBACK;
UPDATE lines SET line = 'no JSON' WHERE id = 2 AND line IS NOT NULL;
SELECT nextauth.import_rows('User', 'lines'::regclass);
ALTER TABLE lines ADD COLUMN other json;
SELECT nextauth.import_rows('User', 'lines'::regclass);
SELECT nextauth.import_rows('User', 'nextauth.verification_requests'::regclass, 'expires');

-- Rows may refer to each other in any order
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"managerId": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}');
SELECT * FROM nextauth.import_rows('User', '[{"id": 1, "managerId": 3}, {"id": 2}, {"id": 3, "managerId": 2, "name": "Grace"}]');
SELECT nextauth.import_rows('User', '[{"id": 4, "managerId": 9}]');
ROLLBACK;

-- A column without a default needs a value
BEGIN;
SET LOCAL client_min_messages = error;
SELECT count(*) FROM nextauth.extend_model('User', '{"tier": {"type": "varchar", "length": 4}, "double": {"type": "int", "asExpression": "id * 2", "generatedType": "STORED"}}');
RESET client_min_messages;
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"id": 1, "tier": "gold"}, {"id": 2}]');
ROLLBACK TO s;
SELECT nextauth.import_rows('User', '[{"id": 1, "tier": null}]');
ROLLBACK TO s;
-- the error says where a value does not fit
SELECT nextauth.import_rows('User', '[{"id": 1, "tier": "gold"}, {"id": 2, "tier": "silver"}]');
ROLLBACK TO s;
SELECT nextauth.import_rows('User', '[{"id": 1, "tier": "gold", "double": 2}]');
ROLLBACK;

-- Other tables, renamed properties, identity columns, and triggers
BEGIN;
ALTER SEQUENCE nextauth.users_id_seq RESTART;
CREATE TEMP TABLE log (id int);
CREATE FUNCTION pg_temp.log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO pg_temp.log VALUES (new.id); new.image := upper(new.image); RETURN new; END';
CREATE TRIGGER log BEFORE INSERT ON nextauth.users FOR EACH ROW EXECUTE FUNCTION pg_temp.log();
SELECT count(*) FROM nextauth.extend_model('User', '{"phone": {"type": "varchar", "nullable": true}, "number": {"type": "int", "generated": "identity"}}');
SELECT * FROM nextauth.rename_property('User', 'phone', 'telephone');
ALTER TABLE nextauth.users RENAME TO people;
SELECT * FROM nextauth.import_rows('User', '[{"id": 8, "telephone": "+44", "number": 17, "image": "png"}]');
SELECT id, telephone, number, image FROM nextauth.people;
INSERT INTO nextauth.people DEFAULT VALUES RETURNING id, number;
SELECT * FROM log;
ROLLBACK;

BEGIN;
ALTER TABLE nextauth.users ALTER id DROP DEFAULT, ALTER id ADD GENERATED ALWAYS AS IDENTITY;
SELECT * FROM nextauth.import_rows('User', '[{"id": 8}]');
INSERT INTO nextauth.users (name) VALUES ('Ada') RETURNING id;
ROLLBACK;
-- an id that is unique only with another column
BEGIN;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.sessions DROP CONSTRAINT "PK_3238ef96f18b355b671619111bc", ADD PRIMARY KEY (id, expires);
SELECT * FROM nextauth.import_rows('Session', '[{"id": 1, "userId": 1, "expires": "2031-01-01", "sessionToken": "s", "accessToken": "a"}]');
SELECT * FROM nextauth.import_rows('Session', '[{"id": 1, "userId": 1, "expires": "2031-01-02", "sessionToken": "t", "accessToken": "b"}]');
ROLLBACK;

-- Model Authenticator, where it has a table
BEGIN;
RESET ROLE;
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
SELECT count(*) FROM nextauth.install();
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.import_rows('Authenticator', '[{"id": 7, "credentialID": "c", "userId": 1, "providerAccountId": "a", "credentialPublicKey": "key", "counter": 3, "credentialDeviceType": "singleDevice", "credentialBackedUp": 1}]');
SELECT id, credential_id, counter, credential_backed_up, transports FROM nextauth.authenticators;
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- What is no array of rows
SELECT nextauth.import_rows('User', '{"id": 1}');
SELECT nextauth.import_rows('User', '3'::jsonb);
SELECT nextauth.import_rows('User', '[1]');
SELECT nextauth.import_rows('User', '[{}]');
SELECT nextauth.import_rows('User', '[{"id": 1]');
SELECT * FROM nextauth.import_rows('User', '[]');
SELECT nextauth.import_rows('Usr', '[]');
SELECT nextauth.import_rows('User', NULL::jsonb);
SELECT nextauth.import_rows('Authenticator', '[]');
SET default_transaction_read_only = on;
SELECT nextauth.import_rows('User', '[]');
RESET default_transaction_read_only;
SELECT count(*) FROM nextauth.users;
RESET ROLE;
