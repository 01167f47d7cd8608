--
-- The options of a column beside its type, its default and its enum
--
SET ROLE regress_nextauth_owner;
-- What the model's own columns are described as
CREATE TEMP VIEW described AS
SELECT property, definition - 'name' AS definition, column_default AS "default", is_nullable AS "null", comment
FROM nextauth.model_columns WHERE is_custom;
-- What happens when the model is extended by what it has
CREATE TEMP VIEW again AS
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;

--
-- nullable: a column is NOT NULL unless it says otherwise
--
BEGIN;
SELECT property, action FROM nextauth.extend_model('User', '[
  {"property": "silent", "type": "int", "default": 0},
  {"property": "true", "type": "int", "nullable": true},
  {"property": "false", "type": "int", "nullable": false, "default": 0},
  {"property": "defaults to null", "type": "int", "default": null}
]');
SELECT property, "null" FROM described;
SELECT * FROM again;
ROLLBACK;

--
-- unique: a constraint with TypeORM's name
--
BEGIN;
SELECT action
FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true, "unique": true}}');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'nextauth.users'::regclass AND contype = 'u' ORDER BY 1;
SELECT * FROM again;
ROLLBACK;

--
-- comment and collation
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{
  "nick": {"type": "varchar", "nullable": true, "collation": "C", "comment": "what they''re called; \"nickname\""}
}');
SELECT definition - 'comment' AS definition, comment, definition ->> 'comment' = comment AS described FROM described;
SELECT * FROM again;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "collation": "C"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "klingon"}}');

--
-- generated uuid: a default, and what has this default is described as generated
--
BEGIN;
SELECT property, data_type, action FROM nextauth.extend_model('User', '{
  "publicId": {"type": "uuid", "generated": "uuid"},
  "typeless": {"generated": "uuid", "unique": true},
  "byHand": {"type": "uuid", "defaultExpression": "gen_random_uuid()"}
}');
SELECT property, definition, "default" FROM described;
INSERT INTO nextauth.users DEFAULT VALUES RETURNING public_id IS NOT NULL AS has_id;
SELECT * FROM again;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "generated": "uuid"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "generated": true}}');

--
-- createDate, updateDate, deleteDate and version: columns that TypeORM fills by
-- itself, with a type and a default that fit
--
BEGIN;
SELECT property, column_name, data_type, action FROM nextauth.extend_model('User', '{
  "joinedAt": {"type": "timestamp", "createDate": true},
  "changedAt": {"updateDate": true},
  "deletedAt": {"deleteDate": true},
  "version": {"version": true, "default": 1}
}');
SELECT property, definition, "default", "null" FROM described;
SELECT * FROM again;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"createDate": true, "updateDate": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "createDate": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "version": true}}');
SELECT nextauth.extend_model('User', '{"a": {"deleteDate": true, "nullable": false}}');

--
-- select, insert, update and its old inverse readonly are for adapters alone; so
-- is input, which TypeORM does not have
--
BEGIN;
SELECT property, action FROM nextauth.extend_model('User', '{
  "secret": {"type": "text", "nullable": true, "select": false},
  "once": {"type": "text", "nullable": true, "update": false},
  "never": {"type": "text", "nullable": true, "insert": false, "readonly": true},
  "always": {"type": "text", "nullable": true, "select": true, "insert": true, "update": true, "readonly": false},
  "given": {"type": "text", "nullable": true, "input": true}
}');
-- what is stored is what differs from the default, and described is what TypeORM knows
SELECT property, options AS stored, definition AS described
FROM nextauth.custom_column JOIN described USING (property) ORDER BY property;
SELECT nextauth.entity_schema('User') #> '{columns,given}' AS to_typeorm;
SELECT * FROM again;
-- an option that is left out has its default again
SELECT nextauth.extend_model('User', '{"given": {"type": "text", "nullable": true}}');
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "update": true, "readonly": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "insert": false, "readonly": true, "input": true}}');
SELECT nextauth.extend_model('User', '{"a": {
  "type": "int", "asExpression": "1", "generatedType": "STORED", "input": true}}');
