# Modules are loaded with global symbols: ours offers what SQL and the server call, and nothing by which another module's
# call, or ours, could end in the wrong one.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION nextauth');

my $suffix = $^O eq 'darwin' ? 'dylib' : 'so';
my ($library) = grep { -e } map { "$_/nextauth.$suffix" }
  split(/:/, $node->safe_psql('postgres', 'SHOW dynamic_library_path') =~ s/\$libdir/`pg_config --pkglibdir` =~ s{\n}{}r/er);
ok($library, 'the module is found');

SKIP:
{
	my ($symbols) = eval { run_command([ $^O eq 'darwin' ? ('nm', '-gU') : ('nm', '-D', '--defined-only'), $library ]) };
	skip 'there is no nm', 1 if !$symbols;

	my @called = split(/\n/, $node->safe_psql('postgres', q{SELECT DISTINCT prosrc FROM pg_proc WHERE probin ~ 'nextauth'}));

	# The SQL objects of a version that was released call the library until they are updated
	my %called = map { $_ => 1 } @called, map { slurp_file($_) =~ /'MODULE_PATHNAME', '(\w+)'/g } glob('nextauth--*.sql');
	my @exported = map { s/^_(?=_)|^_(?!PG)//r } $symbols =~ / [A-Z] (\w+)/g;
	is_deeply(
		[ sort @exported ],
		[ sort('Pg_magic_func', '_PG_init', 'nextauth_online_main', map { ($_, "pg_finfo_$_") } keys %called) ],
		'it exports what SQL and the server call');
}

# Another module, loaded first, that has a function of every name that our files share
SKIP:
{
	my $dir = PostgreSQL::Test::Utils::tempdir;
	my @names = grep { !/^nextauth_online_main$/ }
	  map { slurp_file($_) =~ /^extern [^;(=\[]*?(\w+)\(/mg } glob('src/nextauth.h src/*/*.h');
	cmp_ok(scalar(@names), '>', 300, 'the names are found');
	append_to_file("$dir/namesake.c", "#include \"postgres.h\"\n#include \"fmgr.h\"\nPG_MODULE_MAGIC;\n"
		  . join('', map { "extern __attribute__((visibility(\"default\"))) void $_(void);\nvoid $_(void) { elog(PANIC, \"not ours: $_\"); }\n" } @names));
	append_to_file("$dir/Makefile", "MODULES = namesake\nPG_CONFIG ?= pg_config\nPGXS := \$(shell \$(PG_CONFIG) --pgxs)\ninclude \$(PGXS)\n");
	my ($stdout, $stderr) = run_command([ 'make', '-s', '-C', $dir, 'with_llvm=no', 'all' ]);
	skip "no module can be built: $stderr", 2 if !-e "$dir/namesake.$suffix";

	my ($rc, $out, $err) = $node->psql(
		'postgres', qq{
		LOAD '$dir/namesake.$suffix';
		SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
		SELECT count(*) FROM nextauth.check_models();
		SELECT length(nextauth.describe_model('prisma')) > 0;
		CALL nextauth.extend_model_online('User', '{"age": {"type": "int", "nullable": true}}');
		SELECT count(*) FROM nextauth.model_columns WHERE is_custom;
	});
	is($out, "added\n0\nt\n2", 'its own functions are called');
	is($err =~ s/^.*NOTICE:  .*\n?//mgr, '', 'without a word');
}

$node->stop;
done_testing();
