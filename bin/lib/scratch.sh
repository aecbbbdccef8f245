# A throw-away database with all migrations, for checking queries. Sourced, never run.
#
# It does not use the program: while a new query is not in the cache, the program cannot be built.

# Sets scratch_url. The database is gone when the script is.
start_scratch() {
    local bin become=() file
    bin=$(postgres_bin)
    scratch=$(mktemp -d /tmp/street-whistle-scratch.XXXXXX)
    if [ "$(id -u)" = 0 ]; then
        chown postgres: "$scratch"
        become=(--reuid postgres --regid postgres --init-groups)
    fi
    trap stop_scratch EXIT
    cd "$scratch"
    setpriv "${become[@]}" --pdeathsig KILL -- "$bin/initdb" -D "$scratch/data" -U postgres \
        -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync >"$scratch.log"
    setpriv "${become[@]}" --pdeathsig QUIT -- "$bin/postgres" -D "$scratch/data" -k "$scratch" \
        -c listen_addresses= -c fsync=off >>"$scratch.log" 2>&1 &
    scratch_id=$!
    cd "$OLDPWD"

    until "$bin/pg_isready" -q -h "$scratch"; do
        kill -0 "$scratch_id" 2>/dev/null || {
            cat "$scratch.log" >&2
            return 1
        }
        sleep 0.05
    done
    local psql=("$bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$scratch" -U postgres)
    "${psql[@]}" -d postgres -c 'create database street_whistle'
    for file in migrations/*.sql; do
        PGOPTIONS='-c client_min_messages=warning' \
            "${psql[@]}" -d street_whistle --single-transaction -f "$file" >/dev/null
    done
    scratch_url="postgres://postgres@localhost/street_whistle?host=$scratch"
}

stop_scratch() {
    if [ -n "${scratch_id:-}" ]; then
        kill -QUIT "$scratch_id" 2>/dev/null && wait "$scratch_id" 2>/dev/null || true
    fi
    rm -rf "$scratch" "$scratch.log"
}
