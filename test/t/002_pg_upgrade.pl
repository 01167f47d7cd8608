# A database with extended models moves to newer majors: by pg_upgrade from each to the next, and by dump and restore.
#
# This takes several majors beside each other, with their headers, as Debian installs them.  It starts from the oldest
# and runs when the newest is the one under test, so that testing each of them does it once.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @majors = installed_majors();
my ($bindir) = run_command([ 'pg_config', '--bindir' ]);

plan skip_all => 'this takes several majors beside each other' if @majors < 2;
plan skip_all => "this runs with the newest major, $majors[-1]" if $bindir ne bindir_of($majors[-1]);

# A database as the newest pg_dump prints it, whichever server it is on.  It may be older than that server, and which
# columns have a stamp follows from how they came there.
sub dump_server
{
	my $text = dump_text(@_);
	$text =~ s/^-- Dumped from database version .*\n//m;
	$text =~ s/$stamp//g;
	return $text;
}

# Does the pg_dump of a major, which is what pg_upgrade uses, print stamps that a database has?
sub prints_stamps
{
	my ($major, $node, $db) = @_;
	my ($schema) = run_command([ bindir_of($major) . '/pg_dump', qw(--no-sync --schema-only), $node->connstr($db) ]);
	return $schema =~ $stamp ? 1 : 0;
}

# Checks that a database is what it was on the oldest major, and as good.
my ($text, $models, $released);

sub check_moved
{
	my ($node, $db, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	same_text(dump_server($node, $db), $text, "$name: the database is the same");
	same_text(describe_models($node, $db), $models, "$name: so are its models");

	# on a copy, as it leaves traces
	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $db");
	is_alive($node, 'copy', $name);
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

# Checks that a database with the SQL objects of an earlier version works with the library that the new cluster has, and
# that it can be updated there.
sub check_released
{
	my ($node, $db, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	same_text(dump_server($node, $db), $released, "$name: the database is the same");
	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $db");
	is_alive($node, 'copy', "$name, before the update");
	$node->safe_psql('copy', 'ALTER EXTENSION nextauth UPDATE');
	$node->safe_psql('postgres', 'CREATE DATABASE fresh');
	$node->safe_psql('fresh', 'CREATE EXTENSION nextauth');
	same_text(describe_extension($node, 'copy'), describe_extension($node, 'fresh'), "$name: the extension is updated");
	$node->safe_psql('postgres', "DROP DATABASE $_") foreach qw(copy fresh);

	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $db");
	$node->safe_psql('copy', 'ALTER EXTENSION nextauth UPDATE');
	is_alive($node, 'copy', "$name, after it");
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

# pg_upgrade wants checksums the same in both clusters, and the default has changed
my %cluster = map { $_ => init_cluster($_, "v$_", extra => [ $_ >= 18 ? '--no-data-checksums' : () ]) } @majors;
my $oldest = shift @majors;
my $old = $cluster{$oldest};

$old->start;
create_roles($old);
$old->safe_psql('postgres', 'CREATE DATABASE source');
$old->safe_psql('source', q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth});
create_application($old, 'source');
$text = dump_server($old, 'source');
$models = describe_models($old, 'source');

$old->safe_psql('postgres', 'CREATE DATABASE released');
$old->safe_psql('released', q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth VERSION '1.0'});
create_application($old, 'released');
$released = dump_server($old, 'released');

$old->safe_psql('postgres', 'CREATE DATABASE adapters');
$old->safe_psql('adapters', q{SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth});
create_adapters($old, 'adapters');
my $views = describe_views($old, 'adapters');

# As the old server's own pg_dump makes it, and as that of the new one
my $plain = $old->basedir . '/plain';
$old->command_ok([ qw(pg_dump --no-sync -f), $plain, 'source' ], "$oldest: dumped");
my %custom = map { $_ => $old->basedir . "/custom_$_" } @majors;
command_ok([ bindir_of($_) . '/pg_dump', qw(--no-sync -Fc -f), $custom{$_}, $old->connstr('source') ],
	"$oldest: dumped by $_")
  foreach @majors;
my %stamped = map { $_ => prints_stamps($_, $old, 'source') } @majors;
$old->stop;

# Moves a cluster to the next major, unless its pg_dump prints stamps.  Did it?
sub upgrade
{
	my ($old, $new) = @_;
	my $from = $old->pg_version->major;
	my $major = $new->pg_version->major;

	$old->start;
	my $prints_stamps = grep { prints_stamps($major, $old, $_) } qw(source released adapters);
	$old->stop;
  SKIP:
	{
		skip "$major: pg_upgrade from $from: this minor's pg_dump does not know what that one stamps columns with", 1
		  if $prints_stamps;
		$new->command_ok(
			[
				'pg_upgrade', '--no-sync',
				'-d' => $old->data_dir,
				'-D' => $new->data_dir,
				'-b' => $old->config_data('--bindir'),
				'-B' => $new->config_data('--bindir'),
				'-s' => $new->host,
				'-p' => $old->port,
				'-P' => $new->port
			],
			"$major: pg_upgrade from $from");
		return 1;
	}
	return 0;
}

# The clusters that have the databases, the newest first
my @moved = ($old);

foreach my $major (@majors)
{
	my $new = $cluster{$major};
	my $is_upgraded;

	# From the major before, or, where that cannot be, from an earlier one
	foreach my $from (@moved)
	{
		last if $is_upgraded = upgrade($from, $new);
	}
	$new->start;
	if ($is_upgraded)
	{
		check_moved($new, 'source', "$major, pg_upgrade");
		check_released($new, 'released', "$major, pg_upgrade of 1.0");
		same_text(describe_views($new, 'adapters'), $views, "$major, pg_upgrade: the adapters' views are the same");
		adapters_work($new, 'adapters', "$major, pg_upgrade");
	}
	else
	{
		create_roles($new);
	}

	my %restore = (
		"$oldest\'s pg_dump" => [ qw(psql -X -q -1 -v ON_ERROR_STOP=1 -d restored -f), $plain ],
		'its own pg_dump' => [ qw(pg_restore -d restored), $custom{$major} ]);
	foreach my $by (sort keys %restore)
	{
	  SKIP:
		{
			skip "$major, $by: this minor does not know what $oldest stamps columns with", 1
			  if $by eq 'its own pg_dump' && $stamped{$major};
			$new->safe_psql('postgres', 'CREATE DATABASE restored');
			$new->command_checks_all($restore{$by}, 0, [], [qr/^$/], "$major, $by: restored");
			check_moved($new, 'restored', "$major, $by");
			$new->safe_psql('postgres', 'DROP DATABASE restored');
		}
	}
	$new->stop;
	unshift @moved, $new if $is_upgraded;
}

done_testing();
