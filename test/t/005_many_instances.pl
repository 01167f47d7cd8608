# Fifty instances of an application call extend_model() at their start. When there is nothing to change, none of them
# waits for another, for a reader or for a writer, holds a lock that others could wait for, or writes anything.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $instances = 50;
my $starts = 20;    # of each instance

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
# Autovacuum would use transaction IDs of its own
$node->append_conf('postgresql.conf', "max_connections = 100\nautovacuum = off");
$node->start;

my $model = q{'User', '{"phoneNumber": {"type": "varchar", "nullable": true, "unique": true},
	"role": {"enum": ["user", "admin"], "default": "user"}}'} =~ s/\s+/ /gr;
$node->safe_psql(
	'postgres', qq{
	CREATE EXTENSION nextauth;
	SELECT nextauth.extend_model($model);
	INSERT INTO nextauth.users (email) SELECT i || '\@example.com' FROM generate_series(1, 1000) i;
});

# A session in a transaction that has just run this
sub session_in
{
	my ($sql) = @_;
	my ($stdin, $stdout) = ("BEGIN;\n$sql;\nSELECT 'ready';\n", '');
	my $psql = IPC::Run::start(
		[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres') ],
		'<', \$stdin, '>', \$stdout,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$psql->pump until $stdout =~ /^ready$/m;
	return $psql;
}
my $reader = session_in('SELECT count(*) FROM nextauth.users');
my $writer = session_in(q{INSERT INTO nextauth.users (email) VALUES ('writer@example.com')});
my $gate = session_in('SELECT pg_advisory_xact_lock(1)');

# What an instance runs; with_gate keeps it in its transaction until the gate opens.
sub script
{
	my ($name, $with_gate) = @_;
	my $path = $node->basedir . "/$name";
	append_to_file($path, join "\n", 'BEGIN;', "SELECT action FROM nextauth.extend_model($model);",
		$with_gate ? 'SELECT pg_advisory_xact_lock_shared(1);' : (), "COMMIT;\n");
	return $path;
}
my $connection = $node->connstr . ' dbname=postgres application_name=instance';
my ($output, $errors) = ('', '');
my $pgbench = IPC::Run::start(
	[
		'pgbench', '--no-vacuum', "--client=$instances", '--jobs=2',
		'--file=' . script('at_once', 1),
		'--transactions=1', $connection
	],
	'>', \$output, '2>', \$errors,
	IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));

# All at once have made their call, and nobody has waited for anything but the gate
$node->poll_query_until('postgres',
	q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted}, $instances)
  or BAIL_OUT('the instances do not get to the gate');

my $of_instances = q{FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE application_name = 'instance'};
is($node->safe_psql('postgres', "SELECT count(DISTINCT pid) $of_instances"), $instances, 'all instances are here');
is($node->safe_psql('postgres', "SELECT DISTINCT locktype, mode, granted $of_instances ORDER BY 1"),
	"advisory|ShareLock|f\nvirtualxid|ExclusiveLock|t",
	'no instance holds a lock on a relation, or a transaction ID');
is( $node->safe_psql('postgres', "SELECT count(*) $of_instances AND relation IN (SELECT relation FROM nextauth.model)"),
	0, 'or any lock on a model');

# The measurement would see a call that has something to change: it takes a strong lock, for which it has to wait.
my ($status, $stdout, $stderr) = $node->psql('postgres',
	q{SET nextauth.lock_retries = 0; SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')});
like($stderr, qr/could not lock table "users" in 1 try/, 'a call that changes the model waits for the reader');

# While that holds, the gate opens
$gate->finish;
$pgbench->finish;
is($errors =~ s/^pgbench \(.*\n//r, '', 'no instance had an error');
like($output, qr{transactions actually processed: $instances/$instances}, 'all instances are done');

# And again and again, with the reader and the writer still there, and no patience
my $next_xid = 'SELECT pg_snapshot_xmax(pg_current_snapshot())';
my $before = $node->safe_psql('postgres', $next_xid);
my $all = $instances * $starts;
$node->command_checks_all(
	[
		'pgbench', '--no-vacuum', "--client=$instances", '--jobs=2',
		'--file=' . script('again'),
		"--transactions=$starts",
		"$connection options='-c lock_timeout=1ms'"
	],
	0,
	[qr{transactions actually processed: $all/$all}],
	[qr/^(pgbench .*\n)?$/],
	"$instances instances start $starts times");
is($node->safe_psql('postgres', $next_xid), $before, 'and use no transaction ID');

$reader->finish;
$writer->finish;
$node->stop;
done_testing();
