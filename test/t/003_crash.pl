# The server is killed while models are extended, again and again. After each recovery the catalog and the tables
# agree, whatever a session had been told is so, and calls go on.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $crashes = 12;
my $calls = 100;    # of each session before a crash, which is to come earlier; a table takes no more columns

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION nextauth;
	CREATE TABLE builtin AS
	SELECT attrelid, attname FROM nextauth.model JOIN pg_attribute ON attrelid = relation;
});

# A custom column that only one of catalog and table has; an enum type that no column has; what the extension finds
my $disagreements = q{
	SELECT model, column_name, attname
	FROM nextauth.custom_column
	FULL JOIN (SELECT name, attname FROM nextauth.model JOIN pg_attribute ON attrelid = relation
			   WHERE NOT attisdropped AND (attrelid, attname) NOT IN (TABLE builtin)) a
	  ON name = model AND attname = column_name
	WHERE column_name IS NULL OR attname IS NULL;
	SELECT typname FROM pg_type t
	WHERE typtype = 'e' AND typnamespace = 'nextauth'::regnamespace
	  AND NOT EXISTS (SELECT FROM pg_attribute WHERE atttypid = t.oid AND NOT attisdropped);
	SELECT * FROM nextauth.check_models();
};

# What a session runs before a crash. It answers "+ property" when that is there, "? property" when it is about to go,
# "- property" when it is gone. Session a extends User, session b Account and Session at once.
sub script
{
	my ($session, $crash) = @_;
	my $sql = "SELECT pg_backend_pid();\n";

	for my $call (1 .. $calls)
	{
		my $p = "${session}${crash}n$call";
		my $enum = qq{"$p": {"enum": ["x", "y"], "default": "x", "comment": "an enum"}};
		my $text = qq{"$p": {"type": "text", "nullable": true, "unique": true}};
		my ($call_of, @tables) =
		  $session eq 'a'
		  ? (qq{extend_model('User', '{$enum}')}, 'users')
		  : (qq{extend_models('{"Account": {"columns": {$enum}}, "Session": {"columns": {$text}}}')},
			'accounts', 'sessions');

		$sql .= "SELECT DISTINCT '+ ' || property FROM nextauth.$call_of;\n";
		# Every third goes again
		$sql .= "SELECT '? $p';\nBEGIN;\nSET LOCAL nextauth.protect_columns = off;\n"
		  . join('', map { "ALTER TABLE nextauth.$_ DROP COLUMN $p;\n" } @tables)
		  . "DROP TYPE nextauth.$tables[0]_${p}_enum;\nCOMMIT;\nSELECT '- $p';\n"
		  if $call % 3 == 0;
	}
	# On a machine where the other session is slow, this one waits for the crash
	return $sql . "SELECT pg_sleep($PostgreSQL::Test::Utils::timeout_default);\n";
}

# Where process 1 does not reap, a killed server stays in the table of processes, and the next one takes it for running
sub forget_zombie
{
	for my $file ($node->data_dir . '/postmaster.pid', $node->host . '/.s.PGSQL.' . $node->port . '.lock')
	{
		next unless -e $file;
		my ($pid) = slurp_file($file) =~ /^(\d+)/;
		unlink $file if -e "/proc/$pid/stat" && slurp_file("/proc/$pid/stat") =~ /\) Z /;
	}
}

# Start as soon as nothing is left of the killed server, as recovery/t/017_shm.pl does
sub poll_start
{
	for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		forget_zombie();
		return if $node->start(fail_ok => 1);
		usleep(100_000);
		$node->stop('fast', fail_ok => 1);
	}
	$node->start;
}

my %told;
for my $crash (1 .. $crashes)
{
	my (%psql, %output, %errors, @backends);
	for my $session ('b', 'a')
	{
		$output{$session} = $errors{$session} = '';
		$psql{$session} = IPC::Run::start(
			[ 'psql', '-XqAt', '-d', $node->connstr('postgres') ],
			'<', \script($session, $crash),
			'>', \$output{$session},
			'2>', \$errors{$session},
			IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
		$psql{$session}->pump until $output{$session} =~ s/^(\d+)\n//;
		push @backends, $1;
	}

	my @others = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');

	# Each time a little later in a call
	for my $session ('b', 'a')
	{
		$psql{$session}->pump until ($output{$session} =~ tr/\n//) > $crash;
	}
	usleep(500 * $crash);
	if ($crash % 3)
	{
		$node->stop('immediate');
	}
	else
	{
		# the backends where they are, and the server before it notices; and what would wait for a lock of theirs
		kill 9, @backends;
		$node->kill9;
		kill 9, @others;
	}

	for my $session ('a', 'b')
	{
		$psql{$session}->finish;
		like(
			$errors{$session},
			qr/server closed the connection|connection to server was lost/,
			"crash $crash: session $session is cut off");
		/^([-+?]) (\w+)$/ and $told{$2} = $1 for split /\n/, $output{$session};
	}

	poll_start();
	is($node->safe_psql('postgres', $disagreements), '', "crash $crash: catalog and tables agree");

	# What a session was not told may be done or not
	my %is = map { $_ => 1 } split /\n/, $node->safe_psql('postgres', 'SELECT property FROM nextauth.custom_column');
	is( join(' ', grep { $told{$_} eq ($is{$_} ? '-' : '+') } sort keys %told),
		'', "crash $crash: all is as the sessions were told");
}

$node->stop;
done_testing();
