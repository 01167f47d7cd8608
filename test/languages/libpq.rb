# Ruby's pg signs a user up through the views of an adapter, and reads the catalog. The environment says where, as for libpq.
require "json"
require "pg"

def equal(given, expected)
  raise "#{given.inspect} instead of #{expected.inspect}" unless given == expected
end

# The SQLSTATE of the error that the block is to raise
def state
  yield
  raise "no error"
rescue PG::Error => e
  e.result.error_field(PG::PG_DIAG_SQLSTATE)
end

db = PG.connect
db.exec("SET search_path = nextauth_pg")
db.type_map_for_results = PG::BasicTypeMapForResults.new(db)

user = db.exec_params('INSERT INTO users (name, email, "phoneNumber", roles) VALUES ($1, $2, $3, $4) RETURNING *',
                      ["Ada", "ada@ruby.example", "+81", "{user,admin}"])[0]
equal user.slice("name", "email", "phoneNumber", "roles"),
      { "name" => "Ada", "email" => "ada@ruby.example", "phoneNumber" => "+81", "roles" => %w[user admin] }
expires = Time.utc(2031, 2, 3, 4, 5, 6)
db.exec_params('INSERT INTO sessions ("userId", "sessionToken", expires) VALUES ($1, $2, $3)', [user["id"], "ruby", expires.to_s])
equal db.exec_params('SELECT u.id FROM users u JOIN sessions s ON s."userId" = u.id WHERE "sessionToken" = $1 AND expires = $2',
                     ["ruby", expires.to_s]).column_values(0), [user["id"]]

equal state { db.exec_params("INSERT INTO users (email) VALUES ($1)", ["ada@ruby.example"]) }, "23505"
equal db.exec("SELECT property, data_type FROM nextauth.model_columns WHERE model = 'User' AND is_custom ORDER BY property").values,
      [["phoneNumber", "character varying"], ["roles", "text[]"]]
equal JSON.parse(db.exec("SELECT nextauth.entity_schema('User')::text").getvalue(0, 0)).dig("columns", "phoneNumber", "type"), "varchar"
equal state { db.exec(%q(SELECT nextauth.extend_model('User', '{"x": {"type": "int", "nullable": true}}'))) }, "42501"
