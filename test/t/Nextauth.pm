# An application's database with extended models, and what a copy of it has to be and do.

package Nextauth;

use strict;
use warnings;

use Exporter 'import';
use File::Basename 'dirname';
use File::Path 'make_path';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw($definition $declared $functions $stamp create_roles create_application dump_text
  describe_models describe_extension same_text is_alive create_adapters describe_views adapters_work
  installed_majors bindir_of init_cluster);

my $top = dirname(__FILE__) . '/../..';
my $base = '/usr/lib/postgresql';

# The majors that are installed beside each other, with their headers, as Debian does it; the oldest first
sub installed_majors
{
	return sort { $a <=> $b }
	  grep { -x bindir_of($_) . '/postgres' && -e "$base/$_/lib/pgxs/src/makefiles/pgxs.mk" }
	  map { m{/(\d+)$} ? $1 : () } glob("$base/*");
}

sub bindir_of
{
	my ($major) = @_;
	return "$base/$major/bin";
}

# Makes a cluster of a major, on a copy of its installation that has the extension, without starting it.  For pg_upgrade,
# settings with which the server finds it elsewhere are not enough: on 18 it takes $libdir for what it is.  A program
# that was copied finds all else relative to itself.  Options are those of the cluster's init().
sub init_cluster
{
	my ($major, $name, %options) = @_;
	my $config = bindir_of($major) . '/pg_config';
	my $root = PostgreSQL::Test::Utils::tempdir("root_$major");
	my $tree = PostgreSQL::Test::Utils::tempdir("tree_$major");

	my ($sharedir) = run_command([ $config, '--sharedir' ]);
	make_path("$root$base/$major", dirname("$root$sharedir"));
	system_or_bail('cp', '-RL', bindir_of($major), "$root$base/$major");
	system_or_bail('cp', '-Rs', "$base/$major/lib", "$root$base/$major");
	system_or_bail('cp', '-Rs', $sharedir, "$root$sharedir");

	# Built apart from the major under test, and from the make that runs this
	system_or_bail('cp', '-R', "$top/Makefile", "$top/nextauth.control", glob("$top/nextauth--*.sql"), "$top/src", $tree);
	system_or_bail('find', "$tree/src", '-name', '*.o', '-delete');
	delete local @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	command_ok([ 'make', '-s', '-j2', '-C', $tree, "PG_CONFIG=$config", 'with_llvm=no', "DESTDIR=$root", 'install' ],
		"$major: built");

	delete local $ENV{TEMP_CONFIG};
	my $node = PostgreSQL::Test::Cluster->new($name, install_path => "$root$base/$major");
	$node->init(%options);
	return $node;
}

# From November 2026 on (15.20, 17.12, 18.7) servers stamp the columns that they make with an option, pg_attver.  The
# pg_dump of an earlier minor prints it, and no server takes it back.
our $stamp = qr/^ALTER .* ALTER COLUMN .* SET \(pg_attver=.*\);\n/m;

# What an earlier release of the application declared; the next one renamed "telephone" and dropped "temporary"
my $earlier = q({
	"User": {"columns": {
		"telephone": {"type": "varchar", "length": 15, "nullable": true, "unique": true},
		"temporary": {"type": "text", "nullable": true},
		"role": {"enum": ["user", "admin"], "default": "user"},
		"balance": {"type": "int", "nullable": true}}},
	"Account": {"columns": {"plan": {"enum": ["free"], "enumName": "Plan", "default": "free"}}}
});

