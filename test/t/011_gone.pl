# Beside DDL on the same tables, whatever is called: no crash, no error of PostgreSQL's insides, no deadlock for who calls.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	restart_after_crash = on
	deadlock_timeout = 30s
	nextauth.lock_retry_delay = 20
	log_statement = none
	autovacuum = off
});
$node->start;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');

# Somebody may use the schema, and refer to users; another reads the catalog, and that is all
$node->safe_psql(
	'postgres', q{
	CREATE ROLE author LOGIN;
	CREATE ROLE referrer LOGIN;
	CREATE ROLE reader LOGIN;
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE, CREATE ON SCHEMA nextauth TO author;
	GRANT USAGE ON SCHEMA nextauth TO referrer, reader;
	GRANT CREATE ON DATABASE postgres TO author;
	ALTER TABLE nextauth.users OWNER TO author;
	ALTER TABLE nextauth.accounts OWNER TO author;
	ALTER TABLE nextauth.sessions OWNER TO author;
	ALTER TABLE nextauth.verification_requests OWNER TO author;
	GRANT REFERENCES (id) ON nextauth.users TO referrer;
	CREATE SCHEMA m AUTHORIZATION referrer;
	INSERT INTO nextauth.users (name) VALUES ('ada'), ('bob');
});

# Runs statements, one after the other and again, for some seconds in several sessions at once: [role, statements]. Returns
# for each how often which SQLSTATE came out.
sub run_together
{
	my ($seconds, @sessions) = @_;
	my @running;

	for my $session (@sessions)
	{
		my ($role, @statements) = @$session;
		my $dir = PostgreSQL::Test::Utils::tempdir;
		my ($file, $errors) = ("$dir/statements.sql", "$dir/errors");

		append_to_file($file, "\\set VERBOSITY sqlstate\n" . join("", map { "$_;\n" } @statements) x (100_000 / @statements));
		# Files, as a session that has come to the end of its statements could not be pumped
		my $run = IPC::Run::start(
			[ 'psql', '-XqAt', '-U', $role, '-o', '/dev/null', '-f', $file, '-d', $node->connstr('postgres') ],
			'<', '/dev/null', '2>', $errors);
		push @running, { run => $run, errors => $errors };
	}
	my $until = time + $seconds;
	my $lost = qr/server closed|connection to server|terminating/;
	usleep(200_000) while time < $until && !grep { slurp_file($_->{errors}) =~ $lost } @running;
	$_->{run}->kill_kill(grace => 5) for @running;
	$_->{err} = slurp_file($_->{errors}) for @running;
	$node->poll_query_until('postgres', 'SELECT true') or BAIL_OUT('the server is gone');
	$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()});
	return map {
		my %states;
		$states{$1}++ while $_->{err} =~ /ERROR:  (\w{5})$/mg;
		$states{'connection lost'}++ if $_->{err} =~ $lost;
		\%states;
	} @running;
}

sub nothing_broke
{
	my ($name, $states) = @_;
	is(join(' ', grep { /^XX|^40P01|lost/ } sort keys %$states), '', "$name: no insides, no deadlock, no crash")
	  or diag(join ' ', map { "$_: $states->{$_}" } sort keys %$states);
}

sub server_is_up
{
	my ($name, $offset) = @_;
	my $log = slurp_file($node->logfile, $offset);
	is(join("\n", $log =~ /(.*(?:was terminated by signal|TRAP:|PANIC:).*)/g), '', "$name: no process of the server died");
	$node->poll_query_until('postgres', 'SELECT true') or BAIL_OUT('the server is gone');
}

# A column that refers to a user, which comes and goes; the table of which comes and goes
my $offset = -s $node->logfile;
my (undef, $states) = run_together(
	8,
	[
		'referrer', 'CREATE TABLE m.f0 (x int REFERENCES nextauth.users, y int)',
		'ALTER TABLE m.f0 DROP COLUMN x', 'DROP TABLE m.f0'
	],
	[ 'reader', q{SELECT * FROM nextauth.plan_convert_ids('text')} ]);
nothing_broke('a column that is dropped, for who only reads', $states);
server_is_up('a column that is dropped', $offset);

$offset = -s $node->logfile;
(undef, $states) = run_together(
	8,
	[
		'referrer',
		'CREATE TABLE m.p (x int REFERENCES nextauth.users, y int) PARTITION BY LIST (y)',
		'CREATE TABLE m.p1 PARTITION OF m.p FOR VALUES IN (1)',
		'ALTER TABLE m.p DETACH PARTITION m.p1',
		'ALTER TABLE m.p1 ADD CHECK (x > 0)',
		'CREATE INDEX ON m.p1 (x) WHERE x > 1',
		'ALTER TABLE m.p1 RENAME COLUMN x TO z',
		'DROP TABLE m.p, m.p1'
	],
	[ 'author', q{SELECT * FROM nextauth.plan_convert_ids('text')}, q{SELECT * FROM nextauth.plan_convert_ids('bigint')} ]);
