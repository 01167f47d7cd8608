--
-- describe_model(): what an application declares of the models, for adapters
-- that read and write declared fields only
--
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
-- with integers for ids it says which adapters cannot work with them
SELECT nextauth.describe_model('drizzle', 'VerificationRequest');
SELECT nextauth.describe_model('kysely', 'User');

-- the rest runs on text ids, which all adapters can work with
BEGIN;
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SET LOCAL nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;
SET LOCAL client_min_messages = notice;
SET ROLE regress_nextauth_owner;
SAVEPOINT text_ids;

-- the tutorial's phone number, for each of them
SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true, "comment": "E.164"}}');
SELECT nextauth.describe_model('prisma', 'User');
SELECT nextauth.describe_model('drizzle', 'User');
SELECT nextauth.describe_model('kysely', 'User');
SELECT nextauth.describe_model('typeorm', 'User');
SELECT nextauth.describe_model('sequelize', 'User');
SELECT nextauth.describe_model('mikro-orm', 'User');
SELECT nextauth.describe_model('better-auth', 'User');
SELECT nextauth.describe_model('typescript', 'User');
SELECT nextauth.describe_model('json-schema', 'User');

-- all models; what the tables still lack is described as it will be
SELECT nextauth.describe_model('prisma');
SELECT nextauth.describe_model('drizzle');
SELECT nextauth.describe_model('kysely');
SELECT nextauth.describe_model('typeorm');
SELECT nextauth.describe_model('sequelize');
SELECT nextauth.describe_model('mikro-orm');
SELECT nextauth.describe_model('better-auth');
SELECT nextauth.describe_model('typescript');
SELECT jsonb_object_agg(key, value -> 'required')
FROM jsonb_each(nextauth.describe_model('json-schema')::jsonb -> '$defs');

-- the tables and models that Better Auth's own adapters take
SELECT nextauth.describe_model('better-auth-drizzle');
SELECT nextauth.describe_model('better-auth-prisma');

-- one that is there on demand only
SELECT nextauth.describe_model('drizzle', 'Authenticator');
ROLLBACK TO text_ids;

-- a user of many types, with names, labels and comments that nobody expects
SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "Owner''s \"Nick\" Name", "name": "nick", "type": "text", "nullable": true},
  {"property": "2fa", "type": "boolean", "default": false},
  {"property": "größe", "name": "groesse", "type": "numeric", "precision": 5, "scale": 2, "default": 1.5},
  {"property": "class", "type": "varchar", "length": 40, "default": "it''s `${1}` \\ \"2\"", "unique": true,
   "comment": "not */ alert(1) /*\nnor \"this\" `${is}`"},
  {"property": "__proto__", "type": "int", "default": 1},
  {"property": "motto", "type": "text", "defaultExpression": "concat(''`${1}` \\'', random())"},
  {"property": "role", "type": "enum", "enum": ["user", "it''s", "a \"b\"", "2"], "default": "user"},
  {"property": "grants", "type": "enum", "enum": ["read", "write"], "array": true, "default": ["read", "write"]},
  {"property": "tags", "type": "text", "array": true, "default": ["a"]},
  {"property": "settings", "type": "jsonb", "default": {"theme": "dark"}},
  {"property": "views", "type": "bigint", "default": 0},
  {"property": "password", "type": "text", "nullable": true, "select": false},
  {"property": "lastSeen", "type": "timestamptz", "updateDate": true},
  {"property": "birthday", "type": "date", "nullable": true},
  {"property": "patience", "type": "interval", "default": "1 day"},
  {"property": "home", "type": "point", "nullable": true},
  {"property": "ages", "type": "int4range", "nullable": true},
  {"property": "search", "type": "tsvector", "nullable": true},
  {"property": "avatar", "type": "bytea", "nullable": true},
  {"property": "token", "generated": "uuid"},
  {"property": "number", "type": "int", "generated": "increment"},
  {"property": "domain", "type": "text", "nullable": true, "asExpression": "split_part(email, ''@'', 2)", "generatedType": "STORED"},
  {"property": "accounts", "type": "int", "nullable": true},
  {"property": "signup", "type": "varchar", "insert": true, "update": false, "nullable": true}
]');
SELECT nextauth.describe_model('prisma', 'User');
SELECT nextauth.describe_model('drizzle', 'User');
SELECT nextauth.describe_model('kysely', 'User');
SELECT nextauth.describe_model('typeorm', 'User');
SELECT nextauth.describe_model('sequelize', 'User');
SELECT nextauth.describe_model('mikro-orm', 'User');
SELECT nextauth.describe_model('better-auth', 'User');
SELECT nextauth.describe_model('typescript', 'User');
SELECT nextauth.describe_model('json-schema', 'User');
-- that is JSON; here is the comment again
SELECT nextauth.describe_model('json-schema', 'User')::jsonb #>> ARRAY['properties', 'class', 'description'];
ROLLBACK TO text_ids;

-- it describes the tables as they are, also what was altered by hand; clients
-- see the type below a domain
SELECT count(*) FROM nextauth.extend_model('User', '{"level": {"type": "int", "nullable": true}}');
CREATE DOMAIN nextauth.level AS varchar(8);
ALTER TABLE nextauth.users ALTER level TYPE nextauth.level, ALTER level SET DEFAULT 'low', ALTER level SET NOT NULL;
SELECT nextauth.describe_model('better-auth', 'User');
SELECT nextauth.describe_model('json-schema', 'User')::jsonb #> '{properties,level}';
ROLLBACK TO text_ids;

-- Prisma's models and enums name their schemas, wherever the views are
RESET ROLE;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('prisma', 'regress_nextauth_prisma');
SELECT split_part(nextauth.describe_model('prisma', 'VerificationRequest'), E'\n\n', 1);
ROLLBACK TO text_ids;

-- what cannot be described
SELECT nextauth.describe_model('typorm');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO text_ids;
SELECT nextauth.describe_model('yaml');
ROLLBACK TO text_ids;
SELECT nextauth.describe_model('prisma', 'Usr');
ROLLBACK TO text_ids;
SELECT nextauth.describe_model('typeorm', 'Authenticator');
ROLLBACK TO text_ids;
SELECT nextauth.describe_model(NULL);
ROLLBACK TO text_ids;
DROP TABLE nextauth.sessions;
SELECT nextauth.describe_model('prisma');
ROLLBACK;