# What it declares now: columns of many kinds, built-in ones with options of their own, constraints and indexes, so
# many in all
our $definition = q({
	"User": {"columns": {
		"name": {"type": "varchar", "length": 200, "default": "nobody", "nullable": true},
		"email": {"type": "varchar", "unique": true, "nullable": true, "comment": "Where to write"},
		"phoneNumber": {"type": "varchar", "length": 20, "nullable": true, "unique": true, "comment": "E.164"},
		"role": {"enum": ["user", "editor", "admin"], "default": "user"},
		"grants": {"enum": ["read", "write", "it's"], "array": true, "default": ["read", "it's"]},
		"settings": {"type": "jsonb", "default": {"theme": "dark"}},
		"tags": {"type": "text", "array": true, "default": ["a,b", "c \"d\""]},
		"balance": {"type": "numeric", "precision": 10, "scale": 2, "default": 0},
		"score": {"type": "float8", "nullable": true},
		"publicId": {"generated": "uuid"},
		"seenAt": {"type": "timestamptz", "precision": 3, "defaultExpression": "now() - interval '1 day'"},
		"inviteCode": {"type": "varchar", "defaultExpression": "app.new_code()"},
		"validity": {"type": "tstzrange", "nullable": true},
		"lastIP": {"type": "inet", "name": "lastIP", "nullable": true},
		"nick": {"type": "varchar", "collation": "C", "nullable": true},
		"avatar": {"type": "bytea", "nullable": true},
		"number": {"type": "int", "generated": "increment"},
		"ticket": {"type": "bigint", "generated": "identity"},
		"address": {"type": "text", "nullable": true, "asExpression": "'<' || email || '>'", "generatedType": "STORED"},
		"managerId": {"type": "int", "nullable": true,
			"foreignKey": {"target": "User", "onDelete": "SET NULL", "deferrable": "INITIALLY DEFERRED"}},
		"secret": {"type": "text", "nullable": true, "select": false},
		"deletedAt": {"deleteDate": true},
		"revision": {"version": true, "default": 1}},
		"uniques": [{"columns": ["role", "nick"], "deferrable": "INITIALLY DEFERRED"}],
		"indices": [{"columns": ["role", "createdAt"], "where": "deleted_at IS NULL"},
			{"columns": ["nick", {"expression": "lower(email)"}], "unique": true, "name": "one of a nick"}],
		"checks": [{"expression": "balance >= 0", "name": "solvent"}]},
	"Account": {"columns": {
		"scopes": {"type": "simple-array", "nullable": true},
		"teamId": {"type": "int", "nullable": true, "foreignKey": {"target": "app.teams", "onDelete": "CASCADE"}},
		"plan": {"enum": ["free", "pro"], "enumName": "Plan", "default": "free"}}},
	"Session": {"columns": {"userAgent": {"type": "text", "nullable": true, "update": false}}},
	"VerificationRequest": {"columns": {"attempts": {"type": "smallint", "default": 0}}}
});
our $declared = 32;

# The part of the application that its columns, and so the tables, depend on
our $functions = q{
	CREATE SCHEMA app;
	CREATE TABLE app.teams (id integer PRIMARY KEY);
	INSERT INTO app.teams VALUES (1);
	CREATE FUNCTION app.new_code() RETURNS text
	LANGUAGE sql AS 'SELECT pg_catalog.md5(pg_catalog.random()::text)';
	CREATE FUNCTION app.touch() RETURNS trigger
	LANGUAGE plpgsql AS 'BEGIN NEW.revision := OLD.revision + 1; RETURN NEW; END';
};

