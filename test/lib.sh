# What the scripts of test/ and packaging/ and .ci/run share. Sourced by bash, never run.
# Everything happens on a copy of the tree in a private directory, $WORK, that is gone on every way out; root steps
# down to nobody for it, as PostgreSQL refuses to run as root.
# shellcheck shell=bash

set -euo pipefail
umask 022

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=
MAJOR=
CACHE=       # what is kept between runs; choose_cache() sets it
MODULES_TMP= # what installs npm packages, until it is moved to its place
DOWNLOAD=    # the process group of apt's download
ARCHIVES=    # what it downloads to, unless that is to be kept
# What keeps Debian's packages of PostgreSQL from creating a cluster and starting it.
NO_CLUSTER=/etc/postgresql-common/createcluster.d/nextauth-tests.conf

# NEXTAUTH_INSTALLED=1 takes the extension that is installed on the system, and builds none.
INSTALLED=${NEXTAUTH_INSTALLED:-}

# The caller's own connection settings and locale must not reach the tests; PostgreSQL::Test drops LC_ALL, hence LANG.
for name in "${!PG@}"; do [[ $name == PG_CONFIG ]] || unset "$name"; done
unset CDPATH MAKEFLAGS
export LANG=C.UTF-8 LC_ALL=C.UTF-8 PATH=$PATH:/usr/sbin:/sbin

say() { printf '\n== %s\n' "$*"; }

# Prints seconds as minutes and seconds.
minutes() { printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); }

# Passes its input through, and says after every five seconds without a line of it that the step goes on.
signs_of_life() {
	local part line='' status start=$SECONDS
	while true; do
		status=0
		IFS= read -r -t 5 part || status=$?
		line+=$part # what has come of a line that is not at its end
		if ((status > 128)); then
			printf '… %d s\n' $((SECONDS - start))
		elif ((status == 0)); then
			printf '%s\n' "$line"
			line=
		else
			printf '%s' "$line"
			return 0
		fi
	done
}

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# The Debian release's name, as in bookworm.
codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

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
	choose_work
	choose_cache
	mkdir "$WORK/tree" "$WORK/tmp" "$WORK/bin"
	cd "$TOP"
	if ! { [[ -e .git ]] && git ls-files -z --cached --others --exclude-standard 2>/dev/null; }; then
		find . \( -name .git -o -name node_modules \) -prune -o -type f -print0
	fi | while IFS= read -r -d '' file; do
		if [[ -e $file ]]; then printf '%s\0' "$file"; fi
	done | tar -c --null --no-recursion --files-from=- | tar -x --no-same-owner -C "$WORK/tree"
	((EUID != 0)) || chown -R "nobody:$(id -g nobody)" "$WORK"
	cd "$WORK/tree"
}

