# Who is in the way of a lock is named, also when it is a transaction that was prepared and has no process.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	max_prepared_transactions = 4
	nextauth.lock_timeout = 10
	nextauth.lock_retries = 1
	nextauth.lock_retry_delay = 10
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION nextauth');

my $call = q{SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')};

sub what_is_said
{
	my ($rc, $stdout, $stderr) = $node->psql('postgres', "\\set VERBOSITY verbose\n$call");
	return join('|', $stderr =~ /ERROR:  (55P03): /, $stderr =~ /^DETAIL:  (.*)/m, $stderr =~ /^HINT:  (.*)/m);
}

my $hint = 'End the transactions that use it, prepared ones with COMMIT PREPARED or ROLLBACK PREPARED, or increase "nextauth.lock_retries".';
$node->safe_psql('postgres', q{
	BEGIN; LOCK TABLE nextauth.users IN ACCESS SHARE MODE; PREPARE TRANSACTION 'it''s one';
	BEGIN; LOCK TABLE nextauth.users IN ROW EXCLUSIVE MODE; PREPARE TRANSACTION 'two';
	BEGIN; LOCK TABLE nextauth.accounts; PREPARE TRANSACTION 'elsewhere'});
is( what_is_said(),
	"55P03|It is in use by the prepared transactions 'it''s one', 'two'.|$hint",
	'the prepared transactions are named');

$node->restart;
is( what_is_said(),
	"55P03|It is in use by the prepared transactions 'it''s one', 'two'.|$hint",
	'also after a restart');

my $reader = $node->background_psql('postgres');
$reader->query_safe('BEGIN; SELECT count(*) FROM nextauth.users');
my $pid = $reader->query_safe('SELECT pg_backend_pid()');
is( what_is_said(),
	"55P03|It is in use by the processes with ID $pid, and by the prepared transactions 'it''s one', 'two'.|$hint",
	'and with the processes');
$node->safe_psql('postgres', "COMMIT PREPARED 'it''s one'");
$node->safe_psql('postgres', "ROLLBACK PREPARED 'two'");
is( what_is_said(),
	"55P03|It is in use by the processes with ID $pid.|End the transactions that use it, or increase \"nextauth.lock_retries\".",
	'or these alone');
$reader->quit;
is($node->safe_psql('postgres', $call), 'added', 'nobody else is in the way');

$node->safe_psql('postgres', "COMMIT PREPARED 'elsewhere'");
$node->stop;
done_testing();