# What the application adds by itself, and rows in every table.  Views are on two relations each, as PostgreSQL 15 prints
# the columns of a single one otherwise than later majors.
my $additions = q{
	ALTER TABLE nextauth.users ADD COLUMN undeclared integer DEFAULT 7;
	ALTER TABLE nextauth.users ADD CONSTRAINT phone_is_e164 CHECK (phone_number ~ '^\+[0-9]+$');
	ALTER TABLE nextauth.sessions ADD CONSTRAINT one_agent UNIQUE (user_id, user_agent);
	CREATE INDEX users_settings ON nextauth.users USING gin (settings);
	CREATE UNIQUE INDEX users_mail ON nextauth.users (lower(email)) WHERE deleted_at IS NULL;
	CREATE STATISTICS nextauth.users_role_nick ON role, nick FROM nextauth.users;
	CREATE TRIGGER touch BEFORE UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION app.touch();

	SELECT nextauth.grant_adapter('app_web');
	GRANT SELECT ON nextauth.users TO app_reader;
	GRANT UPDATE (phone_number) ON nextauth.users TO app_reader;
	ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
	CREATE POLICY all_of_web ON nextauth.users TO app_web USING (true);
	CREATE POLICY own_row ON nextauth.users FOR SELECT TO app_reader
	USING (id = current_setting('app.user_id', true)::integer);

	COMMENT ON TABLE nextauth.users IS 'Everybody';
	COMMENT ON COLUMN nextauth.users.image IS 'An address, not a picture';
	COMMENT ON COLUMN nextauth.users.undeclared IS 'It is ''said''';

	CREATE TABLE app.profiles (
		id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		user_id integer NOT NULL REFERENCES nextauth.users ON DELETE CASCADE,
		role nextauth.users_role_enum);
	CREATE VIEW app.people AS
	SELECT u.id, u.email, u.role, u.phone_number, p.id AS profile
	FROM nextauth.users u LEFT JOIN app.profiles p ON p.user_id = u.id;
	CREATE MATERIALIZED VIEW app.columns AS
	SELECT m.table_name, c.property, c.data_type, c.is_nullable
	FROM nextauth.models m JOIN nextauth.model_columns c ON c.model = m.model;

	INSERT INTO nextauth.users (name, email, phone_number, role, settings, nick, avatar, validity, "lastIP")
	SELECT 'user ' || i, i || '@example.com', '+' || i, CASE WHEN i % 9 = 0 THEN 'admin' ELSE 'user' END::nextauth.users_role_enum,
		jsonb_build_object('theme', i), E'tab\t' || i, '\xdeadbeef', tstzrange(now(), NULL), '::1'
	FROM generate_series(1, 50) i;
	UPDATE nextauth.users SET name = 'renamed', manager_id = 1 WHERE id % 10 = 0;
	DELETE FROM nextauth.users WHERE id > 40;
	INSERT INTO nextauth.accounts (compound_id, user_id, provider_type, provider_id, provider_account_id, scopes, team_id)
	SELECT i, i, 'oauth', 'github', i, 'read,write', 1 FROM generate_series(1, 40) i;
	INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token, user_agent)
	SELECT i, 'infinity', 's' || i, 'a' || i, 'psql' FROM generate_series(1, 40) i;
	INSERT INTO nextauth.verification_requests (identifier, token, expires)
	SELECT i || '@example.com', i, '2030-01-01' FROM generate_series(1, 10) i;
	INSERT INTO app.profiles (user_id, role) SELECT id, role FROM nextauth.users;
	SELECT setval('nextauth.verification_requests_id_seq', 500, false);
	REFRESH MATERIALIZED VIEW app.columns;
};

# The roles of the application: "keeper" owns databases, but is no superuser
sub create_roles
{
	my ($node) = @_;

	$node->safe_psql('postgres', 'CREATE ROLE keeper LOGIN; CREATE ROLE app_web; CREATE ROLE app_reader');
}

# Builds the application on the extension that the database has, as the role given or else as the superuser.  A column
# that was dropped leaves a gap before the others.
sub create_application
{
	my ($node, $db, $role) = @_;

	$node->safe_psql(
		$db,
		qq{
		$functions
		ALTER TABLE nextauth.users ADD COLUMN dropped integer;
		ALTER TABLE nextauth.users DROP COLUMN dropped;
		SELECT count(*) FROM nextauth.extend_models(:'earlier');
		SELECT nextauth.rename_property('User', 'telephone', 'phoneNumber');
		SELECT nextauth.drop_properties('User', 'temporary');
		SELECT count(*) FROM nextauth.extend_models(:'definition');
		$additions
	},
		extra_params => [ '-v', "earlier=$earlier", '-v', "definition=$definition", $role ? ('-U', $role) : () ]);
}