nothing_broke('partitions', $states);
server_is_up('partitions', $offset);

# The models' own tables
my @churn = (
	q{SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}', '{"checks": [{"name": "c", "expression": "nick <> ''''"}]}')},
	q{SELECT nextauth.drop_properties('User', 'nick')},
	'ALTER TABLE nextauth.users ADD COLUMN extra text DEFAULT now()::text',
	'CREATE INDEX extra ON nextauth.users (extra) WHERE extra IS NOT NULL',
	'ALTER TABLE nextauth.users DROP COLUMN extra',
	'CREATE SCHEMA aside', 'CREATE VIEW aside.v AS SELECT * FROM nextauth.users',
	'ALTER TABLE nextauth.sessions SET SCHEMA aside', 'ALTER TABLE aside.sessions SET SCHEMA nextauth',
	'DROP VIEW aside.v', 'DROP SCHEMA aside',
	q{SELECT nextauth.add_adapter('pg')}, q{SELECT nextauth.drop_adapter('nextauth_pg')});
my @plans = (
	q{SELECT * FROM nextauth.plan_model('User', '{"nick": {"type": "varchar", "unique": true, "default": "x"}}', '{"checks": [{"expression": "nick <> ''''"}]}')},
	q{SELECT * FROM nextauth.plan_convert_ids('text')}, 'SELECT * FROM nextauth.check_models()',
	'SELECT * FROM nextauth.model_columns', 'SELECT nextauth.entity_schemas()', 'SELECT * FROM nextauth.adapters',
	q{SELECT nextauth.describe_model('prisma')}, 'SELECT * FROM nextauth.custom_models');
$offset = -s $node->logfile;
my ($writes, $reading, $owner) = run_together(10, [ 'author', @churn ], [ 'reader', @plans ], [ 'author', @plans ]);
nothing_broke('models that change, for who changes them', $writes);
nothing_broke('models that change, for who only reads', $reading);
nothing_broke('models that change, for their owner', $owner);
server_is_up('models that change', $offset);

# A table that is made anew
$offset = -s $node->logfile;
(undef, $reading, $owner) = run_together(
	8,
	[
		'author', 'DROP TABLE nextauth.verification_requests', 'SELECT nextauth.install()',
		'DROP TABLE nextauth.sessions', 'SELECT nextauth.install()'
	],
	[ 'reader', @plans, q{SELECT * FROM nextauth.plan_model('Session', '{"nick": {"type": "text", "nullable": true}}')} ],
	[
		'author', q{SELECT * FROM nextauth.plan_model('VerificationRequest', '{"nick": {"type": "text", "nullable": true}}')},
		q{SELECT * FROM nextauth.extend_model('Session', '{"nick": {"type": "text", "nullable": true}}')},
		q{SELECT * FROM nextauth.convert_ids('integer')}
	]);
nothing_broke('tables that are made anew, for who only reads', $reading);
nothing_broke('tables that are made anew, for their owner', $owner);
server_is_up('tables that are made anew', $offset);
$node->safe_psql('postgres', 'SELECT nextauth.install()', extra_params => [ '-U', 'author' ]);

# A table that has become a view: by a rule, or by being dropped and made as one
$node->safe_psql('postgres', 'CREATE DATABASE views');
$node->safe_psql(
	'views', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	ALTER TABLE nextauth.sessions OWNER TO author;
	GRANT USAGE, CREATE ON SCHEMA nextauth TO author;
	GRANT USAGE ON SCHEMA nextauth TO reader});
my $becomes_view = $version < 160000
  ? q{DO $$ DECLARE c name; BEGIN
		FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'nextauth.sessions'::regclass LOOP
			EXECUTE format('ALTER TABLE nextauth.sessions DROP CONSTRAINT %I', c);
		END LOOP;
	END $$;
	VACUUM nextauth.sessions;
	CREATE TABLE nextauth.later (LIKE nextauth.sessions);
	CREATE RULE "_RETURN" AS ON SELECT TO nextauth.sessions DO INSTEAD SELECT * FROM nextauth.later}
  : q{ALTER TABLE nextauth.sessions RENAME TO later; CREATE VIEW nextauth.sessions AS SELECT * FROM nextauth.later};
$node->safe_psql('views', $becomes_view, extra_params => [ '-U', 'author' ]);
is( $node->safe_psql('views', q{SELECT relkind FROM pg_class WHERE oid = 'nextauth.sessions'::regclass}),
	'v', 'a table of a model has become a view');
$offset = -s $node->logfile;
for my $call (
	q{SELECT * FROM nextauth.plan_model('Session', '{"nick": {"type": "text"}}')},
	q{SELECT * FROM nextauth.plan_model('Session', '{"nick": {"type": "text", "nullable": true, "unique": true}}', '{"checks": [{"expression": "nick <> ''''"}]}')},
	q{SELECT * FROM nextauth.extend_model('Session', '{"nick": {"type": "text"}}')},
	q{SELECT * FROM nextauth.plan_convert_ids('text')},
	q{SELECT * FROM nextauth.convert_ids('text')},
	q{SELECT * FROM nextauth.add_adapter('pg')},
	q{SELECT nextauth.grant_adapter('reader')},
	q{SELECT * FROM nextauth.check_models()},
	q{SELECT * FROM nextauth.model_columns},
	q{SELECT nextauth.entity_schemas()},
	q{SELECT nextauth.describe_model('typeorm')},
	q{SELECT * FROM nextauth.install()},
	q{SELECT nextauth.adopt_model('Session', 'nextauth.sessions'::regclass)},
	q{CALL nextauth.extend_model_online('Session', '{"nick": {"type": "text", "default": "x"}}')},
	q{ALTER VIEW nextauth.sessions RENAME COLUMN user_id TO u},
	q{ALTER TABLE nextauth.sessions RENAME TO s; ALTER TABLE nextauth.s RENAME TO sessions},
	q{DROP VIEW nextauth.sessions})
{
	for my $role ('author', 'reader')
	{
		my ($rc, $stdout, $stderr) =
		  $node->psql('views', "\\set VERBOSITY sqlstate\nBEGIN;\n$call;\nROLLBACK;", on_error_stop => 0, extra_params => [ '-U', $role ]);
		unlike($stderr, qr/XX\d{3}|server closed|connection to server/, "a view, as $role: $call");
		$node->poll_query_until('views', 'SELECT true') or BAIL_OUT('the server is gone');
	}
}
server_is_up('a view', $offset);

