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

	SELECT nextauth.extend_models('{
		"User": {"columns": {"nick": {"type": "text", "nullable": true}, "level": {"type": "int", "default": 0}}},
		"Session": {"columns": {"nick": {"type": "text", "nullable": true}}}}');
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
# The generator
#

sub any { return $_[ rand @_ ] }
sub chance { return rand() < $_[0] }
sub count { return 1 + int(rand $_[0]) }

# Statements are written with words, <word>, and alternatives, <one|another>, also within each other. A word with "!" is
# the same wherever it stands in the steps of one entry.
my %words = (
	model => [ ('User', 'User', 'User', 'Account', 'Session', 'VerificationRequest', 'Authenticator') x 5, 'Nobody' ],
	property => [ map { ($_) x 5, $_ . 1, $_ . 2 } qw(nick phone role seenAt level code teamId name email) ],
	column => [ map { ($_) x 5, $_ . 1, $_ . 2 } qw(nick phone role seen_at level code team_id name email) ],
	of_models => [qw(users users users accounts sessions verification_requests)],
	table => ['nextauth.<of_models>'],
	role => [ $superuser, @roles, 'app' ],
	# What comes and goes
	other => [ 'm.<f|f|g><0|1|2>', 'o.f<0|1|2>' ],
	view => ['<m|o>.v<0|1|2>'],
	enum => [qw(nextauth.users_role_enum nextauth.shared o.state)],
	relation => [ qw(<other> <table> <view> <schema>.users m.profiles m.moved pg_catalog.pg_class) ],
	id => [qw(int text)],
	id_type => [qw(text text bigint uuid integer)],
	adapter => [qw(pg neon supabase hasura prisma kysely drizzle typeorm sequelize mikro-orm better-auth)],
	schema => [
		qw(nextauth_pg nextauth_prisma nextauth_better_auth nextauth_typeorm nextauth_kysely next_auth app_views)
	],
	view_name => [ 'users', '"User"', '"user"', 'sessions', '"Session"' ],
	format => [qw(typeorm prisma drizzle kysely sequelize mikro-orm better-auth typescript json-schema)],
	# JSON, in the quotes of an SQL literal
	options => [
		'{"type": "text", "nullable": true}',
		'{"type": "text", "nullable": true}',
		'{"type": "varchar", "length": <3|20|200>, "nullable": true}',
		'{"type": "varchar", "nullable": true, "unique": true}',
		'{"type": "int", "default": <0|1>}',
		'{"type": "bigint", "nullable": true}',
		'{"type": "int", "generated": "increment"}',
		'{"generated": "uuid"}',
		'{"enum": ["a", "b"<|, "c">], "default": "a"}',
		'{"enum": ["a", "b"], "enumName": "shared", "nullable": true}',
		'{"type": "timestamptz", "defaultExpression": "<now()|clock_timestamp()>"}',
		'{"type": "text", "defaultExpression": "o.code()"}',
		q({"type": "text", "asExpression": "name || ''!''", "generatedType": "STORED"}),
		'{"type": "<id>", "nullable": true, "foreignKey": {"target": "<User|User|m.f0>", "onDelete": "CASCADE"}}',
		'{"type": "jsonb", "default": {"a": 1}, "comment": "it is said"}',
		'{"createDate": true}'
	],
	columns => [ map { '{' . join(', ', ('"<property>": <options>') x $_) . '}' } 1, 1, 2, 3 ],
	model_options => [
		'{}',
		'{"indices": [{"columns": ["<property>"]}]}',
		'{"indices": [{"columns": ["<property>"], "where": "name IS NOT NULL", "unique": true}]}',
		'{"uniques": [{"columns": ["<property>", "name"]}]}',
		'{"checks": [{"expression": "o.is_good(name)", "name": "good"}]}',
		q({"checks": [{"expression": "name != ''x''"}]})
	],
	definition => [
		q('<model>', '<columns>'), q('<model>', '<columns>'::jsonb),
		q('<model>', '<columns>', '<model_options>'<|::jsonb>)
	]);

