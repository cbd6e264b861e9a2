#!/bin/sh
# A private FreeRADIUS for tests and demonstrations: its own configuration in DIR, on 127.0.0.1:PORT, reading the SQLite
# data base DIR/radius.sqlite (tables radcheck, radreply). Needs Debian's `freeradius`; runs as whoever calls it.
#
#   freeradius.sh prepare DIR PORT SECRET    write the configuration
#   freeradius.sh run DIR                    run in the foreground
set -eu

binary=$(command -v freeradius || command -v radiusd || true)
[ -n "$binary" ] || { echo "FreeRADIUS is not installed (Debian: apt-get install freeradius)" >&2; exit 2; }
library=$(for d in /usr/lib/freeradius /usr/lib64/freeradius /usr/lib/*/freeradius; do [ -e "$d/rlm_sql_sqlite.so" ] && echo "$d" && break; done || true)
[ -n "$library" ] || { echo "rlm_sql_sqlite of FreeRADIUS is not installed" >&2; exit 2; }

case "${1:-}" in
prepare)
    dir=$(cd "$2" && pwd) port=$3 secret=$4
    umask 077
    mkdir -p "$dir/raddb" "$dir/run"
    # An empty file is an empty data base: the server may start before Yitai has made the tables.
    [ -e "$dir/radius.sqlite" ] || : > "$dir/radius.sqlite"
    # Where the distribution keeps its dictionaries.
    for d in /usr/share/freeradius /usr/local/share/freeradius; do
        [ -e "$d/dictionary" ] && { printf '$INCLUDE %s/dictionary\n' "$d" > "$dir/raddb/dictionary"; break; }
    done
    cat > "$dir/raddb/radiusd.conf" <<CONF
prefix = $dir
logdir = $dir/run
run_dir = $dir/run
raddbdir = $dir/raddb
libdir = $library
pidfile = $dir/run/radiusd.pid
max_request_time = 10
max_requests = 4096
hostname_lookups = no
log {
    destination = stdout
}
security {
    max_attributes = 200
    reject_delay = 0
    status_server = no
}
proxy_requests = no
thread pool {
    start_servers = 1
    max_servers = 4
    min_spare_servers = 1
    max_spare_servers = 2
}
client loopback {
    ipaddr = 127.0.0.1
    secret = $secret
    require_message_authenticator = no
}
modules {
    pap {
    }
    sql {
        driver = "rlm_sql_sqlite"
        dialect = "sqlite"
        sqlite {
            filename = "$dir/radius.sqlite"
            busy_timeout = 2000
        }
        radius_db = "radius"
        acct_table1 = "radacct"
        acct_table2 = "radacct"
        postauth_table = "radpostauth"
        authcheck_table = "radcheck"
        groupcheck_table = "radgroupcheck"
        authreply_table = "radreply"
        groupreply_table = "radgroupreply"
        usergroup_table = "radusergroup"
        read_groups = no
        read_profiles = no
        read_clients = no
        pool {
            start = 1
            min = 1
            max = 4
            spare = 1
            uses = 0
            retry_delay = 1
            lifetime = 0
            idle_timeout = 0
        }
        sql_user_name = "%{User-Name}"
        authorize_check_query = "SELECT id, username, attribute, value, op FROM radcheck WHERE username = '%{SQL-User-Name}' ORDER BY id"
        authorize_reply_query = "SELECT id, username, attribute, value, op FROM radreply WHERE username = '%{SQL-User-Name}' ORDER BY id"
    }
}
server default {
    listen {
        type = auth
        ipaddr = 127.0.0.1
        port = $port
    }
    authorize {
        sql
        pap
    }
    authenticate {
        Auth-Type PAP {
            pap
        }
    }
}
CONF
    "$binary" -XC -d "$dir/raddb" > "$dir/run/check.log" 2>&1 || { tail -5 "$dir/run/check.log" >&2; exit 1; }
    ;;
run)
    dir=$(cd "$2" && pwd)
    exec "$binary" -f -l stdout -d "$dir/raddb"
    ;;
*)
    sed -n '2,7p' "$0" >&2
    exit 64
    ;;
esac