# In the order in which others lock
sub start_psql
{
	my ($role) = @_;
	my %psql = (in => "\\set VERBOSITY sqlstate\n", out => '', err => '');
	$psql{run} = IPC::Run::start([ 'psql', '-XqAt', '-U', $role, '-d', $node->connstr('postgres') ],
		'<', \$psql{in}, '>', \$psql{out}, '2>', \$psql{err}, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%psql;
}

sub run_in
{
	my ($psql, $sql) = @_;
	my $mark = 'done' . ++$psql->{marks};
	$psql->{in} .= "$sql;\n\\echo $mark\n";
	$psql->{run}->pump until $psql->{out} =~ /$mark/;
}

sub ask
{
	my ($psql, @statements) = @_;
	$psql->{in} .= join('', map { "$_;\n" } @statements, 'ROLLBACK') . "\\q\n";
	$psql->{run}->pump_nb while length $psql->{in};
}

# Two that lock two things each, in both orders: the one of the two that calls the extension is not the one that fails. Who
# is the first to look for a deadlock is it; here that is who calls.
$node->safe_psql('postgres', q{ALTER ROLE author SET deadlock_timeout = '300ms'; CREATE ROLE colleague SUPERUSER LOGIN});
my $add_column = 'ALTER TABLE nextauth.%s ADD COLUMN z integer';
my $adapter = q{SELECT nextauth.add_adapter('pg')};
my $nick = q{SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')};
my $owner_id = q{SELECT nextauth.extend_model('Session', '{"ownerId": {"type": "int", "nullable": true}}')};
my $foreign_key = q{'Session', '{"ownerId": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}'};
for my $case (
	[
		'drop_adapter() against ALTER TABLE of two tables', $adapter,
		[ map { sprintf $add_column, $_ } qw(accounts users) ], q{SELECT FROM nextauth.drop_adapter('nextauth_pg')}
	],
	[
		'drop_adapter() against ALTER TABLE of all tables', $adapter,
		[ map { sprintf $add_column, $_ } qw(verification_requests sessions accounts users) ],
		q{SELECT FROM nextauth.drop_adapter('nextauth_pg')}
	],
	[
		'drop_adapter() against ALTER VIEW and ALTER TABLE', $adapter,
		[ 'ALTER VIEW nextauth_pg.accounts SET (security_barrier)', sprintf($add_column, 'users') ],
		q{SELECT FROM nextauth.drop_adapter('nextauth_pg')}
	],
	[
		'add_adapter() against ALTER VIEW and ALTER TABLE', $adapter,
		[ 'ALTER VIEW nextauth_pg.sessions SET (security_barrier)', map { sprintf $add_column, $_ } qw(sessions users) ],
		q{SELECT FROM nextauth.add_adapter('neon')}
	],
	[
		'plan_model() against ALTER TABLE and DROP TABLE', $owner_id,
		[ sprintf($add_column, 'users'), 'DROP TABLE nextauth.sessions' ],
		"SELECT FROM nextauth.plan_model($foreign_key)"
	],
	[
		'plan_model() against DROP TABLE and ALTER TABLE', $owner_id,
		[ 'DROP TABLE nextauth.sessions', sprintf($add_column, 'users') ],
		"SELECT FROM nextauth.plan_model($foreign_key)"
	],
	[
		'extend_model() against ALTER TABLE of two tables', $owner_id,
		[ map { sprintf $add_column, $_ } qw(users sessions) ],
		"SELECT FROM nextauth.extend_model($foreign_key)"
	],
	[
		'plan_convert_ids() against ALTER TABLE of two tables', '',
		[ map { sprintf $add_column, $_ } qw(sessions users) ], q{SELECT FROM nextauth.plan_convert_ids('text')}
	],
	[
		'convert_ids() against ALTER TABLE of two tables', '',
		[ map { sprintf $add_column, $_ } qw(sessions accounts users) ], q{SELECT FROM nextauth.convert_ids('text')}
	],
	[
		'check_models() against ALTER TABLE of two tables', $adapter,
		[ map { sprintf $add_column, $_ } qw(sessions accounts users) ],
		'SELECT FROM nextauth.check_models(); SELECT * FROM nextauth.model_columns; SELECT FROM nextauth.check_models()'
	],
	[
		'rename_property() against ALTER VIEW and ALTER TABLE', "$adapter; $nick",
		[ 'ALTER VIEW nextauth_pg.users SET (security_barrier)', sprintf($add_column, 'users') ],
		q{SELECT FROM nextauth.rename_property('User', 'nick', 'handle')}
	],
	[
		'drop_properties() against ALTER VIEW and ALTER TABLE', "$adapter; $nick",
		[ 'ALTER VIEW nextauth_pg.users SET (security_barrier)', sprintf($add_column, 'users') ],
		q{SELECT FROM nextauth.drop_properties('User', 'nick')}
	])
{
	my ($name, $before, $others, $ours) = @$case;

	$node->safe_psql('postgres', $before, extra_params => [ '-U', 'author' ]) if $before;
	for my $round (1 .. scalar @$others)
	{
		my $other = start_psql('colleague');
		my $our = start_psql('author');
		my @rest = @$others;

		# The others have come so far when we call, and go on meanwhile; who waits for whom is left to chance
		run_in($other, 'BEGIN');
		run_in($other, shift @rest) for 1 .. $round;
		run_in($our, 'BEGIN');
		ask($our, $ours);
		usleep(100_000);
		ask($other, map { ($_, 'SELECT pg_sleep(0.1)') } @rest);
		$our->{run}->finish;
		$other->{run}->finish;
		unlike($our->{err}, qr/40P01|XX\d{3}/, "$name, after $round: no deadlock for the caller");
	}
	$node->safe_psql('postgres', q{SELECT nextauth.drop_adapter(schema) FROM nextauth.adapters WHERE schema = 'nextauth_pg'}, extra_params => [ '-U', 'author' ]);
}

# The same by chance
$node->safe_psql(
	'postgres', qq{
	ALTER ROLE author SET deadlock_timeout = '5ms';
	$owner_id;
	INSERT INTO nextauth.sessions (user_id, owner_id, expires, session_token, access_token)
	SELECT 1, 1, 'infinity', i, i FROM generate_series(1, 1000) i});
for my $case (
	[ 'ALTER TABLE and DROP TABLE', sprintf($add_column, 'users'), 'DROP TABLE nextauth.sessions' ],
	[ 'DROP TABLE and ALTER TABLE', 'DROP TABLE nextauth.sessions', sprintf($add_column, 'users') ])
{
	my ($name, @others) = @$case;
	my (undef, $states) = run_together(
		5,
		[ 'colleague', 'BEGIN', @others, 'ROLLBACK' ],
		[
			'author', "SELECT FROM nextauth.plan_model($foreign_key)",
			q{SELECT FROM nextauth.plan_model('Session', '{"userId": {"type": "int"}, "accessToken": {"type": "varchar", "length": 20, "unique": true}}')},
			q{SELECT FROM nextauth.plan_convert_ids('text')}, 'SELECT FROM nextauth.check_models()'
		]);
	nothing_broke("plans against $name", $states);
}

$node->stop;
done_testing();
