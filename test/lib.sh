# What test/demo, test/run and .ci/run share. Sourced by bash, never run.
# Everything happens on a copy of the tree in a private directory, $WORK, that is gone on every way out; root steps
# down to nobody for it, as PostgreSQL refuses to run as root.
# shellcheck shell=bash

set -euo pipefail
umask 022

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=
APT_SETTING=

# The caller's own connection settings and locale must not reach the tests; PostgreSQL::Test drops LC_ALL, hence LANG.
for name in "${!PG@}"; do [[ $name == PG_CONFIG ]] || unset "$name"; done
unset CDPATH MAKEFLAGS
export LANG=C.UTF-8 LC_ALL=C.UTF-8 PATH=$PATH:/usr/sbin:/sbin

say() { printf '\n== %s\n' "$*"; }

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# The Debian release's name, as in bookworm.
codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# Where packages and PostgreSQL installations are kept between runs.
cache_dir() {
	local default=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/nextauth
	((EUID != 0)) || default=/var/cache/nextauth
	printf '%s\n' "${NEXTAUTH_CACHE:-$default}"
}

#
# The private directory
#

# Creates $WORK and copies the tree to $WORK/tree: what git would track, or everything when this is no checkout.
make_work() {
	trap cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
	# Not $TMPDIR: a socket's path must stay under 100 bytes and nobody must be able to reach it.
	WORK=$(mktemp -d /tmp/nextauth.XXXXXX)
	mkdir "$WORK/tree" "$WORK/tmp"
	cd "$TOP"
	if ! { [[ -e .git ]] && git ls-files -z --cached --others --exclude-standard 2>/dev/null; }; then
		find . \( -name .git -o -name node_modules \) -prune -o -type f -print0
	fi | while IFS= read -r -d '' file; do
		if [[ -e $file ]]; then printf '%s\0' "$file"; fi
	done | tar -c --null --no-recursion --files-from=- | tar -x --no-same-owner -C "$WORK/tree"
	((EUID != 0)) || chown -R "nobody:$(id -g nobody)" "$WORK"
	cd "$WORK/tree"
}

