# Calls of everything that the extension has, at random, by several roles in several sessions at once, between DDL by
# hand on the same tables; with savepoints, rollbacks, timeouts and cancels. Most of it ends in an error, and may: but
# not in an internal one, not in a crash, and a call by itself not in a deadlock. Every few seconds all comes to rest;
# then everybody can still read what the models are, and every adapter's view.
#
# NEXTAUTH_TEST_SECONDS sets how long it goes on, NEXTAUTH_TEST_SEED with which round it begins. The same round is the
# same statements, if not at the same moments: NEXTAUTH_TEST_ROUND=1 runs that round over and over.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);

my $seconds = $ENV{NEXTAUTH_TEST_SECONDS} || 40;
my $seed = $ENV{NEXTAUTH_TEST_SEED} || 1;
my $is_again = $ENV{NEXTAUTH_TEST_ROUND};
my $length = 4;    # seconds of a round
my $sessions = 3;
my $bursts = 1000;    # of each session in a round, which is to end earlier

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	log_line_prefix = '%p %e '
	log_statement = none
	log_min_messages = warning
	log_min_error_statement = error
	log_error_verbosity = default
	deadlock_timeout = 200ms
	restart_after_crash = on
	track_functions = all
	nextauth.lock_retries = 4
	nextauth.lock_retry_delay = 10
	nextauth.max_scan_rows = 100
	nextauth.batch_rows = 10
});
$node->start;
my $is_15 = $node->pg_version->major < 16;

#
# The databases that rounds begin with
#

# The owner of the databases, of the models' tables, a role with USAGE alone, and one with a foreign key to users
my @roles = qw(keeper owner reader builder);
my $superuser = $node->safe_psql('postgres', 'SELECT current_user');
$node->safe_psql('postgres', join '', map { "CREATE ROLE $_ LOGIN;" } @roles, 'app');

my $setup = q{
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO owner, keeper WITH GRANT OPTION;
	GRANT USAGE ON SCHEMA nextauth TO reader, builder;
	ALTER TABLE nextauth.users OWNER TO owner;
	ALTER TABLE nextauth.accounts OWNER TO owner;
	ALTER TABLE nextauth.sessions OWNER TO owner;
	ALTER TABLE nextauth.verification_requests OWNER TO owner;
	GRANT REFERENCES, SELECT ON nextauth.users TO builder;
	CREATE SCHEMA m AUTHORIZATION builder;
	CREATE SCHEMA o AUTHORIZATION owner;
	GRANT USAGE, CREATE ON SCHEMA m, o TO owner, builder, keeper;

	SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "level": {"type": "int", "default": 0}}');
	SELECT nextauth.extend_model('Session', '{"nick": {"type": "text", "nullable": true}}');
	INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, 30) i;
	INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
	SELECT id, 'infinity', id, id FROM nextauth.users;
	CREATE TABLE m.profiles (user_id %s REFERENCES nextauth.users, bio text);
	ALTER TABLE m.profiles OWNER TO builder;
	INSERT INTO m.profiles SELECT id FROM nextauth.users LIMIT 5;
	CREATE FUNCTION o.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE FUNCTION o.code() RETURNS text LANGUAGE sql AS 'SELECT pg_catalog.md5(pg_catalog.random()::text)';
	CREATE FUNCTION o.is_good(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
};

# Ids, the rest of the setup
my %templates = (
	serial => [ 'integer', q{GRANT CREATE ON SCHEMA nextauth TO owner, keeper; SELECT nextauth.add_adapter('pg')} ],
	text => [
		'text', q{
		GRANT CREATE ON SCHEMA nextauth TO owner;
		SELECT nextauth.add_adapter(a) FROM unnest('{prisma,better-auth,typeorm}'::text[]) a;
		SELECT nextauth.grant_adapter('app')}
	],
	plain => [
		'text', q{
		CREATE TABLE o.log (at timestamptz DEFAULT clock_timestamp(), tag text);
		GRANT INSERT ON o.log TO PUBLIC;
		GRANT USAGE ON SCHEMA o TO PUBLIC;
		CREATE FUNCTION o.log() RETURNS event_trigger LANGUAGE plpgsql
		AS 'BEGIN INSERT INTO o.log (tag) SELECT command_tag FROM pg_event_trigger_ddl_commands(); END';
		CREATE EVENT TRIGGER log ON ddl_command_end EXECUTE FUNCTION o.log();
		ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY}
	]);
