# Where the sources are: beside the objects, or where VPATH says, as Debian's pg_buildext has it
TOP = $(or $(VPATH),.)
sources = $(patsubst $(TOP)/%,%,$(sort $(wildcard $(addprefix $(TOP)/,$(1)))))

EXTENSION = nextauth
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" $(TOP)/nextauth.control)
PGFILEDESC = "nextauth - NextAuth.js models, extended declaratively"

MODULE_big = nextauth
OBJS = $(patsubst %.c,%.o,$(call sources,src/*.c src/*/*.c))
# A released version's script is committed, as are those between versions; the one in development is made of src/nextauth.sql
DATA := $(call sources,nextauth--*.sql)
DATA_built = $(filter-out $(addprefix src/,$(DATA)),src/nextauth--$(EXTVERSION).sql)
EXTRA_CLEAN = src/nextauth--*.sql

# The server's headers are a system's: their warnings are not ours
PG_CPPFLAGS = -DNEXTAUTH_VERSION='"$(EXTVERSION)"' -I$(TOP)/src -isystem $(shell $(PG_CONFIG) --includedir-server)
# Until 16, PostgreSQL declares functions without parameters, which C23, a new
# compiler's default, takes for functions that have none
# Modules are loaded with global symbols: what is not hidden, as PGXS does it
# from 16 on, another module's namesake is called instead of
PG_CFLAGS = -std=gnu11 -fvisibility=hidden -Wall -Wextra -Werror=implicit-function-declaration

# install comes first and leaves what the others start from, rights cleans up
REGRESS = install extend_model types named_types options defaults enums alter refusals plan planned_statements properties model_options indexes anew history names catalog psql_help describe_model engines errors guard dropped_tables adopt adopt_ids zoneless_times ids authenticator convert_ids uuid_ids own_ids adapters adapter_views adapter_columns adapter_keys adapter_writes view_defaults index_expressions email recipes without_create hidden_rows check_schema import_rows import_values import_rights foreign_code methods_users methods_accounts methods_sessions methods_tokens methods_rights methods_tables sign_in planted forged_catalog session_path purge identity identity_forged rights
ISOLATION = $(patsubst test/specs/%.spec,%,$(call sources,test/specs/*.spec))
PROVE_TESTS = test/t/*.pl
# The tests' databases have these whatever the server's own are
REGRESS_OPTS = --encoding=UTF8 --no-locale
ISOLATION_OPTS = --encoding=UTF8 --no-locale --inputdir=$(TOP)/test
NO_INSTALLCHECK = 1

PG_CONFIG ?= pg_config
# dist and deb, alone, need no PostgreSQL: they install what is missing
ifneq ($(filter-out dist deb,$(or $(MAKECMDGOALS),all)),)
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
endif

$(OBJS): $(wildcard $(TOP)/src/*.h $(TOP)/src/*/*.h) $(TOP)/nextauth.control

# Away from the sources the folders of the objects are to be made; as absolute names, which VPATH does not look for
FOLDERS = $(sort $(addprefix $(CURDIR)/,$(dir $(OBJS))))
$(OBJS) $(OBJS:.o=.bc): | $(FOLDERS)
$(FOLDERS):
	$(MKDIR_P) $@

src/nextauth--$(EXTVERSION).sql: src/nextauth.sql | $(CURDIR)/src/
	cp $< $@

# The pages keep their folders, so that their links lead somewhere; PGXS would put all DOCS into one
PAGES := $(call sources,*.md doc/*.md doc/*/*.md)
ifdef docdir
pagesdir = $(DESTDIR)$(docdir)/$(EXTENSION)
.PHONY: install-pages uninstall-pages
install: install-pages
uninstall: uninstall-pages
install-pages:
	for page in $(PAGES); do \
		$(MKDIR_P) "$(pagesdir)/$$(dirname $$page)" && $(INSTALL_DATA) "$(TOP)/$$page" "$(pagesdir)/$$page" || exit; \
	done
uninstall-pages:
	rm -rf '$(pagesdir)'
endif

# The archive for PGXN, and the packages for Debian, in dist/
.PHONY: dist deb
dist deb:
	$(TOP)/packaging/$@

# Each suite by itself: PGXS's own rule stops at the first that fails
SUITES = installcheck-regress installcheck-isolation installcheck-tap
.PHONY: installcheck $(SUITES)

installcheck:
	status=0; for suite in $(SUITES); do $(MAKE) -f $(firstword $(MAKEFILE_LIST)) $$suite || status=1; done; exit $$status

ifeq ($(shell id -u),0)
# No server has a role for root, and none starts as root
$(SUITES):
	$(TOP)/test/installcheck $@ PG_CONFIG='$(PG_CONFIG)' REGRESS='$(REGRESS)' ISOLATION='$(ISOLATION)' PROVE_TESTS='$(PROVE_TESTS)' PROVE_FLAGS='$(PROVE_FLAGS)'
else
installcheck-regress:
	$(pg_regress_installcheck) $(REGRESS_OPTS) $(REGRESS)
installcheck-isolation:
	$(pg_isolation_regress_installcheck) $(ISOLATION_OPTS) $(ISOLATION)
installcheck-tap:
	$(prove_installcheck)
endif
