# What packaging/dist and packaging/deb share. Sourced by bash, never run.
# The version's number stands in nextauth.control alone, and its date in CHANGELOG.md, which has words instead of a date for
# a version that is being developed.
# shellcheck shell=bash

# shellcheck source=test/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../test/lib.sh"

# Prints what a line of the control file sets.
control() { sed -n "s/^$1 = '\(.*\)'$/\1/p" "$TOP/nextauth.control"; }

VERSION=$(control default_version)
RELEASED=$(sed -n "s/^## $VERSION (\(.*\))$/\1/p" "$TOP/CHANGELOG.md")
[[ -n $RELEASED ]] || die "CHANGELOG.md has no line \"## $VERSION (date)\"."

# The number in the notation of PGXN, which takes three parts, and in that of Debian; the state; the time of every file
SEMVER=$VERSION
while [[ $SEMVER != *.*.* ]]; do SEMVER+=.0; done
DEBVERSION=$VERSION-1
STATUS=stable
if [[ $RELEASED == [0-9]*-[0-9]*-[0-9]* ]]; then
	SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -u -d "$RELEASED" +%s)}
else
	SEMVER+=-dev
	DEBVERSION=$VERSION~dev-1
	STATUS=unstable
	SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$TOP" log -1 --format=%ct 2>/dev/null || date +%s)}
fi
export SOURCE_DATE_EPOCH

# Prints a template of packaging/ with its @NAMES@ replaced by what the variables of these names say.
fill() {
	local text name
	text=$(cat "$TOP/packaging/$1")
	for name in COMMENT SEMVER STATUS VERSION DEBVERSION MAINTAINER DATE; do text=${text//@$name@/${!name:-}}; done
	printf '%s\n' "$text"
}
export COMMENT
COMMENT=$(control comment)

# Makes $WORK/nextauth-SEMVER, the sources as they are released: what git would track, with META.json at the top.
make_sources() {
	local pattern
	make_work
	SOURCES=$WORK/nextauth-$SEMVER
	mv "$WORK/tree" "$SOURCES"
	cd "$SOURCES"
	# Outside of a checkout all files are copied.
	while read -r pattern; do
		# shellcheck disable=SC2086
		if [[ $pattern == /* ]]; then rm -rf .${pattern%/}; else find . -name "$pattern" -delete; fi
	done <.gitignore
	fill META.json | as_user tee META.json >/dev/null
}

# Makes a .tar.gz of $SOURCES, the same from the same sources.
make_tar() {
	tar -c --sort=name --owner=0 --group=0 --numeric-owner --mode=go-w --mtime="@$SOURCE_DATE_EPOCH" -C "$WORK" \
		"${SOURCES##*/}" | gzip -9n >"$1"
}

# Moves files to the directory named, and prints where they are.
deliver() {
	local to=$1
	shift
	mkdir -p "$to"
	cp "$@" "$to"
	(cd "$to" && ls "${@##*/}" | sed "s,^,$PWD/,")
}
