# extend_model_online() runs the code that belongs to a table with the rights of its owner, whoever calls; and event
# triggers of others work while the owner of the tables, who may create nothing in schema nextauth, extends a model.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	nextauth.max_scan_rows = 100
	nextauth.batch_rows = 200
	autovacuum = off
});
$node->start;

#
# Code of the table's owner
#

# A database to copy. The code of "author" takes a number, which stays taken, when it runs: of as_author with the author's
# rights, of as_others with those of anybody else, whom it tries to become.
$node->safe_psql(
	'postgres', q{
	CREATE ROLE author LOGIN;
	CREATE ROLE other LOGIN;
	CREATE ROLE member LOGIN IN ROLE author;
	CREATE DATABASE trap;
});
$node->safe_psql(
	'trap', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE, CREATE ON SCHEMA nextauth TO author;
	ALTER TABLE nextauth.users OWNER TO author;
	INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, 500) i;
	ANALYZE nextauth.users;
	CREATE SCHEMA evil;
	GRANT USAGE, CREATE ON SCHEMA evil TO author, other;
	CREATE SEQUENCE evil.as_author;
	CREATE SEQUENCE evil.as_others;
	GRANT USAGE ON SCHEMA evil TO PUBLIC;
	GRANT USAGE ON SEQUENCE evil.as_author, evil.as_others TO PUBLIC;
	SET ROLE author;
	SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
	RESET ROLE;
	UPDATE nextauth.users SET nick = 'nick ' || id WHERE id > 1;
	SET ROLE author;
	CREATE FUNCTION evil.run() RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		statement text;
	BEGIN
		FOREACH statement IN ARRAY ARRAY['SELECT 1', 'RESET ROLE', 'RESET SESSION AUTHORIZATION',
			'SELECT pg_catalog.set_config(''role'', ''none'', false)',
			'SELECT pg_catalog.set_config(''search_path'', ''evil'', false)',
			'ALTER ROLE author SUPERUSER']
		LOOP
			IF current_user OPERATOR(pg_catalog.=) 'author' THEN
				PERFORM pg_catalog.nextval('evil.as_author');
			ELSE
				PERFORM pg_catalog.nextval('evil.as_others');
			END IF;
			BEGIN
				EXECUTE statement;
			EXCEPTION WHEN OTHERS THEN
			END;
		END LOOP;
		RETURN 'x';
	END $$;
	CREATE FUNCTION evil.yes(value text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN evil.run() IS NOT NULL; END $$;
	CREATE FUNCTION evil.same(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.run(); RETURN value; END $$;
	CREATE FUNCTION evil.trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.run(); RETURN NEW; END $$;
});

my $databases = 0;

# What a call comes to that meets the trap that "author" has set, when each of these makes it: with whose rights has the
# code run? "Never" is as good as the author's.
sub is_harmless
{
	my ($name, $trap, $columns, $options) = @_;
	my $call = sprintf q{CALL nextauth.extend_model_online('User', '%s', '%s')}, $columns, $options // '{}';

	for my $caller (
		[ 'a superuser', [] ],
		[ 'a superuser as the owner', [], 'SET ROLE author' ],
		[ 'a superuser in the session of the owner', [], 'SET SESSION AUTHORIZATION author' ],
		[ 'a member of the owner', [ '-U', 'member' ] ],
		[ 'a member as the owner', [ '-U', 'member' ], 'SET ROLE author' ])
	{
		my ($who, $options, @before) = @$caller;
		my $db = 'trap' . ++$databases;

		$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE trap");
		$node->safe_psql($db, $trap, extra_params => [ '-U', 'author' ]);
		$node->safe_psql($db, q{SELECT setval('evil.as_author', 1, false), setval('evil.as_others', 1, false)});
		my $path;
		$node->psql($db, join(";\n", @before, $call, 'SHOW search_path') . ';',
			stdout => \$path, on_error_stop => 0, extra_params => $options);
		is($node->safe_psql($db, 'SELECT is_called FROM evil.as_others'), 'f', "$name, $who: with the author's rights alone");
		is($node->safe_psql('postgres', q{SELECT rolsuper FROM pg_roles WHERE rolname = 'author'}),
			'f', "$name, $who: the author is no superuser");
		like($path, qr/"\$user", public\z/, "$name, $who: the search_path is what it was");
		$node->safe_psql('postgres', "ALTER ROLE author NOSUPERUSER; DROP DATABASE $db");
	}
}

my $filled = '{"token": {"type": "uuid", "defaultExpression": "gen_random_uuid()"}}';

