--
-- The other column options
--
SET ROLE regress_nextauth_owner;

-- nullable: a column is NOT NULL unless it says otherwise
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "a", "type": "int", "default": 0},
  {"property": "b", "type": "int", "nullable": true},
  {"property": "c", "type": "int", "nullable": false, "default": 0},
  {"property": "d", "type": "int", "default": null}
]');
SELECT property, is_nullable FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- unique: a constraint with TypeORM's name
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true, "unique": true}}');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'nextauth.users'::regclass AND contype = 'u' ORDER BY 1;
ROLLBACK;

-- comment and collation
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "nick": {"type": "varchar", "nullable": true, "collation": "C", "comment": "what they''re called; \"nickname\""}
}');
SELECT column_name, definition, comment FROM nextauth.model_columns WHERE is_custom;
SELECT x.action FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "collation": "C"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "collation": "klingon"}}');

-- generated uuid
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{
  "publicId": {"type": "uuid", "generated": "uuid"},
  "typeless": {"generated": "uuid", "unique": true},
  "byHand": {"type": "uuid", "defaultExpression": "gen_random_uuid()"}
}');
SELECT property, column_default, definition FROM nextauth.model_columns WHERE is_custom;
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT count(public_id) FROM nextauth.users;
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "generated": "uuid"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "generated": true}}');

-- roles: columns that TypeORM fills by itself
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{
  "joinedAt": {"type": "timestamp", "createDate": true},
  "changedAt": {"updateDate": true},
  "deletedAt": {"deleteDate": true},
  "version": {"version": true, "default": 1}
}');
SELECT property, column_default, is_nullable, definition FROM nextauth.model_columns WHERE is_custom;
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"createDate": true, "updateDate": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "createDate": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "version": true}}');
SELECT nextauth.extend_model('User', '{"a": {"deleteDate": true, "nullable": false}}');

-- select, insert, update and its old inverse readonly; and input, which TypeORM
-- does not have
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "secret": {"type": "text", "nullable": true, "select": false},
  "once": {"type": "text", "nullable": true, "update": false},
  "never": {"type": "text", "nullable": true, "insert": false, "readonly": true},
  "always": {"type": "text", "nullable": true, "select": true, "insert": true, "update": true, "readonly": false},
  "given": {"type": "text", "nullable": true, "input": true}
}');
SELECT property, options FROM nextauth.custom_column ORDER BY 1;
SELECT property, definition FROM nextauth.model_columns WHERE is_custom ORDER BY 1;
SELECT nextauth.entity_schema('User') #> '{columns,given}' AS to_typeorm;
SELECT nextauth.extend_model('User', '{"given": {"type": "text", "nullable": true}}');
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "update": true, "readonly": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "insert": false, "readonly": true, "input": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "asExpression": "1", "generatedType": "STORED", "input": true}}');
