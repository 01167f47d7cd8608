-- The extension makes the tables of NextAuth.js
CREATE EXTENSION nextauth;
SELECT model, relation FROM nextauth.models;

-- Give the User a phone number: the example of "Custom models with TypeORM"
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
\d nextauth.users

-- Saying it again changes nothing
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');

-- Saying it otherwise alters the column in place; what that takes can be seen beforehand
INSERT INTO nextauth.users (email, phone_number) VALUES ('grace@example.com', '+1 202 555 0100');
SELECT statement, lock, cost FROM nextauth.plan_model('User', '{"phoneNumber": {"type": "text", "nullable": true, "comment": "E.164"}}');
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "text", "nullable": true, "comment": "E.164"}}');

-- What is misspelt is an error, with a hint
\set ON_ERROR_STOP off
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nulable": true}}');

-- What would lose data is refused
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "length": 10, "nullable": true}}');
\set ON_ERROR_STOP on

-- The catalog tells every adapter what was added, and what the model is now
SELECT model, columns FROM nextauth.custom_models;
SELECT property, column_name, type, data_type, is_nullable, is_custom
FROM nextauth.model_columns WHERE model = 'User';
SELECT jsonb_pretty(nextauth.entity_schema('User') #> '{columns,phoneNumber}') AS for_typeorm;

-- Today's adapters find the same rows under the names that each of them knows, here that of node-postgres
SELECT * FROM nextauth.add_adapter('pg');
SELECT * FROM nextauth_pg.users;