# Adds adapters of each kind, in schemas of their own names and of another, to the extension that the database has, on
# text ids, as the role given or else as the superuser; with custom columns, grants and a row in each table.
sub create_adapters
{
	my ($node, $db, $role) = @_;

	$node->safe_psql(
		$db,
		q{
		SELECT count(*) FROM unnest('{pg,prisma,drizzle,typeorm,sequelize,better-auth}'::text[]) a, nextauth.add_adapter(a);
		SELECT count(*) FROM nextauth.add_adapter('kysely', 'Auth "v5"');
		SELECT count(*) FROM nextauth.extend_model('User', '{
			"nickName": {"type": "text", "nullable": true},
			"phoneNumber": {"type": "varchar", "nullable": true},
			"role": {"enum": ["user", "admin"], "default": "user"},
			"seenAt": {"type": "timestamptz", "defaultExpression": "now()"},
			"secret": {"type": "text", "nullable": true, "select": false}}');
		SELECT nextauth.rename_property('User', 'nickName', 'it''s "me"', 'Nick "Name"');
		SELECT nextauth.grant_adapter('app_web');
		GRANT SELECT (name, "phoneNumber") ON nextauth_pg.users TO app_reader WITH GRANT OPTION;
		SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "length": 20, "nullable": true}}');
		ALTER SCHEMA nextauth_sequelize RENAME TO app_sequelize;

		INSERT INTO nextauth_prisma."User" (id, name, "emailVerified", role, "it's ""me""", secret)
		VALUES ('ada', 'Ada', '2031-02-03 04:05:06.789', 'admin', E'tab\\t', 'hush');
		INSERT INTO nextauth_better_auth.account ("userId", "providerId", "accountId", password)
		VALUES ('ada', 'credential', 'ada', 'scrypt');
		INSERT INTO nextauth_drizzle.account ("userId", type, provider, "providerAccountId", expires_at)
		VALUES ('ada', 'oauth', 'github', '1', 1925000000);
		INSERT INTO nextauth_typeorm.sessions ("userId", "sessionToken", expires) VALUES ('ada', 's', '1925000000123');
		INSERT INTO "Auth ""v5"""."VerificationToken" (identifier, token, expires) VALUES ('ada@example.com', 't', 'infinity');
		INSERT INTO nextauth_better_auth.verification (id, identifier, value, "expiresAt")
		VALUES ('v', 'ada@example.com', 'code', '2031-01-01');
		INSERT INTO nextauth_prisma."Authenticator" VALUES ('c', 'ada', '1', 'k', 0, 'singleDevice', true, 'usb');
	}, extra_params => [ $role ? ('-U', $role) : () ]);
}

# What the views show, and who may use them
sub describe_views
{
	my ($node, $db) = @_;

	return $node->safe_psql(
		$db, q{
		SELECT * FROM nextauth.adapters ORDER BY schema;
		SELECT c.oid::regclass::text COLLATE "C", a.attname, format_type(atttypid, atttypmod), a.attacl, reloptions,
			pg_get_userbyid(relowner),
			obj_description(c.oid),
			(SELECT string_agg(tgname, ' ') FROM pg_trigger WHERE tgrelid = c.oid),
			(SELECT string_agg(grantee::regrole || privilege_type, ' ' ORDER BY 1)
			FROM aclexplode(relacl) WHERE grantee <> relowner)
		FROM nextauth.adapters s JOIN pg_namespace n ON n.nspname = s.schema JOIN pg_class c ON c.relnamespace = n.oid
		JOIN pg_attribute a ON a.attrelid = c.oid ORDER BY 1, attnum;
		SELECT format('SELECT * FROM %I.%I v ORDER BY v::text COLLATE "C"', s.schema, v) FROM nextauth.adapters s, unnest(views) v ORDER BY 1 \\gexec
	});
}

# Are the adapters of create_adapters() as they were made, and can an application work with them?  Leaves no trace.
sub adapters_work
{
	my ($node, $db, $name, $role) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my ($rc, $stdout, $stderr) = $node->psql(
		$db, q{
		SELECT finding FROM nextauth.check_models() WHERE model IS NOT NULL;
		SELECT a.schema, kind, name, action FROM nextauth.adapters a, nextauth.add_adapter(a.adapter, a.schema)
		WHERE action <> 'unchanged';
		BEGIN;
		SELECT count(*) FROM nextauth.extend_model('User', '{"later": {"type": "timestamp", "nullable": true}}');
		SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "text", "nullable": true}}');
		SET ROLE app_web;
		SET timezone = 'Asia/Kolkata';
		INSERT INTO nextauth_prisma."User" (id, name, "seenAt", later)
		VALUES ('bob', 'Bob', '2031-01-01 00:00', '2031-01-02 00:00') RETURNING role, later;
		UPDATE nextauth_better_auth."user" SET "emailVerified" = true, email = 'bob@example.com' WHERE id = 'bob'
		RETURNING email, "emailVerified";
		UPDATE nextauth_typeorm.users SET "emailVerified" = '1925000000123', "phoneNumber" = '+44' WHERE id = 'bob'
		RETURNING "emailVerified";
		UPDATE app_sequelize.users SET "Nick ""Name""" = 'bob' WHERE id = 'bob'
		RETURNING email_verified AT TIME ZONE 'UTC', phone_number;
		INSERT INTO "Auth ""v5"""."Account" ("userId", type, provider, "providerAccountId", expires_at)
		VALUES ('bob', 'oauth', 'github', '2', 1925000000);
		INSERT INTO nextauth_drizzle.session ("userId", "sessionToken", expires)
		VALUES ('bob', 'b', '2031-01-01') RETURNING expires;
		SELECT compound_id = encode(sha256('github:2'), 'hex'), access_token_expires AT TIME ZONE 'UTC'
		FROM nextauth.accounts WHERE user_id = 'bob';
		SELECT access_token ~ '^[0-9a-f]{64}$', expires AT TIME ZONE 'UTC' FROM nextauth.sessions WHERE user_id = 'bob';
		DELETE FROM nextauth_drizzle."verificationToken" WHERE token = 't' RETURNING identifier, expires;
		DELETE FROM nextauth_prisma."User" WHERE id = 'bob' RETURNING "it's ""me""";
		SELECT count(*) FROM nextauth_pg.sessions;
		RESET ROLE;
		SELECT action, count(*) FROM nextauth.adapters a, nextauth.drop_adapter(a.schema) GROUP BY 1;
		ROLLBACK;
	}, extra_params => [ $role ? ('-U', $role) : () ]);

	is( $stdout, q{1
1
user|2031-01-02 00:00:00
bob@example.com|t
1925000000123
2031-01-01 02:13:20.123|+44
2031-01-01 00:00:00
t|2031-01-01 02:13:20
t|2031-01-01 00:00:00
ada@example.com|infinity
bob
1
dropped|40}, "$name: the adapters work");
	$stderr =~ s/^\S+ NOTICE:  altered property .*\n?//mg;
	is($stderr, '', "$name: without a word");
}