is_harmless('a trigger before UPDATE',
	'CREATE TRIGGER evil BEFORE UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION evil.trigger()', $filled);
is_harmless('a trigger after UPDATE',
	'CREATE TRIGGER evil AFTER UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION evil.trigger()', $filled);
is_harmless('a trigger on the statement',
	'CREATE TRIGGER evil BEFORE UPDATE ON nextauth.users FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger()', $filled);
is_harmless('a deferred trigger',
	'CREATE CONSTRAINT TRIGGER evil AFTER UPDATE ON nextauth.users INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evil.trigger()',
	$filled);
is_harmless('the condition of a trigger',
	'CREATE TRIGGER evil BEFORE UPDATE ON nextauth.users FOR EACH ROW WHEN (evil.yes(NEW.name)) EXECUTE FUNCTION evil.trigger()',
	$filled);
is_harmless('a rule on UPDATE',
	'CREATE TABLE evil.t (x text); GRANT ALL ON evil.t TO PUBLIC;
	CREATE RULE evil AS ON UPDATE TO nextauth.users DO ALSO INSERT INTO evil.t VALUES (evil.run())', $filled);
is_harmless('a check', 'ALTER TABLE nextauth.users ADD CHECK (evil.yes(name))', $filled);
is_harmless('a computed column',
	'ALTER TABLE nextauth.users ADD COLUMN computed text GENERATED ALWAYS AS (evil.same(name::text)) STORED', $filled);
is_harmless('an index on an expression', 'CREATE INDEX ON nextauth.users (evil.same(name::text))', $filled);
is_harmless('the predicate of an index', 'CREATE UNIQUE INDEX ON nextauth.users (id) WHERE evil.same(name::text) IS NOT NULL', $filled);
is_harmless('constants in the predicate of an index', q{CREATE INDEX ON nextauth.users (id) WHERE name = evil.same('x'::text)}, $filled);
is_harmless('constants in statistics', q{CREATE STATISTICS evil.s ON (evil.same('x'::text) || id::text), name FROM nextauth.users}, $filled);
is_harmless('a policy',
	'ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
	CREATE POLICY evil ON nextauth.users USING (evil.yes(name))', $filled);
is_harmless('constants in a check', q{ALTER TABLE nextauth.users ADD CHECK (nick = evil.same('x'::text)) NOT VALID},
	'{"nick": {"type": "text", "default": "x"}}');
is_harmless('a trigger, when nulls are filled',
	'CREATE TRIGGER evil BEFORE UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION evil.trigger()',
	'{"nick": {"type": "text", "default": "x"}}');
is_harmless('a default', '', '{"token": {"type": "text", "defaultExpression": "evil.run()"}}');
is_harmless('a new check', '', '{}', '{"checks": [{"expression": "evil.yes(name)"}]}');
is_harmless('a new index with a predicate', '', '{}',
	'{"indices": [{"columns": ["name"], "unique": true, "where": "evil.same(name::text) IS NOT NULL"}]}');
is_harmless('a table that inherits',
	'CREATE TABLE evil.t () INHERITS (nextauth.users); INSERT INTO evil.t (id) SELECT generate_series(1000, 1500);
	CREATE TRIGGER evil BEFORE UPDATE ON evil.t FOR EACH ROW EXECUTE FUNCTION evil.trigger()', $filled);

#
# Event triggers of others
#

$node->safe_psql('postgres', 'CREATE DATABASE events');
$node->safe_psql(
	'events', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO author;
	ALTER TABLE nextauth.users OWNER TO author;
	ALTER TABLE nextauth.accounts OWNER TO author;
	ALTER TABLE nextauth.sessions OWNER TO author;
	ALTER TABLE nextauth.verification_requests OWNER TO author;
	CREATE SCHEMA ops;
	CREATE TABLE ops.definer_log (who name, tag text, object text);
	CREATE TABLE ops.invoker_log (who name, tag text, object text);
	CREATE SEQUENCE ops.temporary;
	GRANT USAGE ON SCHEMA ops TO PUBLIC;
	GRANT INSERT ON ops.invoker_log TO PUBLIC;
	GRANT USAGE ON SEQUENCE ops.temporary TO PUBLIC;

	-- as PostgREST documents it
	CREATE FUNCTION ops.pgrst_ddl_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
	BEGIN
		NOTIFY pgrst, 'reload schema';
	END $$;
	CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end EXECUTE FUNCTION ops.pgrst_ddl_watch();

	CREATE FUNCTION ops.log_as_definer() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
	BEGIN
		INSERT INTO ops.definer_log SELECT session_user, command_tag, object_identity FROM pg_event_trigger_ddl_commands();
	END $$;
	CREATE EVENT TRIGGER log_as_definer ON ddl_command_end EXECUTE FUNCTION ops.log_as_definer();

	CREATE FUNCTION ops.log_as_invoker() RETURNS event_trigger LANGUAGE plpgsql AS $$
	BEGIN
		INSERT INTO ops.invoker_log SELECT current_user, command_tag, object_identity FROM pg_event_trigger_ddl_commands();
	END $$;
	CREATE EVENT TRIGGER log_as_invoker ON ddl_command_end EXECUTE FUNCTION ops.log_as_invoker();

	CREATE FUNCTION ops.use_temporary_table() RETURNS event_trigger LANGUAGE plpgsql AS $$
	BEGIN
		IF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE schema_name LIKE 'pg_temp%') THEN
			IF to_regclass('pg_temp.commands') IS NULL THEN
				CREATE TEMPORARY TABLE commands (tag text) ON COMMIT DROP;
			END IF;
			INSERT INTO pg_temp.commands SELECT command_tag FROM pg_event_trigger_ddl_commands();
			PERFORM nextval('ops.temporary');
		END IF;
	END $$;
});

my $definition = q{'{
	"role": {"enum": ["user", "admin"], "default": "user"},
	"phoneNumber": {"type": "varchar", "nullable": true, "unique": true},
	"number": {"type": "int", "generated": "increment"},
	"ticket": {"type": "int", "generated": "identity"},
	"nick": {"type": "text", "nullable": true}}',
	'{"indices": [{"columns": ["nick"]}], "checks": [{"expression": "nick <> ''''"}]}'};
my $made = q{
	SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
	WHERE attrelid = 'nextauth.users'::regclass AND attname IN ('role', 'phone_number', 'number', 'ticket', 'nick') ORDER BY 1;
	SELECT DISTINCT pg_get_userbyid(typowner) FROM pg_type WHERE typname = 'users_role_enum';
	SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^users' AND relkind IN ('S', 'r');
	SELECT count(*) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass};

sub events_work
{
	my ($name, $as, $call, $temporary) = @_;
	my $db = 'events' . ++$databases;

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE events");
	$node->safe_psql($db, 'CREATE EVENT TRIGGER use_temporary_table ON ddl_command_end EXECUTE FUNCTION ops.use_temporary_table()')
	  if $temporary;
	$node->safe_psql($db, q{TRUNCATE ops.definer_log, ops.invoker_log; SELECT setval('ops.temporary', 1, false)});
	my ($rc, $stdout, $stderr) = $node->psql($db, "SET client_min_messages = warning; LISTEN pgrst; $call; SELECT 1;", extra_params => [ '-U', $as ]);

	is($stderr, '', "$name: without a word");
	like($stdout, qr/Asynchronous notification "pgrst" with payload "reload schema"/, "$name: PostgREST is told");
	is($node->safe_psql($db, $made),
		"nick|text\nnumber|integer\nphone_number|character varying\nrole|nextauth.users_role_enum\nticket|integer\nauthor\nauthor\n4",
		"$name: it is done");
	is($node->safe_psql($db, q{SELECT count(*) > 0 FROM ops.definer_log WHERE tag = 'ALTER TABLE'}), 't', "$name: is logged by the definer");
	is($node->safe_psql($db, q{SELECT count(*) > 0 FROM ops.invoker_log WHERE tag = 'ALTER TABLE'}), 't', "$name: is logged by the invoker");

	# No other user can be put in a restricted operation over the transactions of CREATE INDEX CONCURRENTLY, which then
	# makes the temporary table, too
	is($node->safe_psql($db, q{SELECT DISTINCT who FROM ops.invoker_log WHERE who IN (SELECT rolname FROM pg_roles WHERE rolsuper)}
			. ($call =~ /online/ ? q{ AND tag NOT IN ('CREATE INDEX', 'CREATE TABLE')} : '')),
		'', "$name: nothing of it as a superuser")
	  if $as eq 'author';
	is($node->safe_psql($db, 'SELECT is_called FROM ops.temporary'), 't', "$name: a temporary table could be made") if $temporary;
	$node->safe_psql('postgres', "DROP DATABASE $db");
}

events_work('extend_model() of the owner', 'author', "SELECT FROM nextauth.extend_model('User', $definition)", 1);
events_work('extend_model() of a superuser', $node->safe_psql('postgres', 'SELECT current_user'),
	"SELECT FROM nextauth.extend_model('User', $definition)");
events_work('extend_model_online() of the owner', 'author', "CALL nextauth.extend_model_online('User', $definition)", 1);

$node->stop;
done_testing();
