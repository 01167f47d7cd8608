EXTENSION = nextauth
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" nextauth.control)
PGFILEDESC = "nextauth - NextAuth.js models, extended declaratively"

MODULE_big = nextauth
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
DATA_built = nextauth--$(EXTVERSION).sql
DOCS := $(wildcard doc/*.md)
EXTRA_CLEAN = nextauth--$(EXTVERSION).sql

# The server's headers are a system's: their warnings are not ours
PG_CPPFLAGS = -DNEXTAUTH_VERSION='"$(EXTVERSION)"' -I$(srcdir)/src -isystem $(shell $(PG_CONFIG) --includedir-server)
# Until 16, PostgreSQL declares functions without parameters, which C23, a new
# compiler's default, takes for functions that have none
PG_CFLAGS = -std=gnu11 -Wall -Wextra -Werror=implicit-function-declaration

# install comes first and leaves what the others start from, rights cleans up
REGRESS = install extend_model types options defaults enums alter refusals plan properties model_options history names catalog describe_model errors guard adopt ids authenticator convert_ids adapters adapter_columns adapter_keys adapter_writes without_create hidden_rows check_schema foreign_code planted forged_catalog rights
ISOLATION = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): $(wildcard src/*.h src/*/*.h)

nextauth--$(EXTVERSION).sql: src/nextauth.sql
	cp $< $@
