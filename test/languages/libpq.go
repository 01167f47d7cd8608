// Go's lib/pq signs a user up through the views of an adapter, and reads the catalog. The environment says where.
package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"time"

	"github.com/lib/pq"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func equal(given, expected string) {
	if given != expected {
		log.Fatalf("%q instead of %q", given, expected)
	}
}

// The SQLSTATE of an error
func state(err error) string {
	var e *pq.Error
	if !errors.As(err, &e) {
		return "none"
	}
	return string(e.Code)
}

func main() {
	db, err := sql.Open("postgres", "sslmode=disable search_path=nextauth_pg")
	must(err)

	var id, email, phone string
	var roles []string
	must(db.QueryRow(`INSERT INTO users (name, email, "phoneNumber", roles) VALUES ($1, $2, $3, $4)
		RETURNING id, email, "phoneNumber", roles`, "Ada", "ada@go.example", "+1", pq.Array([]string{"user", "admin"})).
		Scan(&id, &email, &phone, pq.Array(&roles)))
	equal(email+" "+phone, "ada@go.example +1")
	if len(roles) != 2 || roles[1] != "admin" {
		log.Fatal(roles)
	}
	expires := time.Date(2031, 2, 3, 4, 5, 6, 789000000, time.UTC)
	_, err = db.Exec(`INSERT INTO sessions ("userId", "sessionToken", expires) VALUES ($1, $2, $3)`, id, "go", expires)
	must(err)
	var user string
	var until time.Time
	must(db.QueryRow(`SELECT u.id, expires FROM users u JOIN sessions s ON s."userId" = u.id WHERE "sessionToken" = $1`, "go").
		Scan(&user, &until))
	equal(user, id)
	if !until.Equal(expires) {
		log.Fatal(until)
	}

	_, err = db.Exec(`INSERT INTO users (email) VALUES ($1)`, "ada@go.example")
	equal(state(err), "23505")
	var data string
	must(db.QueryRow(`SELECT string_agg(property || ' ' || data_type, ', ' ORDER BY property)
		FROM nextauth.model_columns WHERE model = $1 AND is_custom`, "User").Scan(&data))
	equal(data, "phoneNumber character varying, roles text[]")
	var schema struct {
		Columns map[string]struct{ Type string }
	}
	must(db.QueryRow(`SELECT nextauth.entity_schema('User')`).Scan(&data))
	must(json.Unmarshal([]byte(data), &schema))
	equal(schema.Columns["phoneNumber"].Type, "varchar")
	_, err = db.Exec(`SELECT nextauth.extend_model('User', '{"x": {"type": "int", "nullable": true}}')`)
	equal(state(err), "42501")
}