# A database as text, without the key that pg_dump draws by lot.  Entries are sorted if options leave out some of the
# database, as their order follows from what they depend on, also if that is left out.
sub dump_text
{
	my ($node, $db, @options) = @_;

	my ($text, $stderr) = run_command([ 'pg_dump', '--no-sync', @options, $node->connstr($db) ]);
	fail("pg_dump of $db complains: $stderr") if $stderr ne '';
	$text =~ s/^\\(?:un)?restrict .*\n//mg;
	return @options ? join('', sort split(/^(?=--\n-- )/m, $text)) : $text;
}

# The models as every function and view shows them, and what is in the tables, whether pg_dump finds it or not.
# Not the numbers of columns: a copy has no gaps.
sub describe_models
{
	my ($node, $db) = @_;

	return $node->safe_psql(
		$db, q{
		SELECT jsonb_pretty(nextauth.entity_schemas());
		SELECT * FROM nextauth.model ORDER BY name;
		SELECT * FROM nextauth.custom_column ORDER BY model, property;
		SELECT * FROM nextauth.models ORDER BY model;
		SELECT model, jsonb_pretty(to_jsonb(c) - 'position') FROM nextauth.model_columns c ORDER BY model, position;
		SELECT model, relation, jsonb_pretty(columns), options FROM nextauth.custom_models ORDER BY model;
		SELECT * FROM nextauth.model_changes ORDER BY model, version;
		SELECT * FROM nextauth.check_models() ORDER BY model, property, finding;
		SELECT format('SELECT * FROM %s ORDER BY id', relation) FROM nextauth.models ORDER BY model \gexec
		SELECT model, c.column_name, pg_sequence_last_value(pg_get_serial_sequence(relation::text, c.column_name)::regclass)
		FROM nextauth.models JOIN nextauth.model_columns c USING (model)
		WHERE pg_get_serial_sequence(relation::text, c.column_name) IS NOT NULL ORDER BY 1, 2;
	});
}