for my $name (sort keys %templates)
{
	my ($id_type, $rest) = @{ $templates{$name} };
	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER keeper");
	$node->safe_psql($name, "SET nextauth.id_type = '$id_type';" . sprintf($setup, $id_type) . "$rest;");
}

#
# The generator: all of these return SQL
#

sub any { return $_[ rand @_ ] }
sub chance { return rand() < $_[0] }
sub count { return 1 + int(rand $_[0]) }

my @models = qw(User User User Account Session VerificationRequest Authenticator);
my @properties = qw(nick phone role seenAt level code teamId name email);
my @tables = qw(users users users accounts sessions verification_requests);
my @adapters = qw(pg neon supabase hasura prisma kysely drizzle typeorm sequelize mikro-orm better-auth);
my @schemas = qw(nextauth_pg nextauth_prisma nextauth_better_auth nextauth_typeorm nextauth_kysely next_auth app_views);
my @id_types = qw(text text bigint uuid integer);

sub model { return chance(0.02) ? 'Nobody' : any(@models) }
sub property { return any(@properties) . (chance(0.1) ? count(3) : '') }
sub column { return lc(property()) }
sub table { return 'nextauth.' . any(@tables) }
sub role { return any($superuser, @roles, 'app') }

# A table of somebody, that comes and goes
sub other { return any('m.f', 'm.f', 'm.g', 'o.f') . int(rand 3) }
sub view { return any('m.v', 'o.v') . int(rand 3) }
sub relation { return any(other(), table(), view(), any(@schemas) . '.users', 'm.profiles', 'm.moved', 'pg_catalog.pg_class') }

sub options
{
	return any(
		'{"type": "text", "nullable": true}',
		'{"type": "text", "nullable": true}',
		'{"type": "varchar", "length": ' . any(3, 20, 200) . ', "nullable": true}',
		'{"type": "varchar", "nullable": true, "unique": true}',
		'{"type": "int", "default": ' . int(rand 3) . '}',
		'{"type": "bigint", "nullable": true}',
		'{"type": "int", "generated": "increment"}',
		'{"generated": "uuid"}',
		'{"enum": ["a", "b"' . any('', ', "c"') . '], "default": "a"}',
		'{"enum": ["a", "b"], "enumName": "shared", "nullable": true}',
		'{"type": "timestamptz", "defaultExpression": "' . any('now()', 'clock_timestamp()') . '"}',
		'{"type": "text", "defaultExpression": "o.code()"}',
		'{"type": "text", "asExpression": "name || \'!\'", "generatedType": "STORED"}',
		'{"type": "' . any('int', 'text') . '", "nullable": true, "foreignKey": {"target": "'
		  . any('User', 'User', 'm.f0') . '", "onDelete": "CASCADE"}}',
		'{"type": "jsonb", "default": {"a": 1}, "comment": "it is said"}',
		'{"createDate": true}');
}

sub columns { return '{' . join(', ', map { '"' . property() . '": ' . options() } 1 .. count(3)) . '}' }

sub model_options
{
	my $p = '"' . property() . '"';
	return any(
		'{}', '{}', '{}',
		qq({"indices": [{"columns": [$p]}]}),
		qq({"indices": [{"columns": [$p], "where": "name IS NOT NULL", "unique": true}]}),
		qq({"uniques": [{"columns": [$p, "name"]}]}),
		'{"checks": [{"expression": "o.is_good(name)", "name": "good"}]}',
		'{"checks": [{"expression": "name <> \'x\'"}]}');
}

