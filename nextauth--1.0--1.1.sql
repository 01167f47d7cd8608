/*
 * Version 1.0 -> 1.1: what src/nextauth.sql has beyond 1.0.
 *
 * ALTER EXTENSION nextauth UPDATE runs this.  A database that was updated has
 * the same objects as one in which 1.1 was created; test/t/022_versions.pl
 * compares them.
 */

-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION nextauth UPDATE TO '1.1'" to load this file. \quit

-- Nothing that somebody made in schema nextauth is to be found from here
SET LOCAL search_path = pg_catalog, pg_temp;

-- What running calls are doing

CREATE FUNCTION nextauth.entity_schema(name text, driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schema'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schema(text, text) IS
  'Returns entity_schema() for a driver of TypeORM: postgres, mysql, mariadb, sqlite or mongodb; "remarks" says what is different there';

CREATE TYPE nextauth.entity_schemas;
COMMENT ON TYPE nextauth.entity_schemas IS 'Reserves the name: a defined type would be called instead of the function';

CREATE FUNCTION nextauth.entity_schemas(driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schemas'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schemas(text) IS
  'Returns entity_schema() for a driver of every model by name';

CREATE FUNCTION nextauth.running_calls(
  OUT pid integer,
  OUT command text,
  OUT relation regclass,
  OUT phase text,
  OUT column_name name,
  OUT blocks_done bigint,
  OUT blocks_total bigint,
  OUT rows_done bigint,
  OUT rows_total bigint,
  OUT started_at timestamp with time zone,
  OUT phase_started_at timestamp with time zone
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'running_calls'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.running_calls() IS
  'The calls that are running, behind the view progress';

CREATE VIEW nextauth.progress AS
SELECT
  r.pid,
  r.command,
  (SELECT m.name FROM nextauth.model m WHERE m.relation = r.relation AND m.vouched) AS model,
  r.relation,
  r.phase,
  r.column_name,
  r.blocks_done,
  r.blocks_total,
  r.rows_done,
  r.rows_total,
  r.started_at,
  r.phase_started_at
FROM nextauth.running_calls() r;

COMMENT ON VIEW nextauth.progress IS
  'What running calls of extend_model_online(), convert_ids(), extend_model(), extend_models(), add_adapter(), import_rows(), purge_expired() and delete_expired() are doing in this database';
COMMENT ON COLUMN nextauth.progress.pid IS 'The process that does the work; for extend_model_online() its background worker';
COMMENT ON COLUMN nextauth.progress.command IS 'The function that was called. This and the columns below are null to a role that may not read the caller''s statistics';
COMMENT ON COLUMN nextauth.progress.model IS 'The model of the table, if it has one';
COMMENT ON COLUMN nextauth.progress.relation IS 'The table that the phase is about';
COMMENT ON COLUMN nextauth.progress.phase IS
  'planning, waiting for another call, locking table, checking rows, reading table, rewriting table, rebuilding indexes, filling column, building index, validating constraint, deleting expired rows, reading keys, converting rows or inserting rows';
COMMENT ON COLUMN nextauth.progress.column_name IS 'The column that is filled';
COMMENT ON COLUMN nextauth.progress.blocks_done IS 'Blocks of the table that are filled, read for an index, or searched for expired rows';
COMMENT ON COLUMN nextauth.progress.blocks_total IS 'Blocks of the table';
COMMENT ON COLUMN nextauth.progress.rows_done IS 'Rows that are filled, rewritten in tables that are finished, in the index, deleted, or read for an import';
COMMENT ON COLUMN nextauth.progress.rows_total IS 'All rows: an estimate while a column is filled or an index is built';
COMMENT ON COLUMN nextauth.progress.started_at IS 'When the call began';
COMMENT ON COLUMN nextauth.progress.phase_started_at IS 'When the phase began. A statement that reads or rewrites a table does not show how far it is';

GRANT SELECT ON nextauth.progress TO PUBLIC;

-- Rows of another engine

CREATE FUNCTION nextauth.import_rows(model text, rows text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, text) IS
  'Imports rows of another engine, JSON objects in an array with properties or column names as keys, into the model''s table; rows whose id is there are left alone; needs ownership of the table';

CREATE FUNCTION nextauth.import_rows(model text, rows jsonb, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, jsonb) IS
  'Imports rows of another engine, JSON objects in an array with properties or column names as keys, into the model''s table; rows whose id is there are left alone; needs ownership of the table';

CREATE FUNCTION nextauth.import_rows(model text, source regclass, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, regclass) IS
  'Imports rows of another engine, JSON objects in the only column of a table that can hold them, into the model''s table; needs ownership of the model''s table';

-- It looks up the table in the user's search_path, and then sets its own
CREATE FUNCTION nextauth.import_rows(model text, source text, source_column text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE;

COMMENT ON FUNCTION nextauth.import_rows(text, text, text) IS
  'Imports rows of another engine, JSON objects in a column of a table, into the model''s table; needs ownership of the model''s table';

CREATE FUNCTION nextauth.import_rows(model text, source regclass, source_column text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, regclass, text) IS
  'Imports rows of another engine, JSON objects in a column of a table, into the model''s table; needs ownership of the model''s table';

DROP TRIGGER vouch ON nextauth.model;
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.model
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
ALTER TABLE nextauth.model ENABLE ALWAYS TRIGGER vouch;
DROP TRIGGER vouch ON nextauth.custom_column;
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.custom_column
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
ALTER TABLE nextauth.custom_column ENABLE ALWAYS TRIGGER vouch;
DROP TRIGGER vouch ON nextauth.adapter;
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.adapter
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
ALTER TABLE nextauth.adapter ENABLE ALWAYS TRIGGER vouch;

CREATE TYPE nextauth.create_user;
CREATE TYPE nextauth.get_user;
CREATE TYPE nextauth.get_user_by_email;
CREATE TYPE nextauth.update_user;
CREATE TYPE nextauth.delete_user;
CREATE TYPE nextauth.link_account;
CREATE TYPE nextauth.create_session;
CREATE TYPE nextauth.get_session_and_user;
CREATE TYPE nextauth.update_session;
CREATE TYPE nextauth.delete_session;
CREATE TYPE nextauth.sessions_of;
CREATE TYPE nextauth.sign_out_everywhere;
CREATE TYPE nextauth.create_verification_token;
CREATE TYPE nextauth.create_authenticator;
CREATE TYPE nextauth.get_authenticator;
CREATE TYPE nextauth.list_authenticators_by_user_id;
COMMENT ON TYPE nextauth.create_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_user_by_email IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.update_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.link_account IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_session_and_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.update_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.sessions_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.sign_out_everywhere IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_verification_token IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_authenticator IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_authenticator IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.list_authenticators_by_user_id IS 'Reserves the name: a defined type would be called instead of the function';

/*
 * Methods of an adapter, with the caller's rights.  Their statements name all
 * schemas, and leave the search_path to the triggers of the tables.  JSON has the
 * names that Auth.js gives properties.
 */

CREATE FUNCTION nextauth.create_user("user" text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_user(text) IS
  'Inserts a user of the given properties, and returns it: Auth.js''s createUser()';

CREATE FUNCTION nextauth.create_user("user" jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_user(jsonb) IS
  'Inserts a user of the given properties, and returns it: Auth.js''s createUser()';

CREATE FUNCTION nextauth.get_user(id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user(text) IS
  'Returns a user, or null: Auth.js''s getUser()';

CREATE FUNCTION nextauth.get_user_by_email(email text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user_by_email'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user_by_email(text) IS
  'Returns the user with an e-mail address, or null: Auth.js''s getUserByEmail()';

CREATE FUNCTION nextauth.get_user_by_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user_by_account'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user_by_account(text, text) IS
  'Returns the user who signs in with an account, or null: Auth.js''s getUserByAccount()';

CREATE FUNCTION nextauth.update_user("user" text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_user(text) IS
  'Gives the user with the id the other properties, and returns the user, or null: Auth.js''s updateUser()';

CREATE FUNCTION nextauth.update_user("user" jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'update_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_user(jsonb) IS
  'Gives the user with the id the other properties, and returns the user, or null: Auth.js''s updateUser()';

CREATE FUNCTION nextauth.delete_user(id text)
RETURNS json
AS 'MODULE_PATHNAME', 'delete_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.delete_user(text) IS
  'Deletes a user with all accounts, sessions and authenticators, and returns the user, or null: Auth.js''s deleteUser()';

CREATE FUNCTION nextauth.link_account(account text)
RETURNS json
AS 'MODULE_PATHNAME', 'link_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.link_account(text) IS
  'Inserts an account of a user, and returns it: Auth.js''s linkAccount()';

CREATE FUNCTION nextauth.link_account(account jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'link_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.link_account(jsonb) IS
  'Inserts an account of a user, and returns it: Auth.js''s linkAccount()';

CREATE FUNCTION nextauth.unlink_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'unlink_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.unlink_account(text, text) IS
  'Deletes an account, and returns it, or null: Auth.js''s unlinkAccount()';

CREATE FUNCTION nextauth.get_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_account'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_account(text, text) IS
  'Returns an account, or null: Auth.js''s getAccount()';

CREATE FUNCTION nextauth.create_session(session text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_session(text) IS
  'Inserts a session of a user, with a random token unless one is given, and returns it: Auth.js''s createSession()';

CREATE FUNCTION nextauth.create_session(session jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_session(jsonb) IS
  'Inserts a session of a user, with a random token unless one is given, and returns it: Auth.js''s createSession()';

CREATE FUNCTION nextauth.get_session_and_user(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_session_and_user(text) IS
  'Returns a session that has not expired and its user, or null: Auth.js''s getSessionAndUser()';

CREATE FUNCTION nextauth.get_session_and_user(token text, max_age integer, update_age integer)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user_sliding'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.get_session_and_user(text, integer, integer) IS
  'The same, and moves the expiry to max_age seconds from now if that was last done update_age seconds ago';

CREATE FUNCTION nextauth.get_session_and_user(token text, max_age text, update_age text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user_sliding'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.get_session_and_user(text, text, text) IS
  'The same, and moves the expiry to max_age seconds from now if that was last done update_age seconds ago';

CREATE FUNCTION nextauth.update_session(session text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_session(text) IS
  'Gives the session with the sessionToken the other properties, and returns it, or null: Auth.js''s updateSession()';

CREATE FUNCTION nextauth.update_session(session jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'update_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_session(jsonb) IS
  'Gives the session with the sessionToken the other properties, and returns it, or null: Auth.js''s updateSession()';

CREATE FUNCTION nextauth.delete_session(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'delete_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.delete_session(text) IS
  'Deletes a session, and returns it, or null: Auth.js''s deleteSession()';

CREATE FUNCTION nextauth.sessions_of(user_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'sessions_of'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.sessions_of(text) IS
  'Returns the sessions of a user that have not expired, as an array';

CREATE FUNCTION nextauth.sign_out_everywhere(user_id text)
RETURNS bigint
AS 'MODULE_PATHNAME', 'sign_out_everywhere'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_out_everywhere(text) IS
  'Deletes all sessions of a user, and returns how many there were';

CREATE FUNCTION nextauth.create_verification_token(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_verification_token(text) IS
  'Inserts a token that verifies an e-mail address, and returns it: Auth.js''s createVerificationToken()';

CREATE FUNCTION nextauth.create_verification_token(token jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_verification_token(jsonb) IS
  'Inserts a token that verifies an e-mail address, and returns it: Auth.js''s createVerificationToken()';

CREATE FUNCTION nextauth.use_verification_token(identifier text, token text)
RETURNS json
AS 'MODULE_PATHNAME', 'use_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.use_verification_token(text, text) IS
  'Deletes a token, and returns it to the first caller unless it has expired; otherwise null: Auth.js''s useVerificationToken()';

CREATE FUNCTION nextauth.create_authenticator(authenticator text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_authenticator'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_authenticator(text) IS
  'Inserts a WebAuthn authenticator of a user, and returns it: Auth.js''s createAuthenticator()';

CREATE FUNCTION nextauth.create_authenticator(authenticator jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_authenticator'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_authenticator(jsonb) IS
  'Inserts a WebAuthn authenticator of a user, and returns it: Auth.js''s createAuthenticator()';

CREATE FUNCTION nextauth.get_authenticator(credential_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_authenticator'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_authenticator(text) IS
  'Returns an authenticator, or null: Auth.js''s getAuthenticator()';

CREATE FUNCTION nextauth.list_authenticators_by_user_id(user_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'list_authenticators_by_user_id'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.list_authenticators_by_user_id(text) IS
  'Returns the authenticators of a user, as an array: Auth.js''s listAuthenticatorsByUserId()';

CREATE FUNCTION nextauth.update_authenticator_counter(credential_id text, counter integer)
RETURNS json
AS 'MODULE_PATHNAME', 'update_authenticator_counter'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_authenticator_counter(text, integer) IS
  'Sets the number of signatures of an authenticator, and returns it, or null: Auth.js''s updateAuthenticatorCounter()';

CREATE FUNCTION nextauth.update_authenticator_counter(credential_id text, counter text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_authenticator_counter'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_authenticator_counter(text, text) IS
  'Sets the number of signatures of an authenticator, and returns it, or null: Auth.js''s updateAuthenticatorCounter()';

CREATE FUNCTION nextauth.sign_in(profile text, account text)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(text, text) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser';

CREATE FUNCTION nextauth.sign_in(profile jsonb, account jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(jsonb, jsonb) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser';

CREATE FUNCTION nextauth.sign_in(profile text, account text, options text)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(text, text, text) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser; options are allowDangerousEmailAccountLinking, maxAge, session and userId';

CREATE FUNCTION nextauth.sign_in(profile jsonb, account jsonb, options jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(jsonb, jsonb, jsonb) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser; options are allowDangerousEmailAccountLinking, maxAge, session and userId';
-- Expired rows

CREATE TYPE nextauth.purge_expired;
CREATE TYPE nextauth.delete_expired;
COMMENT ON TYPE nextauth.purge_expired IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_expired IS 'Reserves the name: a defined type would be called instead of the function';

-- It commits, so it cannot have a SET clause; it sets its search_path itself
CREATE PROCEDURE nextauth.purge_expired()
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired() IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.purge_expired(batch text)
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired(text) IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (null: nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.purge_expired(batch integer)
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired(integer) IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (null: nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE FUNCTION nextauth.delete_expired()
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired() IS
  'Deletes all expired rows of the models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';

CREATE FUNCTION nextauth.delete_expired(max_rows text)
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired(text) IS
  'Deletes at most so many expired rows of all models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';

CREATE FUNCTION nextauth.delete_expired(max_rows integer)
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired(integer) IS
  'Deletes at most so many expired rows of all models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';
-- Who is asking, for row level security

CREATE TYPE nextauth.authenticate;
CREATE TYPE nextauth.authenticate_connection;
COMMENT ON TYPE nextauth.authenticate IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.authenticate_connection IS 'Reserves the name: a defined type would be called instead of the function';

CREATE FUNCTION nextauth.authenticate(token text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'authenticate'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.authenticate(text) IS
  'Whether a session has this token; if so, user_id() returns its user until the end of the transaction; needs no right on the tables';

CREATE FUNCTION nextauth.authenticate_connection(token text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'authenticate_connection'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.authenticate_connection(text) IS
  'Does what authenticate() does, until RESET ALL or DISCARD ALL; behind a transaction pooler the next client inherits the user';

CREATE FUNCTION nextauth.sign_out()
RETURNS void
AS 'MODULE_PATHNAME', 'sign_out'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.sign_out() IS
  'Forgets what authenticate() or authenticate_connection() remembered; leaves the row of the session';

CREATE FUNCTION nextauth.user_id()
RETURNS text
AS 'MODULE_PATHNAME', 'user_id'
LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE;

COMMENT ON FUNCTION nextauth.user_id() IS
  'Id of the authenticated user, or null';

CREATE FUNCTION nextauth.session_id()
RETURNS text
AS 'MODULE_PATHNAME', 'session_id'
LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE;

COMMENT ON FUNCTION nextauth.session_id() IS
  'Id of the authenticated session, or null';
