# Runs a throw-away PostgreSQL until standard input closes, which also happens when the program that
# started this dies of whatever cause. Arguments: the folder of PostgreSQL's programs, and a port.
set -eu
# Ctrl+C reaches everything in the terminal at once; the cluster goes when the tests are gone.
trap '' INT TERM HUP
dir=$(mktemp -d /tmp/samlop-postgres.XXXXXX)
server=
clean_up() {
    if [ -n "$server" ]; then
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$dir"
}
trap clean_up EXIT

"$1/initdb" -D "$dir/data" -U samlop -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || {
    cat "$dir/log" >&2
    exit 1
}
# Nothing here has to survive a power cut, so nothing waits for the disk.
"$1/postgres" -D "$dir/data" -k "$dir" -p "$2" \
    -c listen_addresses=127.0.0.1 -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    >"$dir/log" 2>&1 </dev/null &
server=$!

tries=0
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$dir/log" >&2
        exit 1
    fi
    sleep 0.1
done
echo ready
read -r _ || true