# A literal
sub q_ { return q(') . $_[0] =~ s/'/''/gr . q(') }
sub json { return q_($_[0]) . (chance(0.2) ? '::jsonb' : '') }
sub definition { return join ', ', q_(model()), json(columns()), chance(0.5) ? json(model_options()) : () }

sub grant_on
{
	my ($on, $what) = @_;
	return chance(0.5) ? "GRANT $what ON $on TO " . role() : "REVOKE $what ON $on FROM " . role();
}

# What the extension has; a call of a procedure begins with CALL. Those that come first in a list are more likely.
my %calls = (
	extend => [
		sub { 'SELECT * FROM nextauth.extend_model(' . definition() . ')' },
		sub { 'SELECT * FROM nextauth.plan_model(' . definition() . ')' },
		sub { 'SELECT * FROM nextauth.plan_model(' . definition() . ')' },
		sub {
			'SELECT * FROM nextauth.extend_models('
			  . json('{' . join(', ', map { qq("$_": {"columns": ) . columns() . '}' } any(@models), any('Session', 'Account')) . '}')
			  . ')'
		},
		sub { 'CALL nextauth.extend_model_online(' . definition() . ')' },
		sub { 'SELECT * FROM nextauth.rename_property(' . join(', ', map { q_($_) } model(), property(), property()) . ')' },
		sub {
			'SELECT * FROM nextauth.rename_property('
			  . join(', ', map { q_($_) } model(), property(), property(), column()) . ')'
		},
		sub { 'SELECT * FROM nextauth.drop_properties(' . join(', ', map { q_($_) } model(), map { property() } 1 .. count(2)) . ')' },
		sub {
			'SELECT d.* FROM (SELECT * FROM nextauth.custom_column ORDER BY random() LIMIT 1) c,'
			  . ' nextauth.drop_properties(c.model, c.property) d'
		}
	],
	ids => [
		sub { 'SELECT * FROM nextauth.plan_convert_ids(' . q_(any(@id_types)) . ')' },
		sub { q(SELECT * FROM nextauth.plan_convert_ids('text')) },
		sub { 'SELECT * FROM nextauth.convert_ids(' . q_(any(@id_types)) . ')' }
	],
	install => [
		sub { 'SELECT * FROM nextauth.install()' },
		sub { 'SELECT nextauth.adopt_model(' . q_(model()) . ', ' . q_(relation()) . ')' },
		sub { 'SELECT nextauth.grant_adapter(' . q_(role()) . ')' }
	],
	adapters => [
		sub { 'SELECT * FROM nextauth.add_adapter(' . q_(any(@adapters)) . ')' },
		sub { 'SELECT * FROM nextauth.add_adapter(' . q_(any(@adapters)) . ', ' . q_(any(@schemas)) . ')' },
		sub { 'SELECT * FROM nextauth.drop_adapter(' . q_(any(@schemas)) . ')' },
		sub {
			'SELECT d.* FROM (SELECT * FROM nextauth.adapters ORDER BY random() LIMIT 1) a,'
			  . ' nextauth.drop_adapter(a.schema) d'
		},
		sub { 'SELECT nextauth.grant_adapter(' . q_(role()) . ')' }
	],
	read => [
		sub { 'SELECT nextauth.' . any(qw(entity_schema definition_of options_of columns_of)) . '(' . q_(model()) . ')' },
		sub { 'SELECT nextauth.entity_schemas()' },
		sub {
			'SELECT nextauth.describe_model('
			  . join(', ', map { q_($_) }
				  any(qw(typeorm prisma drizzle kysely sequelize mikro-orm better-auth typescript json-schema)),
				chance(0.5) ? model() : ())
			  . ')'
		},
		sub { 'SELECT * FROM nextauth.check_models()' },
		sub { 'SELECT * FROM nextauth.' . any(qw(models model_columns custom_models model_changes adapters)) },
		sub { 'SELECT * FROM ' . any(@schemas) . '.' . any('users', '"User"', '"user"', 'sessions', '"Session"') }
	],
	write => [
		sub { 'INSERT INTO nextauth.users (name, email) VALUES (' . q_(any('x', 'ada')) . ", 'r' || random())" },
		sub { 'INSERT INTO nextauth_pg.users (name, email) VALUES (' . q_(any('x', 'ada')) . ", 'r' || random())" },
		sub { q(INSERT INTO nextauth_better_auth."user" (name, email, "emailVerified") VALUES ('b', 'b' || random(), true)) },
		sub { q(INSERT INTO nextauth_prisma."User" (name, "emailVerified") VALUES ('p', now())) },
		sub { 'UPDATE nextauth.users SET ' . column() . ' = ' . any('NULL', q('1'), 'DEFAULT') . any('', ' WHERE random() < 0.2') },
		sub { q(DELETE FROM nextauth_typeorm.users WHERE name = 'ada') },
		sub { q(DELETE FROM nextauth.users WHERE name = 'ada') }
	]);

# DDL by hand, alone or as steps that make sense one after the other
my %ddl = (
	columns => [
		sub { 'ALTER TABLE ' . table() . ' ADD COLUMN ' . column() . ' ' . any(qw(text int varchar(5)), 'o.state', 'int DEFAULT 7') },
		sub { 'ALTER TABLE ' . table() . ' DROP COLUMN ' . column() . any('', ' CASCADE') },
		sub { 'ALTER TABLE ' . table() . ' RENAME COLUMN ' . column() . ' TO ' . column() },
		sub { 'ALTER TABLE ' . table() . ' ALTER COLUMN ' . column() . ' TYPE ' . any('text', 'varchar(9)', 'bigint USING 1') },
		sub {
			'ALTER TABLE ' . table() . ' ALTER COLUMN ' . column() . ' '
			  . any('SET NOT NULL', 'DROP NOT NULL', 'DROP DEFAULT', "SET DEFAULT '1'", 'SET STATISTICS 10', 'DROP EXPRESSION')
		},
		sub { 'COMMENT ON COLUMN ' . table() . '.' . column() . ' IS ' . any('NULL', q('said by hand')) },
		sub { 'ALTER TABLE ' . table() . ' ADD ' . any('UNIQUE', 'CHECK') . ' (' . column() . any(')', ' IS NULL)') },
		sub { 'CREATE INDEX ON ' . table() . ' (' . any(column(), 'lower(' . column() . ')') . ')' },
		sub { 'ALTER TABLE ' . table() . ' DROP CONSTRAINT ' . any('good', 'users_pkey CASCADE', 'one') }
	],
	references => [
		sub { 'CREATE TABLE ' . other() . ' (x ' . any(qw(int text)) . ' REFERENCES nextauth.users' . any('', ' ON DELETE CASCADE') . ', y int)' },
		sub { 'ALTER TABLE ' . other() . ' DROP COLUMN ' . any(qw(x y)) },
		sub { 'DROP TABLE ' . other() . any('', ' CASCADE') },
		sub {
			my $table = other();
			my $type = any('int', 'int', 'text');
			(
				"CREATE TABLE $table (x $type REFERENCES nextauth.users, y int)",
				chance(0.7) ? "ALTER TABLE $table DROP COLUMN x" : (),
				"DROP TABLE $table");
		},
		sub {
			my $table = other();
			my $type = any('int', 'text');
			(
				"CREATE TABLE $table (x $type, y $type PRIMARY KEY REFERENCES nextauth.users)",
				"ALTER TABLE $table ADD FOREIGN KEY (x) REFERENCES $table" . any('', ' NOT VALID'),
				"ALTER TABLE $table " . any('RENAME x TO z', 'ALTER x TYPE bigint', 'DROP COLUMN x', 'RENAME TO moved'),
				"DROP TABLE $table CASCADE");
		},
		sub {
			my $table = other();
			(
				"CREATE TABLE $table (x " . any(qw(int text)) . ' REFERENCES nextauth.users, y int) PARTITION BY LIST (y)',
				"CREATE TABLE ${table}_1 PARTITION OF $table FOR VALUES IN (1)",
				"ALTER TABLE $table DETACH PARTITION ${table}_1", "DROP TABLE $table, ${table}_1");
		},
		sub { 'ALTER TABLE m.profiles ' . any('ADD z text', 'ADD z int', 'DROP z', 'DROP bio', 'RENAME bio TO z', 'RENAME z TO bio') },
		sub { 'ALTER TABLE m.profiles OWNER TO ' . role() }
	],
	tables => [
		sub {
			(
				'DROP TABLE ' . any('nextauth.verification_requests', 'nextauth.accounts', table() . ' CASCADE'),
				chance(0.7) ? 'SELECT * FROM nextauth.install()' : ());
		},
		sub { any('ANALYZE ', 'VACUUM FULL ', 'REINDEX TABLE ', 'CLUSTER ', 'LOCK TABLE ') . any(table(), 'm.profiles') },
		sub {
			my $table = any(@tables);
			("ALTER TABLE nextauth.$table RENAME TO moved", chance(0.8) ? "ALTER TABLE nextauth.moved RENAME TO $table" : ());
		},
		sub {
			my $table = any(@tables);
			("ALTER TABLE nextauth.$table SET SCHEMA m", chance(0.8) ? "ALTER TABLE m.$table SET SCHEMA nextauth" : ());
		},
		sub { 'CREATE TABLE ' . other() . ' (LIKE ' . table() . ' INCLUDING ALL)' },
		sub {
			my $table = other();
			("CREATE TABLE $table () INHERITS (nextauth.users)", "ALTER TABLE $table NO INHERIT nextauth.users", "DROP TABLE $table");
		},
		sub { 'ALTER TABLE ' . table() . ' OWNER TO ' . any('owner', 'owner', 'owner', $superuser, 'builder') },
		sub { 'ALTER TABLE ' . table() . any('', ' NO') . ' FORCE ROW LEVEL SECURITY' },
		sub { 'ALTER TABLE ' . table() . any(' ENABLE', ' DISABLE') . ' ROW LEVEL SECURITY' },
		sub { 'CREATE POLICY p ON ' . table() . ' USING (' . any('true', 'o.is_good(name)', column() . ' IS NULL') . ')' },
		sub { 'DROP POLICY p ON ' . table() },
		sub { 'CREATE TRIGGER t BEFORE INSERT OR UPDATE' . any('', ' OF ' . column()) . ' ON ' . table() . ' FOR EACH ROW EXECUTE FUNCTION o.touch()' },
		sub { 'DROP TRIGGER ' . any('t', 'nextauth_fill') . ' ON ' . table() },
		sub { 'COMMENT ON TABLE ' . table() . q( IS 'said by hand') },
		sub { grant_on(table(), any('SELECT', 'ALL', 'REFERENCES', 'INSERT (' . column() . ')')) },
		sub { 'TRUNCATE ' . table() . any('', ' CASCADE') },
		# Until 16 an empty table becomes a view
		sub {
			(
				'CREATE TABLE m.moved (LIKE nextauth.verification_requests INCLUDING ALL)',
				'DROP TABLE nextauth.verification_requests',
				q(SELECT nextauth.adopt_model('VerificationRequest', 'm.moved')),
				'CREATE RULE "_RETURN" AS ON SELECT TO m.moved DO INSTEAD SELECT '
				  . q(1, ''::varchar, ''::varchar, now(), now(), now()),
				q(SELECT * FROM nextauth.plan_model('VerificationRequest', '{"nick": {"type": "int"}}')));
		}
	],
	others => [
		sub { 'CREATE VIEW ' . view() . ' AS SELECT ' . any('*', 'id', column()) . ' FROM ' . table() },
		sub { 'DROP VIEW ' . view() },
		sub { 'CREATE MATERIALIZED VIEW ' . view() . ' AS SELECT ' . any('*', column()) . ' FROM ' . table() },
		sub { 'CREATE TYPE ' . any('nextauth.users_role_enum', 'nextauth.shared', 'o.state') . q( AS ENUM ('a', 'b')) },
		sub { 'DROP TYPE ' . any('nextauth.users_role_enum', 'nextauth.shared', 'o.state') . any('', ' CASCADE') },
		sub { 'ALTER TYPE ' . any('nextauth.users_role_enum', 'nextauth.shared', 'o.state') . any(q( ADD VALUE 'c'), q( RENAME VALUE 'a' TO 'z'), q( RENAME VALUE 'z' TO 'a')) },
		sub {
			my $schema = any(@schemas);
			("ALTER SCHEMA $schema RENAME TO app_views", chance(0.7) ? "ALTER SCHEMA app_views RENAME TO $schema" : ());
		},
		sub { 'CREATE SCHEMA ' . any(@schemas) },
		sub { 'DROP SCHEMA ' . any(@schemas) . any('', ' CASCADE') },
		sub { 'DROP VIEW ' . any(@schemas) . '.' . any('users', '"User"', '"user"', 'sessions') },
		sub { 'ALTER VIEW ' . any(@schemas) . '.' . any('users', '"User"', '"user"') . ' RENAME ' . any('', 'COLUMN name ') . 'TO ' . column() },
		sub { 'CREATE VIEW ' . any(@schemas) . '.' . any('users', '"User"', 'extra') . ' AS SELECT ' . any('1 AS id', '* FROM nextauth.users') },
		sub { 'CREATE SEQUENCE nextauth.users_' . column() . '_seq' },
		sub { any('CREATE', 'DROP') . ' PUBLICATION p' . any(' FOR TABLE nextauth.users', '') },
		sub { grant_on('SCHEMA nextauth', 'CREATE') },
		sub { grant_on('SCHEMA o', 'USAGE') },
		sub { 'CREATE OR REPLACE FUNCTION o.code() RETURNS text LANGUAGE sql AS ' . q_('SELECT ' . any(q('a'::text), 'current_user::text', '(1 / 0)::text')) },
		sub { 'DROP FUNCTION o.code() CASCADE' },
		# What a restore by the owner of the database may load
		sub { 'INSERT INTO nextauth.model VALUES (' . q_(any('Evil', 'Authenticator', 'User')) . ', ' . q_(relation()) . ')' },
		sub { q(INSERT INTO nextauth.model_change VALUES ('Session', 9223372036854775807, now(), 'me', 'me', '{}', '{}')) },
		sub { 'INSERT INTO nextauth.adapter VALUES (' . q_(any(@schemas, 'm', 'none')) . ', ' . q_(any(@adapters, 'none')) . ')' },
		sub { 'INSERT INTO nextauth.custom_column VALUES (' . join(', ', map { q_($_) } model(), property(), column(), any('text', 'none')) . ')' },
	]);

# What a session is about for some statements: kinds of calls and of DDL
sub statements
{
	my ($kinds) = @_;
	return map { $_->() } any(@{ any(@$kinds) });
}

my @calls = map { $calls{$_} } qw(extend extend ids install adapters read read write);
my @ddl = map { $ddl{$_} } qw(columns columns references references references tables others);

my $serial;

# Statements numbered, so that the log tells which it was; "alone" if it is no part of a transaction
sub numbered
{
	my ($session, $mark, @statements) = @_;
	return map { s{^(\w+) }{"$1 /* $session." . ++$serial . " $mark */ "}er . ";\n" } @statements;
}

# What one session does for a moment: a few statements over and over, each by itself or in transactions
sub burst
{
	my ($session) = @_;
	my $kinds = $session == 0 ? [ @ddl, @ddl, @ddl, @calls ] : [ @calls, @calls, @calls, @ddl ];
	my @script;

	# The role that most is open to comes most often
	push @script, '\c - ' . any($superuser, ('owner') x 5, @roles) . "\n" if chance(0.5);
	push @script, 'SET ROLE ' . any(@roles, 'NONE') . ";\n" if chance(0.1);
	push @script, 'SET search_path = ' . any('nextauth, m', 'm, o', 'public') . ";\n" if chance(0.05);
	push @script, 'SET nextauth.protect_columns = ' . any('on', 'off') . ";\n" if chance(0.1);
	push @script, 'SET nextauth.allow_rewrite = ' . any('on', 'off') . ";\n" if chance(0.2);
	push @script, 'SET nextauth.max_scan_rows = ' . any(10, 100) . ";\n" if chance(0.1);
	push @script, 'SET statement_timeout = ' . any(0, 0, count(100)) . ";\n" if chance(0.1);

	my @statements = map { statements($kinds) } 1 .. any(1, 1, 2, 3, 5);
	my $times = chance(0.6) ? count(40) : 1;
	my $is_transaction = chance(0.3);
	$times = count(3) if $is_transaction;
	for (1 .. $times)
	{
		if (!$is_transaction)
		{
			push @script, numbered($session, 'alone', @statements);
			next;
		}
		push @script, '\set ON_ERROR_ROLLBACK ' . any('on', 'off') . "\n",
		  'BEGIN' . any('', '', '', ' ISOLATION LEVEL REPEATABLE READ', ' ISOLATION LEVEL SERIALIZABLE', ' READ ONLY') . ";\n";
		push @script, "SET CONSTRAINTS ALL DEFERRED;\n" if chance(0.1);
		for my $statement (@statements)
		{
			push @script, "SAVEPOINT s;\n" if chance(0.3);
			push @script, numbered($session, 'within', $statement);
			push @script, any('ROLLBACK TO', 'RELEASE') . " SAVEPOINT s;\n" if chance(0.3);
		}
		push @script, any('COMMIT', 'COMMIT', 'ROLLBACK') . ";\n\\set ON_ERROR_ROLLBACK off\n";
	}
	return @script;
}

sub session_script { my ($session) = @_; return map { burst($session) } 1 .. $bursts }

# Cancels whatever runs, workers included
sub cancel_script
{
	return map { 'SELECT pg_sleep(' . rand(0.1) . '), count(pg_cancel_backend(pid)) FROM (SELECT pid FROM pg_stat_activity'
		  . " WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) a;\n" } 1 .. 1000;
}

#
# Rounds
#

my $dir = PostgreSQL::Test::Utils::tempdir;
my $db = 'random';

# psql with a script, in the background
sub start_psql
{
	my ($name, @script) = @_;
	open my $file, '>', "$dir/$name" or die $!;
	print $file @script;
	close $file;
	return IPC::Run::start([ 'psql', '-XqAt', '-f', "$dir/$name", '-d', $node->connstr($db) ],
		'<', \undef, '>', '/dev/null', '2>', '/dev/null');
}

# Runs SQL as the superuser. Returns what it says, or undef if there is no server any more.
sub ask
{
	my ($database, $sql) = @_;
	my ($rc, $out, $err) = $node->psql($database, $sql, on_error_stop => 1);
	return if $rc == 2;
	return $rc == 0 ? $out : "ERROR $err";
}

# What went wrong: lines of the log from an offset on that no round may write
sub problems
{
	my ($offset) = @_;
	my (@found, %error);

	for my $line (split /\n/, substr(slurp_file($node->logfile), $offset))
	{
		if ($line =~ /TRAP: |PANIC: |terminated by signal|Failed process was running|WARNING:  (?:.* leak|resource was not closed|problem in)/)
		{
			push @found, $line;
		}
		elsif ($line =~ /^(\d+) (\w{5}) (?:ERROR|FATAL):  (.*)/)
		{
			# A worker has no statement
			push @found, "@{ $error{$1} }" if $error{$1} && $error{$1}[0] =~ /^XX/;
			$error{$1} = [ $2, $3 ];
		}
		elsif ($line =~ /^(\d+) \w{5} STATEMENT:  (.*)/ && $error{$1})
		{
			my ($statement, $error) = ($2, delete $error{$1});
			push @found, "@$error: $statement" if is_problem(@$error, $statement);
		}
	}
	push @found, map { "@$_" } grep { $_->[0] =~ /^XX/ } values %error;
	return @found;
}

# PostgreSQL's own commands have internal errors of their own, when two change the same row of its catalog, or read what
# is gone. A call of the extension has none, and by itself no deadlock.
sub is_problem
{
	my ($state, $message, $statement) = @_;
	my $is_call = $statement =~ /nextauth\.\w+\(/ && $statement =~ /^(?:SELECT|CALL) /;

	return 1 if $state =~ /^XX00[12]/;
	return $is_call || $message !~ /^tuple concurrently (?:updated|deleted)/ if $state eq 'XX000';
	return $is_call && $statement =~ / alone \*\// if $state eq '40P01';
	return 0;
}

# The same problems as one, with how often there were such
sub summary
{
	my (%count, @first);
	for my $problem (@_)
	{
		my $kind = $problem =~ s/\d+/N/gr =~ s/(: (?:SELECT|CALL) .*?nextauth\.\w+\().*/$1/r;
		push @first, [ $kind, $problem ] if !$count{$kind}++;
	}
	return map { "$count{$_->[0]} x $_->[1]" } @first;
}

# What anybody can read when all is at rest
my @readings = (
	'SELECT count(*) FROM nextauth.models', 'SELECT count(*) FROM nextauth.model_columns',
	'SELECT count(*) FROM nextauth.custom_models', 'SELECT count(*) FROM nextauth.model_changes',
	'SELECT count(*) FROM nextauth.adapters', 'SELECT count(*) FROM nextauth.check_models()',
	'SELECT nextauth.entity_schemas() IS NULL');
my $views = q{
	SELECT format('SELECT count(v.*) FROM %I.%I v', a.schema, v) FROM nextauth.adapters a, unnest(views) v
	WHERE a.schema NOT IN ('m', 'none')};

# Calls that succeeded
my $functions = q{
	SELECT funcname FROM pg_stat_user_functions, generate_series(1, calls)
	WHERE schemaname = 'nextauth'};

my $until = time() + $seconds;
my %succeeded;

for (my $round = $seed; time() < $until; $round += $is_again ? 0 : 1)
{
	my $name = "round $round";
	my $repeat = "NEXTAUTH_TEST_SEED=$round NEXTAUTH_TEST_ROUND=1 NEXTAUTH_TEST_SECONDS=$seconds repeats this round";
	my $offset = -s $node->logfile;

	srand($round);
	$serial = 0;
	my $template = any(sort keys %templates);
	my @scripts = map { [ session_script($_) ] } 0 .. $sessions - 1;
	push @scripts, [ cancel_script() ] if chance(0.5);
	note("$name: $template" . (@scripts > $sessions ? ', with cancels' : ''));

	$node->safe_psql('postgres', "CREATE DATABASE $db OWNER keeper TEMPLATE $template");
	$node->safe_psql('postgres', "GRANT CREATE ON DATABASE $db TO owner");
	my @psql = map { start_psql("session_$_", @{ $scripts[$_] }) } 0 .. $#scripts;

	my $end = time() + $length;
	usleep(100_000) while time() < $end;
	$_->signal('TERM') for @psql;
	$_->finish for @psql;
	my $is_at_rest = $node->poll_query_until('postgres',
		"SELECT count(pg_terminate_backend(pid)) = 0 FROM pg_stat_activity WHERE datname = '$db'");

	my @found = problems($offset);
	if ($is_at_rest)
	{
		for my $reading (@readings, split /\n/, ask($db, $views) // '')
		{
			my $answer = ask($db, $reading) // 'no server';
			push @found, "$reading: $answer" if $answer !~ /^(?:\d+|[tf])$/;
		}
	}
	else
	{
		push @found, 'the sessions do not end';
	}
	$succeeded{$_}++ for split /\n/, ask($db, $functions) // '';
	is(scalar(@found), 0, "$name: no internal error, no crash, no deadlock, and all can be read")
	  or diag(join "\n", $repeat, summary(@found));
	last if !$is_at_rest;
	$node->safe_psql('postgres', "DROP DATABASE $db");
}
note('succeeded: ', join ', ', map { "$_ $succeeded{$_}" } sort keys %succeeded);
$node->stop('immediate', fail_ok => 1);

done_testing();