# Creates $WORK where programs may run, where nobody comes to, and under a name that leaves a socket's path, of at most
# 107 bytes, some room.
choose_work() {
	local dir
	for dir in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
		if ((${#dir} > 50)) || ! WORK=$(mktemp -d "${dir%/}/nextauth.XXXXXX" 2>/dev/null); then continue; fi
		printf '#!/bin/sh\n' >"$WORK/try"
		chmod 755 "$WORK/try"
		((EUID != 0)) || chown -R "nobody:$(id -g nobody)" "$WORK"
		if as_user "$WORK/try" 2>/dev/null; then
			rm "$WORK/try"
			return 0
		fi
		rm -rf "$WORK"
		WORK=
	done
	die "No directory for temporary files will do: programs have to run there, which mounting it noexec forbids.
Set TMPDIR to one whose path has at most 50 bytes and which, if you are root, user nobody can reach."
}

# Sets CACHE to the directory for what is kept between runs: npm packages, and what test/asserts and .ci/run build.
choose_cache() {
	CACHE=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/nextauth
	((EUID != 0)) || CACHE=/var/cache/nextauth
	CACHE=${NEXTAUTH_CACHE:-$CACHE}
	[[ $CACHE == /* ]] || CACHE=$PWD/$CACHE
	if ! { mkdir -p "$CACHE" && [[ -w $CACHE ]] && as_user test -x "$CACHE"; } 2>/dev/null; then
		[[ -z ${NEXTAUTH_CACHE:-} ]] || die "NEXTAUTH_CACHE: $CACHE cannot be written, or user nobody cannot reach it"
		echo "$CACHE cannot be written: downloads will not be kept. Set NEXTAUTH_CACHE to a directory where they will."
		CACHE=$WORK/cache
		mkdir "$CACHE"
	fi
}

# Ends whatever still runs in $WORK, every server included, and removes it.
cleanup() {
	local status=$? step pids
	trap '' HUP INT PIPE TERM
	set +e
	if [[ -n $DOWNLOAD ]]; then
		kill -- "-$DOWNLOAD" 2>/dev/null
		rm -rf ${ARCHIVES:+"$ARCHIVES"}
	fi
	if [[ -n $WORK ]]; then
		cd /
		# TERM ends all but a server that has clients, QUIT that one too, without a checkpoint.
		for step in TERM QUIT {1..100} KILL; do
			mapfile -t pids < <(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$WORK*" -printf '%h\n' 2>/dev/null)
			((${#pids[@]})) || break
			if [[ $step == [A-Z]* ]]; then kill -"$step" "${pids[@]#/proc/}" 2>/dev/null; else sleep 0.1; fi
		done
		rm -rf --one-file-system "$WORK" ${MODULES_TMP:+"$MODULES_TMP"}
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
# PostgreSQL and Node.js
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
	((MAJOR >= 15)) || die "PostgreSQL $MAJOR is not supported; 15, 17 and 18 are."
	PATH=${PG_CONFIG%/*}:$PATH
	export PG_CONFIG PATH
}

# Puts a Node.js that will do first in PATH, where one is: of PATH, or Debian's. 18.15 brought the option.
choose_node() {
	local node
	while read -r node; do
		if as_user "$node" --test-reporter=spec -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' >/dev/null 2>&1; then
			as_user ln -sf "$node" "$WORK/bin/node"
			[[ $PATH == "$WORK/bin:"* ]] || PATH=$WORK/bin:$PATH
			return 0
		fi
	done < <(type -ap node; echo /usr/bin/node)
	return 1
}

#
# Packages
#

# The directories whose npm packages are needed: next-auth 3's, and those of today's adapters. A script may want fewer.
MODULES=(test/adapters test/adapters/authjs)
# The perl modules that are needed, as package=module.
PERL_MODULES=(libipc-run-perl=IPC::Run)
# The programs that are needed, each of a package of its name.
PROGRAMS=(curl zip unzip sqlite3)

# Prints the Debian packages that are missing.
missing_packages() {
	local bin=${PG_CONFIG%/*} modules perl program
	[[ -x $bin/postgres ]] || echo "postgresql-$MAJOR"
	[[ -n $INSTALLED ]] || missing_build_packages
	((!${#MODULES[@]})) || choose_node || echo nodejs
	for modules in "${MODULES[@]}"; do
		if [[ ! -d $(modules_dir "$modules") ]] && [[ -z $(type -P npm) ]]; then
			# fetch-npm.mjs asks it where npm is; Debian's npm comes with some 350 packages.
			[[ -e /usr/share/nodejs/registry-url ]] || echo node-registry-url
			[[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
			break
		fi
	done
	for perl in "${PERL_MODULES[@]}"; do
		perl "-M${perl#*=}" -e 1 2>/dev/null || echo "${perl%%=*}"
	done
	for program in "${PROGRAMS[@]}"; do command -v "$program" >/dev/null || echo "$program"; done
}

missing_build_packages() {
	# The client's package has pg_config and pgxs.mk, but no headers.
	[[ -x $PG_CONFIG && -e $("$PG_CONFIG" --pgxs) && -e $("$PG_CONFIG" --includedir-server)/postgres.h ]] ||
		echo "postgresql-server-dev-$MAJOR"
	command -v make >/dev/null || echo make
	if ! command -v gcc >/dev/null; then
		printf '%s\n' gcc libc6-dev
	elif ! gcc -E -include stdio.h -x c /dev/null >/dev/null 2>&1; then
		echo libc6-dev
	fi
}

# Prints the version of a Debian package, if it is installed.
version_of() { dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' || :; }

# Gives PostgreSQL's packages among those named the version of what is installed of the same major; what goes with them, too.
pin_versions() {
	local package version
	for package in "$@"; do
		version=
		case $package in
		postgresql-server-dev-*) version=$(version_of "postgresql-client-${package##*-}") ;;
		postgresql-[0-9]*) version=$(version_of "postgresql-client-${package#postgresql-}") ;;
		esac
		echo "$package${version:+=$version}"
	done
	# The headers of the server need libpq-dev, which needs its own version of libpq5.
	if [[ " $*" == *" postgresql-server-dev-"* ]] && version=$(version_of libpq5) && [[ -n $version ]] &&
		[[ -z $(version_of libpq-dev) ]]; then
		echo "libpq-dev=$version"
	fi
}

# Fails if apt, which knows of packages at all, knows none of a PostgreSQL that is among the packages named.
require_available() {
	local package
	for package in "$@"; do
		if [[ $package =~ ^postgresql-(server-dev-)?([0-9]+)$ ]] && apt-cache show make >/dev/null 2>&1 &&
			! apt-cache show "$package" >/dev/null 2>&1; then
			die "PostgreSQL ${BASH_REMATCH[2]} is not installed, and apt's sources do not have it. PG_CONFIG selects another."
		fi
	done
}

# Installs without questions, and without removing anything or restarting a service.
apt_get() {
	DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q --no-install-recommends --no-remove \
		-o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Turns what apt reports of its progress into a line for each fifth.
show_progress() {
	local kind percent last=0
	while IFS=: read -r kind _ percent _; do
		percent=${percent%.*}
		if [[ $kind == ??status && $percent -ge $((last + 20)) ]]; then
			last=$((percent / 20 * 20))
			printf '%s: %d %%\n' "$1" "$last"
		fi
	done
}

# Sets PACKAGES to those named, each with the version that it is to have, PLAN to what apt says to them, and UPGRADES to
# what it would upgrade of PostgreSQL's servers and libraries. Fails if it cannot install them.
plan_installation() {
	local status=0
	mapfile -t PACKAGES < <(pin_versions "$@")
	if ! PLAN=$(apt_get -s install "${PACKAGES[@]}" 2>&1); then
		# What is installed may be older than what can be had.
		PACKAGES=("$@")
		PLAN=$(apt_get -s install "$@" 2>&1) || status=$?
	fi
	UPGRADES=$(sed -nE 's/^Inst ((postgresql|libpq)[^ ]*) \[([^]]*)\] \(([^ ]*).*/  \1 \3 to \4/p' <<<"$PLAN")
	return "$status"
}

# Installs the packages named. A PostgreSQL server among them creates no cluster and starts nothing; one that is installed
# stays as it is.
apt_install() {
	say "Installing $*"
	run_waiting quietly apt_get update || : # one source of several may be out of reach
	require_available "$@"
	plan_installation "$@" || die "$PLAN"
	[[ -z $UPGRADES || -n ${NEXTAUTH_UPGRADE:-} ]] || die "To install them, apt would have to upgrade
$UPGRADES
which stops and restarts the servers that run. Nothing has been changed. Upgrade them at a time of your choice, or set
NEXTAUTH_UPGRADE=1 to have it done now."
	apt_get --assume-no install "${PACKAGES[@]}" 2>/dev/null | grep -E '^(Need to get|After this operation|[0-9]+ upgraded)' || :

	# What is downloaded is kept only where the administrator says so.
	ARCHIVES=
	if [[ $(apt-config dump APT::Keep-Downloaded-Packages) != *true* ]]; then
		ARCHIVES=$(mktemp -d /var/cache/nextauth-apt.XXXXXX)
		chmod 755 "$ARCHIVES"
		install -d -m 700 -o _apt "$ARCHIVES/partial"
	fi
	download_packages
	install_packages
	ARCHIVES=
}

# Downloads PACKAGES to ARCHIVES, if that is set. A Ctrl-C ends it at once.
download_packages() {
	local log=$WORK/apt.log
	set -m # a process group, for cleanup() to end
	{ apt_get -o APT::Status-Fd=3 ${ARCHIVES:+-o "Dir::Cache::Archives=$ARCHIVES"} -y --download-only install \
		"${PACKAGES[@]}" 3>&1 >"$log" 2>&1 | show_progress Downloading | signs_of_life; } &
	DOWNLOAD=$!
	set +m
	wait "$DOWNLOAD" || die "$(grep '^[EW]:' "$log")"
	DOWNLOAD=
}

# Installs what was downloaded. A Ctrl-C ends this script at once, and leaves apt to come to its end by itself.
install_packages() {
	local log=$WORK/apt.log pid
	trap 'echo "apt goes on with what it has begun to install."; exit 130' INT
	set -m # in a process group of its own, which a Ctrl-C does not reach
	{
		cd / # cleanup() ends what is in $WORK
		trap 'rm -rf "$NO_CLUSTER" ${ARCHIVES:+"$ARCHIVES"}' EXIT
		mkdir -p "${NO_CLUSTER%/*}"
		echo 'create_main_cluster = false' >"$NO_CLUSTER"
		apt_get -o APT::Status-Fd=3 ${ARCHIVES:+-o "Dir::Cache::Archives=$ARCHIVES"} -y install "${PACKAGES[@]}" \
			3>&1 >"$log" 2>&1 | show_progress Installing | signs_of_life
	} &
	pid=$!
	set +m
	wait "$pid" || die "$(tail -n 50 "$log")"
	trap 'exit 130' INT
}

# Runs a command in the background, as a shell that waits acts on a signal at once.
run_waiting() {
	{ "$@" </dev/null | signs_of_life; } &
	wait $!
}

quietly() { "$@" >/dev/null 2>&1; }
# A command whose own output is redirected in a pipeline would end the pipe at once.
logged() { "$@" >"$WORK/build.log" 2>&1; }

# Says what an administrator has to install: for every script, so that they are asked once.
ask_administrator() {
	local packages has_server='' without=''
	MODULES=(test/adapters test/adapters/authjs)
	PERL_MODULES=(libipc-run-perl=IPC::Run)
	mapfile -t PROGRAMS < <(printf '%s\n' curl zip unzip sqlite3 "${PROGRAMS[@]}" | sort -u)
	mapfile -t packages < <(missing_packages)
	require_available "${packages[@]}"
	plan_installation "${packages[@]}" || mapfile -t PACKAGES < <(pin_versions "${packages[@]}")
	if [[ " ${packages[*]}" =~ " postgresql-"[0-9] ]]; then has_server=yes without=", without a cluster of their own"; fi
	echo "Missing Debian packages: ${packages[*]}"
	if [[ " ${packages[*]} " == *" nodejs "* ]] && command -v node >/dev/null; then
		echo "Node.js is too old: $(command -v node) is $(node --version), and 18.15 is needed."
	fi
	[[ -z $UPGRADES ]] || printf 'This upgrades, and stops and restarts the servers that run:\n%s\n' "$UPGRADES"
	echo "As root, install them$without:"
	echo
	[[ -z $has_server ]] || echo "  mkdir -p ${NO_CLUSTER%/*}
  echo 'create_main_cluster = false' >$NO_CLUSTER"
	echo "  apt-get update"
	echo "  apt-get install --no-install-recommends ${PACKAGES[*]}"
	[[ -z $has_server ]] || echo "  rm $NO_CLUSTER"
}

# Makes sure of everything that building and testing takes, or says what an administrator has to install.
require_packages() {
	local missing
	mapfile -t missing < <(missing_packages)
	if ((${#missing[@]})); then
		((EUID == 0)) || die "$(ask_administrator)"
		apt_install "${missing[@]}"
		mapfile -t missing < <(missing_packages)
		((!${#missing[@]})) || die "Still missing after the installation: ${missing[*]}"
	fi
	((!${#MODULES[@]})) || choose_node
}

# Prints the Debian packages of the other databases that are missing. MySQL's and MariaDB's exclude each other.
missing_engines() {
	command -v sqlite3 >/dev/null || echo sqlite3
	command -v mariadbd >/dev/null || command -v mysqld >/dev/null || printf '%s\n' mariadb-{server,client}-core
	# In MongoDB's place.
	[[ -e /usr/share/postgresql/$MAJOR/extension/documentdb.control ]] || echo "postgresql-$MAJOR-documentdb"
}

# Installs what this Debian has of the other databases, or names it to whoever may not install anything: the tests of those
# that are missing are skipped.
offer_engines() {
	local package packages=()
	while read -r package; do
		! apt-cache show "$package" >/dev/null 2>&1 || packages+=("$package")
	done < <(missing_engines)
	if ((!${#packages[@]})); then
		return 0
	elif ((EUID == 0)); then
		apt_install "${packages[@]}"
	else
		echo "Other databases are tested where these Debian packages are installed: ${packages[*]}"
	fi
}

# Where the packages of a directory's lock file are, or will be.
modules_dir() {
	local key
	key=$(cat "$TOP/$1"/{package.json,package-lock.json,.npmrc} | sha256sum)
	printf '%s/npm/%s\n' "$CACHE" "${key:0:16}"
}

# Runs npm: the one in PATH, or one that is fetched for this.
npm() {
	if [[ -n $(type -P npm) ]]; then
		command npm "$@"
	else
		[[ -d $WORK/npm ]] || node "$TOP/test/fetch-npm.mjs" "$WORK/npm" || return 1
		node "$WORK/npm/bin/npm-cli.js" "$@"
	fi
}

# Installs the packages of MODULES into the cache unless they are there. No package's own script runs.
install_modules() {
	local from dir
	for from in "${MODULES[@]}"; do
		dir=$(modules_dir "$from")
		[[ ! -d $dir ]] || continue
		say "Installing the $(grep -c '"node_modules/' "$TOP/$from/package-lock.json") npm packages of $from"
		mkdir -p "${dir%/*}" && MODULES_TMP=$(mktemp -d "${dir%/*}/tmp.XXXXXX") || return 1
		if cp "$TOP/$from"/{package.json,package-lock.json,.npmrc} "$MODULES_TMP" && chmod 755 "$MODULES_TMP" &&
			(cd "$MODULES_TMP" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
				--cache "${npm_config_cache:-$MODULES_TMP/.npm}" </dev/null | signs_of_life) &&
			rm -rf "$MODULES_TMP/.npm" && mv -T "$MODULES_TMP" "$dir"; then
			continue
		fi
		rm -rf "$MODULES_TMP"
		[[ -d $dir ]] || return 1 # another run may have been first
	done
	MODULES_TMP=
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
	[[ -z $INSTALLED ]] || return 0
	as_user make -s clean && as_user make -s -j "$(nproc)" && as_user make -s install "DESTDIR=$WORK/root" >/dev/null
}

# Prints the settings by which a server finds what build() made.
extension_settings() {
	[[ -z $INSTALLED ]] || return 0
	echo "dynamic_library_path = '$WORK/root$("$PG_CONFIG" --pkglibdir):\$libdir'"
	if ((MAJOR >= 18)); then
		echo "extension_control_path = '$WORK/root$("$PG_CONFIG" --sharedir):\$system'"
	else
		echo "extension_destdir = '$WORK/root'" # Debian's patch
	fi
}

# Starts a server in $WORK and points the environment at it. Clusters of PostgreSQL::Test get the settings by TEMP_CONFIG.
start_server() {
	extension_settings | as_user tee "$WORK/extension.conf" >/dev/null
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