# The extension's members, each with all that CREATE EXTENSION or ALTER EXTENSION makes of it
sub describe_extension
{
	my ($node, $db) = @_;

	return $node->safe_psql(
		$db, q{
		SET search_path = pg_catalog;
		CREATE TEMPORARY VIEW member AS
		SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS object
		FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'nextauth';
		CREATE TEMPORARY VIEW acl AS
		SELECT p.classoid, p.objoid, p.objsubid, p.privtype, p.initprivs::text FROM pg_init_privs p;

		SELECT object, classid::regclass, obj_description(objid, classid::regclass::name) FROM member ORDER BY 1;
		SELECT object, objsubid, privtype, initprivs FROM member JOIN acl ON classoid = classid AND objoid = objid ORDER BY 1, 2;
		SELECT object, pg_get_functiondef(objid), proowner::regrole, proacl
		FROM member JOIN pg_proc p ON p.oid = objid WHERE classid = 'pg_proc'::regclass ORDER BY 1;
		SELECT object, relkind, relowner::regrole, relacl, reloptions, pg_get_viewdef(c.oid)
		FROM member JOIN pg_class c ON c.oid = objid WHERE classid = 'pg_class'::regclass ORDER BY 1;
		SELECT object, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attacl, pg_get_expr(adbin, adrelid),
			col_description(attrelid, attnum)
		FROM member JOIN pg_attribute ON attrelid = objid AND attnum > 0
		LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE classid = 'pg_class'::regclass ORDER BY 1, 2;
		SELECT object, pg_get_constraintdef(c.oid) FROM member JOIN pg_constraint c ON conrelid = objid
		WHERE classid = 'pg_class'::regclass ORDER BY 1, 2;
		SELECT object, pg_get_indexdef(indexrelid) FROM member JOIN pg_index ON indrelid = objid
		WHERE classid = 'pg_class'::regclass ORDER BY 1, 2;
		SELECT object, pg_get_triggerdef(t.oid), tgenabled FROM member JOIN pg_trigger t ON tgrelid = objid
		WHERE classid = 'pg_class'::regclass ORDER BY 1, 2;
		SELECT object, typtype, typisdefined, typowner::regrole, typacl FROM member JOIN pg_type t ON t.oid = objid
		WHERE classid = 'pg_type'::regclass ORDER BY 1;
		SELECT object, evtevent, evttags, evtenabled, evtfoid::regprocedure, evtowner::regrole
		FROM member JOIN pg_event_trigger t ON t.oid = objid WHERE classid = 'pg_event_trigger'::regclass ORDER BY 1;
		SELECT extname, extnamespace::regnamespace, extrelocatable, extversion, extcondition,
			(SELECT array_agg(c::regclass ORDER BY n) FROM unnest(extconfig) WITH ORDINALITY u (c, n))
		FROM pg_extension WHERE extname = 'nextauth'
	});
}

# is(), but shows only where two long texts differ.
sub same_text
{
	my ($got, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	ok($got eq $expected, $name) and return;
	my $dir = PostgreSQL::Test::Utils::tempdir;
	append_to_file("$dir/got", "$got\n");
	append_to_file("$dir/expected", "$expected\n");
	my ($diff) = run_command([ 'diff', '-U1', "$dir/expected", "$dir/got" ]);
	my @lines = split(/^/, $diff);
	diag(join('', splice(@lines, 0, 60), @lines ? "...\n" : ''));
}

# Is the application as usable in this database as in the one where it was made?  Tables differ in where "users" is and in
# the "role" that owns them, if that is no superuser.
sub is_alive
{
	my ($node, $db, $name, %source) = @_;
	my $users = $source{users} // 'nextauth.users';
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my ($rc, $stdout, $stderr) = $node->psql(
		$db, qq{
		SELECT action, count(*) FROM nextauth.extend_models(:'definition') GROUP BY action;
		SELECT version AS before FROM nextauth.models WHERE model = 'User' \\gset
		SELECT action FROM nextauth.extend_model('User', '{"later": {"enum": ["a", "b"], "default": "b"}}');
		SELECT version - :before FROM nextauth.models WHERE model = 'User';
		INSERT INTO $users (email) VALUES ('later\@example.com') RETURNING id, number, ticket, address, role, later;
		UPDATE $users SET later = 'a' WHERE email = 'later\@example.com' RETURNING revision;
		ALTER TABLE $users DROP COLUMN name;
		ALTER TABLE $users DROP COLUMN settings;
		ALTER TABLE $users RENAME COLUMN name TO full_name;
		ALTER TABLE $users ALTER COLUMN name TYPE text;
	},
		on_error_stop => 0,
		extra_params => [ '-v', "definition=$definition", $source{role} ? ('-U', $source{role}) : () ]);

	is($stdout, "unchanged|$declared\nadded\n1\n51|51|51|<later\@example.com>|user|b\n2", "$name: works");
	is_deeply(
		[ $stderr =~ /ERROR:  (.*)/g ],
		[
			'cannot drop column "name" of model "User"',
			'cannot drop column "settings" of model "User"',
			'cannot rename column "name" of model "User"',
			'cannot change the type of column "name" of model "User"'
		],
		"$name: is guarded");
}

1;
