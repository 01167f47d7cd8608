# extend_model_online() on a filled table: it makes what extend_model() makes, keeps nobody waiting, and, interrupted at
# whatever point and in whatever way, leaves nothing invalid and is finished by another call.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);

my $rows = 3000;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf(
	'postgresql.conf', q{
	nextauth.max_scan_rows = 100
	nextauth.lock_retry_delay = 50
	restart_after_crash = on
	autovacuum = off
});
$node->start;

# A database to copy. What its functions wait for is said by the caller's setting app.wait, which reaches the worker.
$node->safe_psql('postgres', 'CREATE DATABASE filled');
$node->safe_psql(
	'filled', qq{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '\@example.com' FROM generate_series(1, $rows) i;
	ANALYZE nextauth.users;

	CREATE SCHEMA app;
	CREATE SEQUENCE app.calls;
	CREATE FUNCTION app.token() RETURNS uuid LANGUAGE plpgsql AS \$\$
	BEGIN
		IF pg_catalog.current_setting('app.wait', true) = 'fill' AND pg_catalog.nextval('app.calls') = $rows / 2 THEN
			PERFORM pg_catalog.pg_sleep(600);
		ELSIF pg_catalog.current_setting('app.wait', true) = 'rows' THEN
			PERFORM pg_catalog.pg_sleep(0.001);
		END IF;
		RETURN pg_catalog.gen_random_uuid();
	END \$\$;
	CREATE FUNCTION app.is_good(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS \$\$
	BEGIN
		IF id = $rows / 2 AND pg_catalog.current_setting('app.wait', true) = 'validate' AND EXISTS
			(SELECT FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid() AND query ~ 'VALIDATE')
		THEN
			PERFORM pg_catalog.pg_sleep(600);
		END IF;
		RETURN true;
	END \$\$;
	CREATE TABLE app.groups (id integer PRIMARY KEY);
	INSERT INTO app.groups SELECT generate_series(1, 10);
});

my $databases = 0;

sub copy_database
{
	my ($template) = @_;
	my $db = 'copy' . ++$databases;
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE " . ($template // 'filled'));
	return $db;
}

# psql in the background, with one statement after the other
sub start_psql
{
	my ($db, @statements) = @_;
	my %psql = (in => '', out => '', err => '');
	$psql{run} = IPC::Run::start(
		[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($db), map { ('-c', $_) } @statements ],
		'<', \$psql{in}, '>', \$psql{out}, '2>', \$psql{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%psql;
}

# One that has run a statement and then does nothing, in its transaction
sub start_idle_psql
{
	my ($db, $sql) = @_;
	my $psql = start_psql($db);
	$psql->{in} = "$sql;\n\\echo ready\n";
	$psql->{run}->pump until $psql->{out} =~ /ready/;
	return $psql;
}

# Returns what it said on standard error
sub finish_psql
{
	my ($psql) = @_;
	$psql->{run}->finish;
	return $psql->{err};
}

# A server that was started meanwhile holds its standard input open, so it has to be told to go
sub finish_idle_psql
{
	my ($psql, $sql) = @_;
	$psql->{in} .= ($sql ? "$sql;\n" : '') . "\\q\n";
	return finish_psql($psql);
}

sub call
{
	my ($columns, $options) = @_;
	$options //= '{}';
	return qq{CALL nextauth.extend_model_online('User', '$columns', '$options')};
}

sub plain_call
{
	my ($columns, $options) = @_;
	$options //= '{}';
	return qq{SELECT DISTINCT action FROM nextauth.extend_model('User', '$columns', '$options')};
}

# All that a call makes, but for what each row got
my $describe = q{
	SELECT jsonb_pretty(nextauth.entity_schema('User'));
	SELECT property, column_name, type, options FROM nextauth.custom_column ORDER BY property;
	SELECT attname, format_type(atttypid, atttypmod), attnotnull, attcollation, pg_get_expr(adbin, adrelid)
	FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
	WHERE attrelid = 'nextauth.users'::regclass AND attnum > 0 ORDER BY attnum;
	SELECT conname, contype, convalidated, condeferrable, condeferred, pg_get_constraintdef(oid)
	FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass ORDER BY conname;
	SELECT indexrelid::regclass, indisvalid, indisready, indisunique, indimmediate, pg_get_indexdef(indexrelid)
	FROM pg_index WHERE indrelid = 'nextauth.users'::regclass ORDER BY 1;
	SELECT enumtypid::regtype, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder;
	SELECT * FROM nextauth.check_models();
};

# What nobody wants to find
my $invalid = q{
	SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid OR NOT indisready;
	SELECT conname FROM pg_constraint WHERE NOT convalidated OR conname LIKE 'nextauth%';
};

#
# It makes what extend_model() makes
#

# What it is, columns, options, by what extend_model() has to be prepared, and a query on the rows with its result
my @cases = (
	[
		'a volatile default', '{"publicId": {"generated": "uuid"}}', undef, '',
		'SELECT count(DISTINCT public_id) FROM nextauth.users', $rows
	],
	[
		'a volatile default that may be null',
		'{"token": {"type": "uuid", "nullable": true, "defaultExpression": "app.token()"}}', undef, '',
		'SELECT count(DISTINCT token) FROM nextauth.users', $rows
	],
	[ 'unique on a filled column', '{"name": {"type": "varchar", "nullable": true, "unique": true}}' ],
	[
		'unique of a name of its own', '{"name": {"type": "varchar", "nullable": true}}',
		'{"uniques": [{"name": "one_name", "columns": ["name"]}]}'
	],
	[
		'a deferrable unique of two columns', '{}',
		'{"uniques": [{"columns": ["name", "email"], "deferrable": "INITIALLY DEFERRED"}]}'
	],
	[
		'NOT NULL', '{"nick": {"type": "text"}}', undef,
		q{SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
		  UPDATE nextauth.users SET nick = name}
	],
	[
		'NOT NULL with a default', '{"nick": {"type": "text", "default": "nobody"}}', undef,
		q{SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
		  UPDATE nextauth.users SET nick = name WHERE id % 2 = 0},
		q{SELECT nick = 'nobody', count(*) FROM nextauth.users GROUP BY 1 ORDER BY 1},
		"f|" . $rows / 2 . "\nt|" . $rows / 2,
		q{UPDATE nextauth.users SET nick = 'nobody' WHERE nick IS NULL}
	],
	[
		'two long columns, alike',
		'{"' . 'a' x 62 . '1": {"generated": "uuid"}, "' . 'a' x 62 . '2": {"generated": "uuid"}}'
	],
	[
		'a foreign key',
		'{"groupId": {"type": "int", "nullable": true, "foreignKey": {"target": "app.groups", "onDelete": "CASCADE"}}}',
		undef,
		q{SELECT nextauth.extend_model('User', '{"groupId": {"type": "int", "nullable": true}}');
		  UPDATE nextauth.users SET group_id = id % 10 + 1}
	],
	[ 'a check', '{}', '{"checks": [{"name": "has_name", "expression": "length(name) > 3"}]}' ],
	[
		'indices', '{}',
		'{"indices": [{"columns": ["name"]}, {"columns": ["name"], "where": "id > 5", "unique": true}]}'
	],
	[
		'a label that is the default',
		'{"role": {"enum": ["user", "admin", "guest"], "default": "guest"}}', undef,
		q{SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}')}, undef, undef,
		q{SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin", "guest"], "default": "user"}}')}
	],
	[
		'nothing slow', '{"phoneNumber": {"type": "varchar", "nullable": true, "comment": "E.164"}, "n": {"type": "int", "default": 1}}'
	],
	[
		'several at once',
		'{"name": {"type": "varchar", "nullable": true, "unique": true},
		  "token": {"type": "uuid", "unique": true, "comment": "once", "defaultExpression": "app.token()"},
		  "nick": {"type": "text", "nullable": true},
		  "invitedBy": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}},
		  "plan": {"enum": ["free", "pro"], "default": "free"}}',
		'{"indices": [{"columns": ["nick", "name"]}], "checks": [{"expression": "id > 0"}]}'
	]);

for my $case (@cases)
{
	my ($name, $columns, $options, $before, $query, $result, $by_hand) = @$case;
	my ($online, $plain) = (copy_database(), copy_database());

	$node->safe_psql($_, $before) for $before ? ($online, $plain) : ();
	$node->safe_psql($online, call($columns, $options));
	is($node->safe_psql($online, $query), $result, "$name: the rows are filled") if $query;
	unlike($node->safe_psql($online, plain_call($columns, $options)), qr/added|altered|adopted/, "$name: done");
	is($node->safe_psql($online, $invalid), '', "$name: nothing is left behind");

	$node->safe_psql($plain, 'SET nextauth.max_scan_rows = 100000; ' . ($by_hand // '') . '; ' . plain_call($columns, $options));
	is($node->safe_psql($online, $describe), $node->safe_psql($plain, $describe), "$name: is what extend_model() makes");
	is($node->safe_psql($online, call($columns, $options) . '; SELECT 1'), 1, "$name: again");
	$node->safe_psql('postgres', "DROP DATABASE $_") for $online, $plain;
}

# An index is replaced: the old one is there until the new one is, which has all that was set for it by hand
{
	my $db = copy_database();
	$node->safe_psql(
		$db, q{
		SELECT nextauth.extend_model('User', '{"nr": {"type": "int", "generated": "increment"}}');
		SELECT nextauth.extend_model('User', '{}',
			'{"indices": [{"name": "nr_u", "columns": ["nr"], "unique": true}], "uniques": [{"name": "nr_id", "columns": ["nr", "id"]}]}');
		ALTER INDEX nextauth.nr_u SET (fillfactor = 70);
		ALTER TABLE nextauth.users REPLICA IDENTITY USING INDEX nr_u, CLUSTER ON nr_u;
		COMMENT ON INDEX nextauth.nr_u IS 'numbers';
		COMMENT ON CONSTRAINT nr_id ON nextauth.users IS 'both';
		CREATE PUBLICATION users FOR TABLE nextauth.users;
	} =~ s/^\s*SELECT/SET nextauth.allow_rewrite = on; SET nextauth.max_scan_rows = 100000; SELECT/r);
	my $indexes = q{
		SELECT indexrelid::regclass, indisvalid, indisreplident, indisclustered, reloptions, obj_description(c.oid, 'pg_class'),
			pg_get_indexdef(c.oid), pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint')
		FROM pg_index JOIN pg_class c ON c.oid = indexrelid LEFT JOIN pg_constraint k ON conindid = c.oid AND contype <> 'f'
		WHERE indrelid = 'nextauth.users'::regclass ORDER BY relname COLLATE "C"};
	my @replaced = ('{}', q{{"indices": [{"name": "nr_u", "columns": ["nr", "createdAt"], "unique": true}],
		"uniques": [{"name": "nr_id", "columns": ["id", "nr"], "deferrable": "INITIALLY DEFERRED"}]}});

	my $blocking = start_idle_psql($db, 'BEGIN; UPDATE nextauth.users SET name = name WHERE id = 1');
	my $caller = start_psql($db, call(@replaced));
	worker_does($db, 'CREATE UNIQUE INDEX');
	my $old = $node->safe_psql($db, $indexes);
	like($old, qr/^nextauth.nr_u\|t\|t\|t\|/m, 'an index is there while the one is built that replaces it');
	$node->safe_psql($db, 'UPDATE nextauth.users SET name = name WHERE id = 2');
	kill 9, backends('extend_model_online');
	finish_psql($caller);
	finish_idle_psql($blocking);
	$node->poll_query_until('postgres', 'SELECT true');
	like($node->safe_psql($db, 'SELECT finding FROM nextauth.check_models()'), qr/\Aindex "nextauth_index_\w+": left by/,
		'check_models() finds what a crash left');
	$node->safe_psql($db, call(@replaced));
	is( $node->safe_psql($db, $indexes), join(
			"\n",
			'nextauth."PK_a3ffb1c0c8416b9fc6f907b7433"|t|f|f|||CREATE UNIQUE INDEX "PK_a3ffb1c0c8416b9fc6f907b7433" ON nextauth.users USING btree (id)|PRIMARY KEY (id)|',
			'nextauth."UQ_97672ac88f789774dd47f7c8be3"|t|f|f|||CREATE UNIQUE INDEX "UQ_97672ac88f789774dd47f7c8be3" ON nextauth.users USING btree (email)|UNIQUE (email)|',
			'nextauth.nr_id|t|f|f|||CREATE UNIQUE INDEX nr_id ON nextauth.users USING btree (id, nr)|UNIQUE (id, nr) DEFERRABLE INITIALLY DEFERRED|both',
			'nextauth.nr_u|t|t|t|{fillfactor=70}|numbers|CREATE UNIQUE INDEX nr_u ON nextauth.users USING btree (nr, created_at) WITH (fillfactor=\'70\')||'),
		'and another call replaces it, with all that it has');
	is($node->safe_psql($db, 'SELECT * FROM nextauth.check_models()'), '', 'nothing is left behind');
	$node->safe_psql($db, 'UPDATE nextauth.users SET name = name WHERE id = 3');
	unlike($node->safe_psql($db, plain_call(@replaced)), qr/added|altered/, 'it is what extend_model() makes');

	# The replica identity is refused to be lost, before anything is done
	my (undef, undef, $stderr) = $node->psql($db, call('{}', '{"indices": [{"name": "nr_u", "columns": ["nr"]}]}'));
	like($stderr, qr/ERROR:  table "users" would lose its replica identity, index "nr_u"/, 'the replica identity is not lost');
}

# An index that somebody's own CREATE INDEX CONCURRENTLY left invalid, or DROP INDEX CONCURRENTLY dead
for my $state ('indisvalid = false', 'indisvalid = false, indisready = false, indislive = false')
{
	my $db = copy_database();
	my $name = $node->safe_psql(
		$db, q{SELECT substring(statement FROM '"(UQ_\w+)"')
		FROM nextauth.plan_model('User', '{"name": {"type": "varchar", "nullable": true, "unique": true}}')});
	my $left = sub {
		my ($index, $columns) = @_;
		$node->safe_psql(
			$db, qq{CREATE UNIQUE INDEX "$index" ON nextauth.users ($columns);
			UPDATE pg_index SET $state WHERE indexrelid = 'nextauth."$index"'::regclass});
	};
	$left->($name, 'id');
	$left->('one', 'name');
	$left->('two', 'name, id');
	is($node->safe_psql($db, q{SELECT count(*) FROM nextauth.check_models() WHERE finding ~ 'invalid, left by'}), 3, "$state: is found");
	$node->safe_psql(
		$db, call('{"name": {"type": "varchar", "nullable": true, "unique": true}}',
			'{"indices": [{"name": "one", "columns": ["name"]}], "uniques": [{"name": "two", "columns": ["name", "id"]}]}'));
	is($node->safe_psql($db, 'SELECT * FROM nextauth.check_models()'), '', "$state: is in nobody's way");

	# also where another step rewrites the table, and all is left to one transaction
	$left->('three', 'id');
	$node->safe_psql($db, 'SET nextauth.allow_rewrite = on; SET nextauth.max_scan_rows = 100000; '
		  . call('{"nr": {"type": "int", "generated": "increment"}}', '{"uniques": [{"name": "three", "columns": ["nr"]}]}'));
	is($node->safe_psql($db, 'SELECT * FROM nextauth.check_models()'), '', "$state: nor where a table is rewritten");
}

# A deadlock with somebody who comes to wait for the index: the build is tried again
{
	my $db = copy_database();
	my $other = start_idle_psql($db, q{SET deadlock_timeout = '10min'; BEGIN; UPDATE nextauth.users SET name = name WHERE id = 1});
	my $caller = start_psql($db, q{SET deadlock_timeout = '3s'}, call('{"name": {"type": "varchar", "nullable": true, "unique": true}}'));
	worker_does($db, 'CREATE UNIQUE INDEX');
	$node->poll_query_until($db, q{SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for writers before build'});
	$other->{in} = "LOCK TABLE nextauth.users IN SHARE ROW EXCLUSIVE MODE;\n\\echo locked\n";
	$other->{run}->pump until $other->{out} =~ /locked/;
	finish_idle_psql($other, 'COMMIT');
	like(finish_psql($caller), qr/\ANOTICE:  extended model "User": \{"UQ_\w+": "added"\}\nNOTICE: .*\n\z/, 'a deadlock does not end the call');
	ok($node->poll_query_until($db, "SELECT deadlocks = 1 FROM pg_stat_database WHERE datname = '$db'"), 'and there was one');
	is($node->safe_psql($db, 'SELECT * FROM nextauth.check_models()'), '', 'and the index is valid');
}

# The history has the statements as they ran
my $db = copy_database();
$node->safe_psql($db, call('{"publicId": {"generated": "uuid", "unique": true}}'));
my $statements = $node->safe_psql($db, q{SELECT unnest(statements) FROM nextauth.model_change ORDER BY version});
like(
	$statements,
	qr/\A
	ALTER\ TABLE\ nextauth.users\ ADD\ COLUMN\ public_id\ \S*uuid,\ ALTER\ COLUMN\ public_id\ SET\ DEFAULT\ \S+\n
	UPDATE\ nextauth.users\ SET\ public_id\ =\ DEFAULT\ .*\n
	ALTER\ TABLE\ nextauth.users\ ADD\ CONSTRAINT\ (nextauth_not_null_\w+)\ CHECK\ \(public_id\ IS\ NOT\ NULL\)\ NOT\ VALID\n
	ALTER\ TABLE\ nextauth.users\ VALIDATE\ CONSTRAINT\ \1\n
	(.*SET\ NOT\ NULL\n)?
	CREATE\ UNIQUE\ INDEX\ CONCURRENTLY\ ("UQ_\w+").*\n
	(.*SET\ NOT\ NULL.*\n)?
	ALTER\ TABLE\ nextauth.users\ (ALTER.*\ )?ADD\ CONSTRAINT\ \3\ UNIQUE\ USING\ INDEX\ \3\n
	ALTER\ TABLE\ nextauth.users\ DROP\ CONSTRAINT\ \1\z/x,
	'history: every statement, in order');

# What is on a column of which the type changes, which may not be done online, comes after that
my @convert = ('{"code": {"type": "text", "unique": true}}',
	'{"indices": [{"columns": ["code", "id"]}], "checks": [{"expression": "length(code) > 0"}]}');
$node->safe_psql($db, q{SELECT nextauth.extend_model('User', '{"code": {"type": "int", "nullable": true}}')});
$node->safe_psql($db, 'UPDATE nextauth.users SET code = id');
$node->safe_psql($db, 'SET nextauth.max_scan_rows = 100000; ' . call(@convert));
unlike($node->safe_psql($db, plain_call(@convert)), qr/added|altered|adopted/, 'a column is converted first');

# Rows of a table that inherits are filled as well; a default that is null is none that was not filled
$db = copy_database();
$node->safe_psql($db, q{CREATE TABLE app.guests () INHERITS (nextauth.users); INSERT INTO app.guests (name) VALUES ('a'), ('b')});
$node->safe_psql($db, call('{"token": {"type": "uuid", "defaultExpression": "app.token()"}}'));
is($node->safe_psql($db, 'SELECT count(DISTINCT token) FROM nextauth.users'), $rows + 2, 'a child is filled');
$node->safe_psql($db,
	call('{"maybe": {"type": "int", "nullable": true, "defaultExpression": "nullif((random() * 2)::int, 1)"}}'));
is( $node->safe_psql($db, q{SELECT count(*) BETWEEN 1 AND 2999 FROM nextauth.users WHERE maybe IS NULL;
	SELECT * FROM nextauth.check_models()}), 't', 'a default may be null');

#
# It keeps nobody waiting, and shows what it does
#

my $slow = call('{"token": {"type": "uuid", "defaultExpression": "app.token()"},
	"name": {"type": "varchar", "nullable": true, "unique": true}}');

# Reads and writes like an application, and waits for no lock long: lock_timeout says so, and safe_psql() dies of it.
# Returns how often.
sub use_application
{
	my ($db, $until) = @_;
	my $uses = 0;

	do
	{
		$node->safe_psql(
			$db, qq{
			SET lock_timeout = '2s';
			INSERT INTO nextauth.users (name, email) VALUES ('new ' || $uses, 'new$uses\@example.com');
			UPDATE nextauth.users SET updated_at = now() WHERE id = 1 + $uses * 97 % $rows;
			UPDATE nextauth.users SET image = 'x' WHERE email = 'new$uses\@example.com';
			SELECT * FROM nextauth.users WHERE id = 1 + $uses * 89 % $rows;
			INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
			VALUES ($uses, 'infinity', 's$uses', 'a$uses');
		});
		$uses++;
	} until $until->();
	return $uses;
}

sub worker_does
{
	my ($db, $what) = @_;
	return $node->poll_query_until(
		'postgres', qq{
		SELECT count(*) = 1 FROM pg_stat_activity
		WHERE backend_type = 'extend_model_online' AND datname = '$db' AND query ~ '$what'});
}

my $working = q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'extend_model_online'};
$db = copy_database();
my $caller = start_psql($db, 'SET nextauth.batch_rows = 100', "SET app.wait = 'rows'", $slow);
ok( worker_does($db, '^nextauth.extend_model_online: filling column "token" of table "users", block [1-9]\d* of \d+, [1-9]\d* rows filled$'),
	'pg_stat_activity shows how far the filling is');
my $uses = use_application($db, sub { $node->safe_psql('postgres', $working) == 0 });
is(finish_psql($caller) =~ /ERROR/, '', 'the table is extended while it is used');
cmp_ok($uses, '>', 0, "an application used it $uses times, and did not wait long");
is( $node->safe_psql($db, 'SELECT count(*) - count(DISTINCT token), count(*) > 3000 FROM nextauth.users'),
	'0|t', 'the rows that came meanwhile are filled');

# A long-running reader delays it, and nobody else
$db = copy_database();
my $reader = start_idle_psql($db, 'BEGIN; SELECT count(*) FROM nextauth.users');
$caller = start_psql($db, $slow);
ok(worker_does($db, '^nextauth.extend_model_online: locking table "users"$'), 'pg_stat_activity shows the wait for a lock');
my $end = time + 2;
cmp_ok(use_application($db, sub { time > $end }), '>', 0, 'a reader in the way keeps nobody else waiting');
finish_idle_psql($reader, 'COMMIT');
is(finish_psql($caller) =~ /ERROR/, '', 'and delays it');

# Several calls at once wait for each other
$db = copy_database();
my @callers = map { start_psql($db, $slow) } 1 .. 4;
is(join('', map { finish_psql($_) =~ /ERROR.*/ } @callers), '', 'several callers at once');
is($node->safe_psql($db, "$invalid; SELECT count(DISTINCT token) FROM nextauth.users"), $rows, 'and all is done once');

#
# Interrupted
#

my @definition = (
	'{"token": {"type": "uuid", "unique": true, "defaultExpression": "app.token()"},
	  "name": {"type": "varchar", "nullable": true, "unique": true},
	  "nick": {"type": "text", "nullable": true}}',
	'{"checks": [{"name": "is_good", "expression": "app.is_good(id)"}]}');
my $plain = copy_database();
$node->safe_psql($plain, 'SET nextauth.max_scan_rows = 100000; ' . plain_call(@definition));
my $described = $node->safe_psql($plain, $describe);

# The caller's error, and whether the server crashes
my %interruptions = (
	'cancel the caller' => [ sub { signal_backend('pg_cancel_backend', 'client backend') }, 'canceling statement' ],
	'terminate the caller' => [ sub { signal_backend('pg_terminate_backend', 'client backend') }, 'terminating connection' ],
	'cancel the worker' => [ sub { signal_backend('pg_cancel_backend', 'extend_model_online') }, 'canceling statement' ],
	'terminate the worker' => [ sub { signal_backend('pg_terminate_backend', 'extend_model_online') }, 'canceling statement' ],
	'statement_timeout' => [ sub { }, 'statement timeout' ],
	'shut down fast' => [ sub { $node->stop('fast'); $node->start }, '.' ],
	'shut down immediately' => [ sub { $node->stop('immediate'); $node->start }, '.', 1 ],
	'kill the worker' => [ sub { kill 9, backends('extend_model_online') }, '.', 1 ],
	'kill the caller' => [ sub { kill 9, backends('client backend') }, '.', 1 ]);

sub backends
{
	my ($type) = @_;
	return split /\n/, $node->safe_psql('postgres', qq{
		SELECT pid FROM pg_stat_activity
		WHERE backend_type = '$type' AND query ~ '(CALL |^)nextauth.extend_model_online|CONCURRENTLY|VALIDATE'
		  AND pid <> pg_backend_pid()});
}

sub signal_backend
{
	my ($function, $type) = @_;
	is($node->safe_psql('postgres', "SELECT $function($_)"), 't', "$function($type)") for backends($type);

	# PostgreSQL reports a cancel in the moment of a lock timeout as the timeout alone, and the lock is tried again
	for (1 .. 20)
	{
		usleep(500_000);
		last if $node->safe_psql('postgres', qq{
			SELECT count($function(pid)) FROM pg_stat_activity
			WHERE backend_type = '$type' AND query ~ '^nextauth.extend_model_online: locking table'}) == 0;
	}
}

# Where it is interrupted, what stands in the way there, and what the worker does then
my %stages = (
	'lock' => [ 'BEGIN; SELECT count(*) FROM nextauth.users', 'locking table' ],
	'fill' => [ undef, 'filling' ],
	'validate' => [ undef, 'VALIDATE' ],
	'index' => [ 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM nextauth.accounts', 'CREATE UNIQUE INDEX' ]);

for my $stage (sort keys %stages)
{
	my ($blocker, $query) = @{ $stages{$stage} };

	for my $interruption (sort keys %interruptions)
	{
		my ($interrupt, $error, $crashes) = @{ $interruptions{$interruption} };
		my $name = "$stage, $interruption";
		my $db = copy_database();
		my $blocking = $blocker ? start_idle_psql($db, $blocker) : undef;
		my $timeout = $interruption eq 'statement_timeout' ? '3s' : 0;
		my $caller = start_psql($db, "SET statement_timeout = '$timeout'", "SET app.wait = '$stage'", call(@definition));

		if ($interruption ne 'statement_timeout')
		{
			worker_does($db, $query) or fail("$name: is reached");
			$node->poll_query_until($db, q{
				SELECT count(*) = 1 FROM pg_stat_progress_create_index
				WHERE relid = 'nextauth.users'::regclass AND phase = 'waiting for old snapshots'})
			  or fail("$name: pg_stat_progress_create_index")
			  if $stage eq 'index';
		}
		$interrupt->();
		like(finish_psql($caller), qr/$error/, "$name: the caller is told");
		$node->poll_query_until('postgres', "SELECT ($working) = 0") or fail("$name: the worker ends");
		is($node->safe_psql($db, $invalid), '', "$name: nothing invalid is left") if !$crashes;

		# In between, all else says what is the case
		is($node->safe_psql($db, q{SELECT nextauth.entity_schema('User') ->> 'tableName'}), 'users', "$name: entity_schema()");
		is( $node->safe_psql($db, q{SELECT finding FROM nextauth.check_models()
			WHERE finding !~ 'invalid, left by|not all rows have its default yet'}), '', "$name: check_models()");
		my ($rc, $stdout, $stderr) = $node->psql($db, "SET nextauth.lock_retries = 0; " . plain_call(@definition));
		like($stderr, qr/ERROR:  (extending model "User" would \w+ \d+ rows|column "token" of model "User" contains null)/,
			"$name: extend_model()");

		finish_idle_psql($blocking) if $blocking;
		$node->safe_psql($db, call(@definition));
		is($node->safe_psql($db, $invalid), '', "$name: another call leaves nothing behind");
		is($node->safe_psql($db, $describe), $described, "$name: and finishes it");
		is($node->safe_psql($db, 'SELECT count(DISTINCT token) FROM nextauth.users'), $rows, "$name: with every row");
		$node->safe_psql('postgres', "DROP DATABASE $db");
	}
}

# extend_model() finishes it as well, if it may
$db = copy_database();
my $blocking = start_idle_psql($db, $stages{index}[0]);
$caller = start_psql($db, call(@definition));
worker_does($db, 'CREATE UNIQUE INDEX');
kill 9, backends('extend_model_online');
finish_psql($caller);
finish_idle_psql($blocking);
$node->poll_query_until('postgres', 'SELECT true');
$node->safe_psql($db, 'SET nextauth.max_scan_rows = 100000; ' . plain_call(@definition));
unlike($node->safe_psql($db, $invalid), qr/UQ_/, 'extend_model() makes an index anew that a crash left invalid');

# Interrupted once more while it cleans up, the caller does not wait for that; who holds the index's removal up delays it
$db = copy_database();
$blocking = start_idle_psql($db, $stages{index}[0]);
$caller = start_psql($db, call(@definition));
worker_does($db, 'CREATE UNIQUE INDEX');
$node->poll_query_until($db, q{SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for old snapshots'});
my $reading = start_idle_psql($db, 'BEGIN; SELECT count(*) FROM nextauth.users');
signal_backend('pg_cancel_backend', 'client backend');
ok(worker_does($db, 'DROP INDEX CONCURRENTLY'), 'an index is dropped behind a reader');
signal_backend('pg_cancel_backend', 'client backend');
like(finish_psql($caller), qr/canceling statement/, 'and the caller need not wait for it');
finish_idle_psql($reading, 'COMMIT');
$node->poll_query_until('postgres', "SELECT ($working) = 0");
finish_idle_psql($blocking, 'COMMIT');
is($node->safe_psql($db, $invalid), '', 'it is done nevertheless');

# What is dumped in the middle of the filling is filled where it is restored
$db = copy_database();
$caller = start_psql($db, "SET app.wait = 'fill'", 'SET nextauth.batch_rows = 100', call(@definition));
worker_does($db, 'filling');
usleep(100_000)
  until $node->safe_psql($db, 'SELECT last_value FROM app.calls') >= $rows / 2;
signal_backend('pg_cancel_backend', 'client backend');
finish_psql($caller);
my $unfilled = 'SELECT count(*) FILTER (WHERE token IS NULL) BETWEEN 1 AND count(*) - 1 FROM nextauth.users';
is($node->safe_psql($db, $unfilled), 't', 'a fill is interrupted in the middle');
my $dump = PostgreSQL::Test::Utils::tempdir . '/dump.sql';
$node->command_ok([ 'pg_dump', '--no-sync', '-f', $dump, $node->connstr($db) ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, $node->connstr('restored') ], 'is restored');
is($node->safe_psql('restored', $unfilled), 't', 'rows are unfilled there');
$node->safe_psql('restored', call(@definition));
is($node->safe_psql('restored', $describe), $described, 'and another call finishes it');
is($node->safe_psql('restored', 'SELECT count(DISTINCT token) FROM nextauth.users'), $rows, 'with every row');

#
# Rows that contradict it
#

$db = copy_database();
$node->safe_psql(
	$db, q{
	SELECT nextauth.extend_model('User', '{"groupId": {"type": "int", "nullable": true}}');
	UPDATE nextauth.users SET group_id = id % 12 + 1;
	UPDATE nextauth.users SET group_id = NULL WHERE id = 1;
	UPDATE nextauth.users SET name = 'same' WHERE id IN (2, 3);
});
my $before = $node->safe_psql($db, $describe);
my $nick = '"nick": {"type": "uuid", "defaultExpression": "app.token()"}';
for my $case (
	[ 'duplicates', qq({"name": {"type": "varchar", "nullable": true, "unique": true}, $nick}), undef, 'Duplicates: same \(2 rows\)' ],
	[ 'nulls', qq({$nick, "groupId": {"type": "int"}}), undef, '1 row has no value for it' ],
	[
		'orphans', qq({$nick, "groupId": {"type": "int", "nullable": true, "foreignKey": {"target": "app.groups"}}}), undef,
		'500 rows refer to missing rows'
	],
	[ 'a check', "{$nick}", '{"checks": [{"expression": "id < 3000"}]}', '1 row violates \(id < 3000\)' ])
{
	my ($name, $columns, $options, $detail) = @$case;
	my ($rc, $stdout, $stderr) = $node->psql($db, call($columns, $options));
	my (undef, undef, $plain) = $node->psql($db, 'SET nextauth.max_scan_rows = 100000; ' . plain_call($columns, $options));

	like($stderr, qr/$detail/, "$name: the error tells") if $detail;
	my ($errors, $plain_errors) = map { join "\n", /^\S*((?:ERROR|DETAIL|HINT):.*)/mg } $stderr, $plain;
	is($errors, $plain_errors, "$name: the error is extend_model()'s");
	is($node->safe_psql($db, $describe), $before, "$name: nothing has changed");
}

# Duplicates that come while the index is built
$db = copy_database();
my $unique = call('{"name": {"type": "varchar", "nullable": true, "unique": true}}');
my $writer = start_idle_psql($db, q{BEGIN; INSERT INTO nextauth.users (name) SELECT 'user 7' FROM generate_series(1, 2)});
$caller = start_psql($db, $unique);
worker_does($db, 'CREATE UNIQUE INDEX');
finish_idle_psql($writer, 'COMMIT');
like(
	finish_psql($caller),
	qr/ERROR:  column "name" of model "User" contains duplicate values\n.*Duplicates: user 7 \(3 rows\)\./s,
	'duplicates that are inserted while the index is built');
is($node->safe_psql($db, $invalid), '', 'nothing invalid is left');

#
# Refused
#

$db = copy_database();
my $call = call('{"token": {"type": "uuid", "defaultExpression": "app.token()"}}');
$node->safe_psql(
	$db, qq{
	CREATE ROLE owner NOLOGIN;
	CREATE ROLE member LOGIN IN ROLE owner;
	CREATE ROLE stranger LOGIN;
	GRANT USAGE ON SCHEMA app TO PUBLIC;
	GRANT USAGE ON SCHEMA nextauth TO stranger;
	GRANT USAGE ON SEQUENCE app.calls TO PUBLIC;
	GRANT USAGE ON SCHEMA nextauth TO owner;
	ALTER TABLE nextauth.users OWNER TO owner;
	CREATE FUNCTION app.call() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN $call; END \$\$;
});

sub is_refused
{
	my ($name, $sql, $error, @options) = @_;
	my ($rc, $stdout, $stderr) = $node->psql($db, $sql, @options);
	like($stderr, qr/ERROR:  $error/, $name);
}

my $in_transaction = 'extend_model_online\(\) cannot run inside a transaction block';
is_refused('in a transaction block', "BEGIN; $call", $in_transaction);
is_refused('in a function', 'SELECT app.call()', $in_transaction);
is_refused('by who does not own the table', $call, 'must be owner of table users', extra_params => [ '-U', 'stranger' ]);
is_refused('in a read-only session', "SET default_transaction_read_only = on; $call",
	'cannot execute extend_model_online\(\) in a read-only transaction');
is_refused('no such model', q{CALL nextauth.extend_model_online('Usr', '{}')}, 'model "Usr" does not exist');
is_refused('no such option', call('{"a": {"typ": "text"}}'), 'unrecognized option "typ"');
is_refused('null', q{CALL nextauth.extend_model_online('User', NULL)}, 'columns of model "User" must not be null');
is_refused('what cannot be done online', call('{"serial": {"type": "int", "generated": "increment"}}'),
	'extending model "User" would rewrite 3000 rows');

is_refused('a foreign key to a table that is not to be referred to',
	'SET ROLE owner; ' . call('{"g": {"type": "int", "nullable": true, "foreignKey": {"target": "app.groups"}}, "t": {"generated": "uuid"}}'),
	'permission denied for table groups', extra_params => [ '-U', 'member' ]);

# A policy could hide rows
$node->safe_psql($db, 'ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
is_refused('row-level security that is forced', "SET ROLE owner; $call", 'row-level security of table "users" may hide rows',
	extra_params => [ '-U', 'member' ]);
$node->safe_psql($db, 'ALTER TABLE nextauth.users NO FORCE ROW LEVEL SECURITY');

# Session, role and settings are the caller's, and not those that the role or the database would have
$node->safe_psql(
	$db, q{
	ALTER ROLE member SET nextauth.max_scan_rows = 0;
	ALTER ROLE member SET default_transaction_read_only = on;
	ALTER ROLE member SET default_transaction_isolation = 'serializable';
	ALTER ROLE member SET lock_timeout = '1ms';
	CREATE SCHEMA evil;
	GRANT USAGE ON SCHEMA evil TO PUBLIC;
	CREATE FUNCTION evil.no(tid, tid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
	CREATE OPERATOR evil.= (LEFTARG = tid, RIGHTARG = tid, FUNCTION = evil.no);
	CREATE OPERATOR evil.>= (LEFTARG = tid, RIGHTARG = tid, FUNCTION = evil.no);
	CREATE FUNCTION evil.count() RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
});
$node->safe_psql(
	$db, qq{
	SET ROLE owner;
	SET search_path = evil, pg_catalog;
	SET default_transaction_read_only = off;
	SET TimeZone = 'Asia/Tokyo';
	SET client_encoding = 'LATIN1';
	SET nextauth.lock_retry_delay = 20;
	} . call('{"token": {"type": "uuid", "defaultExpression": "app.token()"},
		"since": {"type": "timestamptz", "default": "2024-01-01"}}'),
	extra_params => [ '-U', 'member' ]);
is( $node->safe_psql(
		$db, q{SET TimeZone = 'UTC'; SELECT count(DISTINCT token), min(since) FROM nextauth.users;
		SELECT DISTINCT changed_by FROM nextauth.model_change}),
	"$rows|2023-12-31 15:00:00+00\nmember",
	'as the caller, with the settings of the session');

# A trigger that waits for the end of the transaction is not fired with the rights of the owner alone
$node->safe_psql(
	$db, q{
	CREATE FUNCTION app.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
	CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON nextauth.users DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION app.late();
	ALTER ROLE owner LOGIN});
my $fill = call('{"filled": {"type": "uuid", "defaultExpression": "app.token()"}}');
is_refused('with a deferred trigger', $fill, 'deferred trigger "late" of table "users" cannot be fired');
is($node->psql($db, $fill, extra_params => [ '-U', 'owner' ]), 0, 'but by the owner');
is($node->safe_psql($db, 'SELECT count(DISTINCT filled) FROM nextauth.users'), $rows, 'who fires it');
$node->safe_psql($db, 'DROP TRIGGER late ON nextauth.users; ALTER ROLE owner NOLOGIN');

# Until 17 a background worker cannot connect as a role that may not log in: it is told why
my $as_owner = 'SET SESSION AUTHORIZATION owner; ' . call('{"late": {"type": "text", "nullable": true}}');
if ($node->pg_version < 17)
{
	is_refused('by a role that may not log in', $as_owner, 'role "owner" is not permitted to log in');
}
else
{
	is($node->psql($db, $as_owner), 0, 'by a role that may not log in');
}

# On a standby
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
my (undef, undef, $stderr) = $standby->psql($db, $call);
like($stderr, qr/cannot execute extend_model_online\(\) in a read-only transaction/, 'on a standby');
$standby->stop;

# No worker to be had
$node->append_conf('postgresql.conf', 'max_worker_processes = 0');
$node->restart;
is_refused('without background workers', call('{"b": {"type": "text", "nullable": true}}'),
	'could not start a background worker');

$node->stop;
done_testing();
