# Adapters' schemas and views are ordinary objects: every kind of dump and restore brings them back, whole and in use.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
create_roles($node);
$node->safe_psql('postgres', 'GRANT app_web TO keeper');

# On text ids, as most adapters want them; made by the superuser, and by a role that owns the tables and the database
my $created = q{SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth};
my $handed_over = "$created;" . q{
	GRANT USAGE, CREATE ON SCHEMA nextauth TO keeper;
	GRANT USAGE ON SCHEMA nextauth TO app_web;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
};

$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql('source', $created);
create_adapters($node, 'source');
$node->safe_psql('postgres', 'CREATE DATABASE kept OWNER keeper');
$node->safe_psql('kept', $handed_over);
create_adapters($node, 'kept', 'keeper');

my %text = map { $_ => dump_text($node, $_) } 'source', 'kept';
my %models = map { $_ => describe_models($node, $_) } 'source', 'kept';
my %views = map { $_ => describe_views($node, $_) } 'source', 'kept';
adapters_work($node, 'source', 'source');
adapters_work($node, 'kept', 'kept', 'keeper');

like($text{source}, qr/^COPY nextauth\.adapter .*\n(?:\w.*\n)*?nextauth_prisma\tprisma\tt$/m, 'the catalog is dumped');
like($text{source}, qr/^CREATE VIEW "Auth ""v5"""\."User"/m, 'so are the views');

#
# steps: pairs of pg_dump's options and the command that restores what it dumped
# onto: SQL that makes the target what it is before, or "live" for a copy that has gone its own way; otherwise it is empty
# complaints: what the restore complains of, if anything
#
my $psql = [qw(psql -v ON_ERROR_STOP=1 -X -q -f)];
my $schema_exists = 'ERROR:  schema "nextauth" already exists';

my @cases = (
	{ name => 'psql', steps => [ [] => $psql ] },
	{ name => 'psql --inserts', steps => [ ['--inserts'] => $psql ] },
	{ name => '-Fc', steps => [ ['-Fc'] => ['pg_restore'] ] },
	{ name => '-Fd -j4', steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ] },
	{
		name => '-Fc --clean onto a live copy',
		onto => 'live',
		steps => [ ['-Fc'] => [qw(pg_restore --clean --if-exists)] ],
	},
	{
		name => 'psql --clean onto a live copy',
		onto => 'live',
		steps => [ [qw(--clean --if-exists)] => $psql ],
	},
	{
		name => 'psql, created beforehand',
		onto => $created,
		steps => [ [] => [qw(psql -X -q -f)] ],
		complaints => [$schema_exists],
	},
	{
		name => '-Fd -j4, created beforehand',
		onto => $created,
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ],
		complaints => [$schema_exists],
	},
	{
		name => 'the schema, then the data',
		steps => [ ['-s'] => $psql, [qw(-a --disable-triggers)] => $psql ],
	},
	{
		name => 'the schema, then the data, with the triggers',
		steps => [ ['-s'] => $psql, ['-a'] => $psql ],
	},
	{
		name => 'by the owner',
		from => 'kept',
		role => 'keeper',
		onto => $handed_over,
		steps => [ ['-Fc'] => [qw(pg_restore --no-owner)] ],
		complaints => [ $schema_exists, map { "ERROR:  must be owner of $_ nextauth" } qw(schema extension) ],
	});

my $dumps = 0;
foreach my $case (@cases)
{
	my $name = $case->{name};
	my $source = $case->{from} // 'source';
	my $onto = $case->{onto} // '';
	my $login = $case->{role} ? [ '-U', $case->{role} ] : [];

	if ($onto eq 'live')
	{
		$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $source");
		$node->safe_psql(
			'copy', q{
			DROP VIEW nextauth_pg.users;
			SELECT nextauth.drop_adapter('nextauth_drizzle');
			SELECT nextauth.add_adapter('mikro-orm');
			DELETE FROM nextauth.users;
			SELECT nextauth.extend_model('User', '{"stale": {"type": "text", "nullable": true}}');
			SELECT nextauth.drop_adapter('nextauth_mikro_orm');
		});
	}
	else
	{
		$node->safe_psql('postgres', 'CREATE DATABASE copy' . ($case->{role} ? " OWNER $case->{role}" : ''));
		$node->safe_psql('copy', $onto);
	}

	my $output = '';
	my @steps = @{ $case->{steps} };
	while (my ($options, $restore) = splice(@steps, 0, 2))
	{
		my $dump = $node->basedir . '/dump_' . $dumps++;
		my ($program, @arguments) = @$restore;

		$node->command_ok([ qw(pg_dump --no-sync), @$options, @$login, '-f', $dump, $source ], "$name: dumped");
		my ($stdout, $stderr) = run_command([ $program, @$login, '-d', $node->connstr('copy'), @arguments, $dump ]);
		$output .= $stderr;
	}
	is_deeply([ $output =~ /((?:ERROR|WARNING):  .*)/g ], $case->{complaints} // [], "$name: restored") or diag($output);

	same_text(dump_text($node, 'copy'), $text{$source}, "$name: the copy is the same");
	same_text(describe_models($node, 'copy'), $models{$source}, "$name: so are its models");
	same_text(describe_views($node, 'copy'), $views{$source}, "$name: so are its adapters");
	adapters_work($node, 'copy', $name, $case->{role});
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

#
# DROP EXTENSION leaves the views, and add_adapter() makes them whole again
#
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE source');
my $adapters = $node->safe_psql(
	'copy', q{
	SELECT format('SELECT count(*) FROM nextauth.add_adapter(%L, %L)', adapter, schema) FROM nextauth.adapters
});
my $reads = 'SELECT id, name FROM nextauth_prisma."User"';
my $before = $node->safe_psql('copy', $reads);
$node->safe_psql('copy', 'DROP EXTENSION nextauth CASCADE');
is($node->safe_psql('copy', $reads), $before, 'DROP EXTENSION leaves the views');
$node->safe_psql('copy', 'CREATE EXTENSION nextauth');
$node->safe_psql('copy', q{SELECT nextauth.extend_models('{"User": {"columns": {
	"it''s \"me\"": {"type": "text", "nullable": true, "name": "Nick \"Name\""},
	"phoneNumber": {"type": "varchar", "length": 20, "nullable": true},
	"role": {"enum": ["user", "admin"], "default": "user"},
	"seenAt": {"type": "timestamptz", "defaultExpression": "now()"},
	"secret": {"type": "text", "nullable": true, "select": false}}}}')});
$node->safe_psql('copy', $adapters =~ s/$/;/mgr);
same_text(describe_views($node, 'copy'), $views{source}, 'add_adapter() takes them up');
adapters_work($node, 'copy', 'created again');

$node->stop;
done_testing();
