# A script that is refused to drop the tables and goes on to its COPY doubles no row; told to, it drops them.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql(
	'postgres', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
	INSERT INTO nextauth.users (email, phone_number) SELECT 'user' || i || '@example.com', '+' || i FROM generate_series(1, 20) i;
	INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) SELECT id, now(), 's' || id, 'a' || id FROM nextauth.users;
});
my $rows = q{SELECT to_jsonb(u) FROM nextauth.users u ORDER BY id; SELECT to_jsonb(s) FROM nextauth.sessions s ORDER BY id};
my $before = $node->safe_psql('postgres', $rows);

# A dump as it is; and what others make of it, without the settings by which a restore is known
my $dump = $node->basedir . '/dump.sql';
my $script = $node->basedir . '/script.sql';
$node->command_ok([ qw(pg_dump --no-sync --clean --if-exists -f), $dump, 'postgres' ], 'dumped');
my $text = slurp_file($dump);
$text =~ s/^SET (?:statement_timeout|lock_timeout|idle_in_transaction_session_timeout|xmloption|row_security)\b.*\n//mg;
$text =~ s/^DROP EXTENSION .*\n//mg;
append_to_file($script, $text);

# It goes on after each error, as psql does unless told otherwise
sub run_script
{
	my ($file) = @_;
	my ($stdout, $stderr) = run_command([ qw(psql -X -q -d), $node->connstr('postgres'), '-f', $file ]);
	return $stderr;
}

my $errors = run_script($script);
like($errors, qr/ERROR:  cannot drop table "nextauth\.users" of model "User"\nDETAIL:  The table has rows\.\nHINT: .*"nextauth\.protect_tables" to off.* PGOPTIONS/,
	'a script is refused to drop the tables, and told how it could');
like($errors, qr/ERROR:  cannot drop primary key "\w+" of model "User"/, 'and their primary keys');
like($errors, qr/ERROR:  duplicate key value violates unique constraint "PK_\w+"\nDETAIL: .*\nCONTEXT:  COPY users/, 'so its COPY fails');
is($node->safe_psql('postgres', $rows), $before, 'and no row is doubled, nor lost');

# One that leaves the keys alone fares no better
my $short = $node->basedir . '/short.sql';
append_to_file($short, "DROP TABLE nextauth.users CASCADE;\nCREATE TABLE nextauth.users (id integer, email varchar);\n"
	  . "COPY nextauth.users (id, email) FROM stdin;\n1\tuser1\@example.com\n\\.\n");
like(run_script($short), qr/duplicate key value violates unique constraint/, 'COPY into the table that is still there fails');
is($node->safe_psql('postgres', $rows), $before, 'and leaves it as it was');

# The dump itself is a restore, which is never refused
is(run_script($dump), '', 'a dump with --clean is restored without a word');
is($node->safe_psql('postgres', $rows), $before, 'with the same rows');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.models'), 4, 'and the same models');

# Who means it says so
$node->safe_psql('postgres', 'CREATE TABLE kept AS SELECT email FROM nextauth.users');
{
	local $ENV{PGOPTIONS} = '-c nextauth.protect_tables=off';
	my $drop = $node->basedir . '/drop.sql';
	append_to_file($drop, "DROP TABLE nextauth.sessions;\nDROP SCHEMA nextauth CASCADE;\n");
	unlike(run_script($drop), qr/ERROR/, 'with PGOPTIONS a script drops them');
}
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'nextauth'}), 0, 'all of them');

$node->stop;
done_testing();