# Ends whatever still runs in $WORK, every server included, and removes it.
cleanup() {
	local status=$? step pids
	trap '' HUP INT PIPE TERM
	set +e
	[[ -z $APT_SETTING ]] || rm -f "$APT_SETTING"
	if [[ -n $WORK ]]; then
		cd /
		# TERM ends all but a server that has clients, QUIT that one too, without a checkpoint.
		for step in TERM QUIT {1..100} KILL; do
			mapfile -t pids < <(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$WORK*" -printf '%h\n' 2>/dev/null)
			((${#pids[@]})) || break
			if [[ $step == [A-Z]* ]]; then kill -"$step" "${pids[@]#/proc/}" 2>/dev/null; else sleep 0.1; fi
		done
		rm -rf --one-file-system "$WORK"
	fi
	exit "$status"
}

# Runs a command with $WORK as its home, never as root.
as_user() {
	local step=(env "HOME=$WORK" "TMPDIR=$WORK/tmp")
	((EUID != 0)) || step=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups "${step[@]}")
	"${step[@]}" "$@"
}

#
# Packages
#

# The major to use when PG_CONFIG does not tell: the distribution's own, or the newest installed if that one is not.
default_major() {
	local own installed
	case $(codename) in
	trixie) own=17 ;;
	forky) own=18 ;;
	*) own=15 ;;
	esac
	installed=$(find /usr/lib/postgresql/*/bin/postgres -printf '%h\n' 2>/dev/null | cut -d / -f 5 | sort -n) || :
	if [[ -z $installed ]] || grep -qx "$own" <<<"$installed"; then
		echo "$own"
	else
		tail -n 1 <<<"$installed"
	fi
}

# Sets PG_CONFIG and MAJOR, and puts the server's programs in PATH. The packages need not be there yet.
choose_postgresql() {
	PG_CONFIG=${PG_CONFIG:-/usr/lib/postgresql/$(default_major)/bin/pg_config}
	# libpq-dev's pg_config and a server's differ in what lies beside them.
	if command -v "$PG_CONFIG" >/dev/null; then PG_CONFIG=$("$PG_CONFIG" --bindir)/pg_config; fi
	if [[ $PG_CONFIG =~ ^/usr/lib/postgresql/([0-9]+)/bin/pg_config$ ]]; then
		MAJOR=${BASH_REMATCH[1]}
	elif [[ -x $PG_CONFIG ]]; then
		MAJOR=$("$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	else
		die "PG_CONFIG: there is no $PG_CONFIG"
	fi
	PATH=${PG_CONFIG%/*}:$PATH
	export PG_CONFIG PATH
}

# Prints the Debian packages that are missing; arguments: further perl modules needed, each as package=module.
missing_packages() {
	local bin=${PG_CONFIG%/*} modules perl
	[[ -x $bin/postgres ]] || echo "postgresql-$MAJOR"
	# The client's package has pg_config and pgxs.mk, but no headers.
	[[ -x $PG_CONFIG && -e $("$PG_CONFIG" --pgxs) && -e $("$PG_CONFIG" --includedir-server)/postgres.h ]] ||
		echo "postgresql-server-dev-$MAJOR"
	command -v make >/dev/null || echo make
	command -v gcc >/dev/null || printf '%s\n' gcc libc6-dev
	# Node 18 or later; the option came with a minor release.
	as_user node --test-reporter=spec -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' >/dev/null 2>&1 ||
		echo nodejs
	for modules in "${MODULES[@]}"; do
		if [[ ! -d $(modules_dir "$modules") ]] && ! command -v npm >/dev/null; then
			echo npm
			break
		fi
	done
	for perl in "$@"; do
		perl "-M${perl#*=}" -e 1 2>/dev/null || echo "${perl%%=*}"
	done
}

# Installs the packages named. A PostgreSQL server among them creates no cluster and starts nothing.
apt_install() {
	local output
	say "Installing $*"
	APT_SETTING=/etc/postgresql-common/createcluster.d/nextauth-tests.conf
	mkdir -p "${APT_SETTING%/*}"
	echo 'create_main_cluster = false' >"$APT_SETTING"
	apt-get -qq update || : # one source of several may be out of reach
	output=$(DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
		install "$@" 2>&1 </dev/null) || die "$output"
	rm "$APT_SETTING"
	APT_SETTING=
}

# Makes sure of everything that building and testing takes, or says what an administrator has to install.
require_packages() {
	local missing
	mapfile -t missing < <(missing_packages "$@")
	((${#missing[@]})) || return 0
	((EUID == 0)) || die "Missing Debian packages: ${missing[*]}
Install them as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
	apt_install "${missing[@]}"
	mapfile -t missing < <(missing_packages "$@")
	((!${#missing[@]})) || die "Still missing after the installation: ${missing[*]}"
}

# The directories whose packages of npm are needed: next-auth 3's. A script may add those of others.
MODULES=(test/adapters)

# Where the packages of a directory's lock file are, or will be.
modules_dir() {
	local key
	key=$(cat "$TOP/$1"/{package.json,package-lock.json,.npmrc} | sha256sum)
	printf '%s/npm/%s\n' "$(cache_dir)" "${key:0:16}"
}

# Installs the packages of MODULES into the cache unless they are there. No package's own script runs.
install_modules() {
	local from dir tmp
	for from in "${MODULES[@]}"; do
		dir=$(modules_dir "$from")
		[[ ! -d $dir ]] || continue
		say "Installing the adapters' packages"
		mkdir -p "${dir%/*}" && tmp=$(mktemp -d "${dir%/*}/tmp.XXXXXX") || return 1
		if cp "$TOP/$from"/{package.json,package-lock.json,.npmrc} "$tmp" && chmod 755 "$tmp" &&
			(cd "$tmp" && npm ci --ignore-scripts --no-audit --no-fund --cache "$tmp/.npm" </dev/null) &&
			rm -rf "$tmp/.npm" && mv -T "$tmp" "$dir"; then
			continue
		fi
		rm -rf "$tmp"
		[[ -d $dir ]] || return 1 # another run may have been first
	done
}

# Gives the copy of the tree its node_modules.
link_modules() {
	local from
	install_modules || return 1
	for from in "${MODULES[@]}"; do
		as_user ln -sfn "$(modules_dir "$from")/node_modules" "$from/node_modules" || return 1
	done
}

#
# The extension and its server
#

# Builds in $WORK/tree, printing what make prints, and installs to $WORK/root.
build() {
	as_user make -s clean && as_user make -s -j "$(nproc)" && as_user make -s install "DESTDIR=$WORK/root" >/dev/null
}

# Starts a server in $WORK and points the environment at it. Clusters of PostgreSQL::Test get the settings by TEMP_CONFIG.
start_server() {
	local libdir
	libdir=$("$PG_CONFIG" --pkglibdir)
	{
		echo "dynamic_library_path = '$WORK/root$libdir:\$libdir'"
		if ((MAJOR >= 18)); then
			echo "extension_control_path = '$WORK/root$("$PG_CONFIG" --sharedir):\$system'"
		else
			echo "extension_destdir = '$WORK/root'" # Debian's patch
		fi
	} | as_user tee "$WORK/extension.conf" >/dev/null
	export TEMP_CONFIG=$WORK/extension.conf

	as_user initdb -D "$WORK/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	as_user tee -a "$WORK/data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$WORK'
		fsync = off
		include '$TEMP_CONFIG'
	CONF
	if ! as_user pg_ctl -s -w -D "$WORK/data" -l "$WORK/server.log" start; then
		cat "$WORK/server.log" >&2
		return 1
	fi
	export PGHOST=$WORK PGUSER=postgres PGDATABASE=postgres
}