# Returns the statements of an entry
sub expand
{
	my ($entry) = @_;
	my (%same, @statements);

	for my $statement (ref $entry ? @$entry : $entry)
	{
		my $text = $statement;
		# From within. An alternative may be empty, also the last.
		while ($text =~ /<([^<>]*)>/)
		{
			my ($from, $length, $word) = ($-[0], $+[0] - $-[0], $1);
			my $chosen;
			if ($word =~ /\|/)
			{
				$chosen = any(split /\|/, $word, -1);
			}
			elsif ($word =~ s/!$//)
			{
				$chosen = $same{$word} //= (expand("<$word>"))[0];
			}
			else
			{
				$chosen = any(@{ $words{$word} || die "no word $word" });
			}
			substr($text, $from, $length, $chosen);
		}
		push @statements, $text if $text ne '';
	}
	return @statements;
}

# What the extension has. An entry is a statement, or several that make sense one after the other.
my %calls = (
	extend => [
		'SELECT * FROM nextauth.extend_model(<definition>)',
		'SELECT * FROM nextauth.plan_model(<definition>)',
		'SELECT * FROM nextauth.plan_model(<definition>)',
		'SELECT * FROM nextauth.extend_models('
		  . q('{"<model>": {"columns": <columns>}, "Session": {"columns": <columns>}}') . ')',
		'CALL nextauth.extend_model_online(<definition>)',
		q(SELECT * FROM nextauth.rename_property('<model>', '<property>', '<property>'<|, '<column>'>)),
		q(SELECT * FROM nextauth.drop_properties('<model>', '<property>'<|, '<property>'>)),
		'SELECT d.* FROM (SELECT * FROM nextauth.custom_column ORDER BY random() LIMIT 1) c,'
		  . ' nextauth.drop_properties(c.model, c.property) d'
	],
	ids => [
		q(SELECT * FROM nextauth.plan_convert_ids('<id_type>')),
		q(SELECT * FROM nextauth.plan_convert_ids('text')),
		q(SELECT * FROM nextauth.convert_ids('<id_type>'))
	],
	install => [
		'SELECT * FROM nextauth.install()',
		q(SELECT nextauth.adopt_model('<model>', '<relation>')),
		q(SELECT nextauth.grant_adapter('<role>'))
	],
	adapters => [
		q(SELECT * FROM nextauth.add_adapter('<adapter>')),
		q(SELECT * FROM nextauth.add_adapter('<adapter>', '<schema>')),
		q(SELECT * FROM nextauth.drop_adapter('<schema>')),
		'SELECT d.* FROM (SELECT * FROM nextauth.adapters ORDER BY random() LIMIT 1) a,'
		  . ' nextauth.drop_adapter(a.schema) d',
		q(SELECT nextauth.grant_adapter('<role>'))
	],
	read => [
		q(SELECT nextauth.<entity_schema|definition_of|options_of|columns_of>('<model>')),
		'SELECT nextauth.entity_schemas()',
		q(SELECT nextauth.describe_model('<format>'<|, '<model>'>)),
		'SELECT * FROM nextauth.check_models()',
		'SELECT * FROM nextauth.<models|model_columns|custom_models|model_changes|adapters>',
		'SELECT * FROM <schema>.<view_name>'
	],
	write => [
		q(INSERT INTO nextauth.users (name, email) VALUES ('<x|ada>', random())),
		q(INSERT INTO nextauth_pg.users (name, email) VALUES ('<x|ada>', random())),
		q(INSERT INTO nextauth_better_auth."user" (name, email, "emailVerified") VALUES ('b', random(), true)),
		q(INSERT INTO nextauth_prisma."User" (name, "emailVerified") VALUES ('p', now())),
		q(UPDATE nextauth.users SET <column> = <NULL|'1'|DEFAULT><| WHERE random() BETWEEN 0 AND 0.2>),
		q(DELETE FROM <nextauth|nextauth_typeorm>.users WHERE name = 'ada')
	]);

# DDL by hand
my %ddl = (
	columns => [
		'ALTER TABLE <table> ADD COLUMN <column> <text|int|varchar(5)|o.state|int DEFAULT 7>',
		'ALTER TABLE <table> DROP COLUMN <column><| CASCADE>',
		'ALTER TABLE <table> RENAME COLUMN <column> TO <column>',
		'ALTER TABLE <table> ALTER COLUMN <column> TYPE <text|varchar(9)|bigint USING 1>',
		'ALTER TABLE <table> ALTER COLUMN <column>'
		  . q( <SET NOT NULL|DROP NOT NULL|DROP DEFAULT|SET DEFAULT '1'|DROP EXPRESSION>),
		q(COMMENT ON COLUMN <table>.<column> IS <NULL|'said by hand'>),
		'ALTER TABLE <table> ADD <UNIQUE (<column>)|CHECK (<column> IS NULL)>',
		'CREATE INDEX ON <table> (<<column>|lower(<column>)>)',
		'ALTER TABLE <table> DROP CONSTRAINT <good|users_pkey CASCADE|one>'
	],
	references => [
		'CREATE TABLE <other> (x <id> REFERENCES nextauth.users<| ON DELETE CASCADE>, y int)',
		'ALTER TABLE <other> DROP COLUMN <x|y>',
		'DROP TABLE <other><| CASCADE>',
		[
			'CREATE TABLE <other!> (x <id> REFERENCES nextauth.users, y int)',
			'<|ALTER TABLE <other!> DROP COLUMN x|ALTER TABLE <other!> DROP COLUMN x>',
			'DROP TABLE <other!>'
		],
		[
			'CREATE TABLE <other!> (x <id!>, y <id!> PRIMARY KEY REFERENCES nextauth.users)',
			'ALTER TABLE <other!> ADD FOREIGN KEY (x) REFERENCES <other!><| NOT VALID>',
			'ALTER TABLE <other!> <RENAME x TO z|ALTER x TYPE bigint|DROP COLUMN x|RENAME TO moved>',
			'DROP TABLE <other!> CASCADE'
		],
		[
			'CREATE TABLE <other!> (x <id> REFERENCES nextauth.users, y int) PARTITION BY LIST (y)',
			'CREATE TABLE <other!>_1 PARTITION OF <other!> FOR VALUES IN (1)',
			'ALTER TABLE <other!> DETACH PARTITION <other!>_1',
			'DROP TABLE <other!>, <other!>_1'
		],
		'ALTER TABLE m.profiles <ADD z text|ADD z int|DROP z|DROP bio|RENAME bio TO z|RENAME z TO bio>',
		'ALTER TABLE m.profiles OWNER TO <role>'
	],
	tables => [
		[
			'DROP TABLE <nextauth.verification_requests|nextauth.accounts|<table> CASCADE>',
			'<|SELECT * FROM nextauth.install()|SELECT * FROM nextauth.install()>'
		],
		'<ANALYZE|VACUUM FULL|REINDEX TABLE|CLUSTER|LOCK TABLE> <<table>|m.profiles>',
		[
			'ALTER TABLE nextauth.<of_models!> RENAME TO moved',
			'ALTER TABLE nextauth.moved RENAME TO <<of_models!>|<of_models!>|else>'
		],
		[
			'ALTER TABLE nextauth.<of_models!> SET SCHEMA m',
			'ALTER TABLE m.<of_models!> SET SCHEMA <nextauth|nextauth|o>'
		],
		'CREATE TABLE <other> (LIKE <table> INCLUDING ALL)',
		[
			'CREATE TABLE <other!> () INHERITS (nextauth.users)',
			'ALTER TABLE <other!> NO INHERIT nextauth.users',
			'DROP TABLE <other!>'
		],
		"ALTER TABLE <table> OWNER TO <owner|owner|owner|builder|$superuser>",
		'ALTER TABLE <table> <FORCE|NO FORCE|ENABLE|DISABLE> ROW LEVEL SECURITY',
		'CREATE POLICY p ON <table> USING (<true|o.is_good(name)|<column> IS NULL>)',
		'DROP POLICY p ON <table>',
		'CREATE TRIGGER t BEFORE INSERT OR UPDATE<| OF <column>> ON <table> FOR EACH ROW EXECUTE FUNCTION o.touch()',
		'DROP TRIGGER <t|nextauth_fill> ON <table>',
		q(COMMENT ON TABLE <table> IS 'said by hand'),
		'<GRANT <SELECT|ALL|REFERENCES> ON <table> TO <role>|REVOKE <ALL|INSERT> ON <table> FROM <role>>',
		'GRANT INSERT (<column>) ON <table> TO <role>',
		'TRUNCATE <table><| CASCADE>',
		# Until 16 an empty table without indexes becomes a view
		[
			q(DO $$ DECLARE c name; BEGIN FOR c IN SELECT conname FROM pg_constraint)
			  . q( WHERE conrelid = 'nextauth.verification_requests'::regclass)
			  . q( LOOP EXECUTE format('ALTER TABLE nextauth.verification_requests DROP CONSTRAINT %I', c);)
			  . q( END LOOP; END $$),
			'VACUUM nextauth.verification_requests',
			'CREATE TABLE m.moved (LIKE nextauth.verification_requests)',
			'CREATE RULE "_RETURN" AS ON SELECT TO nextauth.verification_requests DO INSTEAD SELECT * FROM m.moved',
			q(SELECT * FROM nextauth.plan_model('VerificationRequest', '{"nick": {"type": "int"}}'))
		]
	],
	others => [
		'CREATE VIEW <view> AS SELECT <*|id|<column>> FROM <table>',
		'DROP VIEW <view>',
		'CREATE MATERIALIZED VIEW <view> AS SELECT <*|<column>> FROM <table>',
		q(CREATE TYPE <enum> AS ENUM ('a', 'b')),
		'DROP TYPE <enum><| CASCADE>',
		q(ALTER TYPE <enum> <ADD VALUE 'c'|RENAME VALUE 'a' TO 'z'|RENAME VALUE 'z' TO 'a'>),
		[ 'ALTER SCHEMA <schema!> RENAME TO app_views', 'ALTER SCHEMA app_views RENAME TO <<schema!>|<schema!>|else>' ],
		'CREATE SCHEMA <schema>',
		'DROP SCHEMA <schema><| CASCADE>',
		'DROP VIEW <schema>.<view_name>',
		'ALTER VIEW <schema>.<view_name> RENAME <|COLUMN name >TO <column>',
		'CREATE VIEW <schema>.<<view_name>|extra> AS SELECT <1 AS id|* FROM nextauth.users>',
		'CREATE SEQUENCE nextauth.users_<column>_seq',
		'<CREATE PUBLICATION p FOR TABLE nextauth.users|DROP PUBLICATION p>',
		'<GRANT CREATE ON SCHEMA nextauth TO <role>|REVOKE CREATE ON SCHEMA nextauth FROM <role>>',
		'<GRANT USAGE ON SCHEMA o TO <role>|REVOKE USAGE ON SCHEMA o FROM <role>>',
		q(CREATE OR REPLACE FUNCTION o.code() RETURNS text LANGUAGE sql AS 'SELECT <current_user::text|(1 / 0)::text>'),
		'DROP FUNCTION o.code() CASCADE',
		# What a restore by the owner of the database may load
		q(INSERT INTO nextauth.model VALUES ('<Evil|Authenticator|User>', '<relation>')),
		q(INSERT INTO nextauth.model_change VALUES ('Session', 9223372036854775807, now(), 'me', 'me', '{}', '{}')),
		q(INSERT INTO nextauth.adapter VALUES ('<<schema>|m|none>', '<<adapter>|none>')),
		q(INSERT INTO nextauth.custom_column VALUES ('<model>', '<property>', '<column>', '<text|none>'))
	]);

# What a session is about for some statements: kinds of calls and of DDL
sub statements
{
	my ($kinds) = @_;
	return expand(any(@{ any(@$kinds) }));
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
		  expand('BEGIN<||| ISOLATION LEVEL REPEATABLE READ| ISOLATION LEVEL SERIALIZABLE| READ ONLY>') . ";\n";
		push @script, "SET CONSTRAINTS ALL DEFERRED;\n" if chance(0.1);
		push @script, 'SET LOCAL nextauth.protect_columns = ' . any('on', 'off') . ";\n" if chance(0.1);
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
	my $other = q{SELECT pid FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1};
	return map { 'SELECT pg_sleep(' . rand(0.1) . ");\nSELECT pg_cancel_backend(pid) FROM ($other) a;\n" } 1 .. 1000;
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

my $never = join '|', 'TRAP: ', 'PANIC: ', 'terminated by signal', 'Failed process was running',
  'WARNING:  (?:.* leak|resource was not closed|problem in)';

# What went wrong: lines of the log from an offset on that no round may write
sub problems
{
	my ($offset) = @_;
	my (@found, %error);

	for my $line (split /\n/, slurp_file($node->logfile, $offset))
	{
		if ($line =~ /$never/)
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
cmp_ok(scalar(keys %succeeded), '>', 15, 'most functions were called with success');
$node->stop('immediate', fail_ok => 1);

done_testing();
