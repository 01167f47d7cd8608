-- What the programs here find: a database of text ids and a custom column, the views of the adapter pg, and a role that owns nothing.
-- psql -v role=app -f schema.sql, as a superuser
SET nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
SELECT nextauth.extend_model('User', '{
  "phoneNumber": {"type": "varchar", "nullable": true, "comment": "E.164"},
  "roles": {"type": "text", "array": true, "default": ["user"]}
}');
SELECT nextauth.add_adapter('pg');
SELECT nextauth.grant_adapter(:'role');
