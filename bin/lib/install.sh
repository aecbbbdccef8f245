# What both bin/run and bin/test need from the machine. Sourced, never run.
#
# Each want_… function notes the packages that are missing; install_wanted then installs them in
# one go as root, or says what to type.

wanted=()

# Each argument is a line.
say() { printf '%s\n' "$@" >&2; }

give_up() {
    say "$@"
    exit 1
}

# The newest PostgreSQL's folder of programs, empty if there is none.
postgres_bin() {
    local initdb
    initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    initdb=${initdb:-$(command -v initdb || true)}
    if [ -n "$initdb" ]; then dirname "$(readlink -f "$initdb")"; fi
}

want_postgres() {
    [ -n "$(postgres_bin)" ] || wanted+=(postgresql)
}

# Older ones lack what the schema uses. A distribution's package may be too old.
check_postgres() {
    local version
    version=$("$(postgres_bin)/initdb" --version | grep -oE '[0-9]+' | head -n 1)
    [ "$version" -ge 15 ] || give_up \
        "本机的 PostgreSQL 是 $version,需要 15 或更新的版本。" \
        "请使用 Debian 12、Ubuntu 24.04 或更新的系统,或:bin/docker-env && docker compose up --build"
}

want_compiler() {
    command -v cc >/dev/null || wanted+=(gcc libc6-dev)
}

# The tests drive a browser; their client is built against OpenSSL.
want_browser() {
    command -v chromium >/dev/null || wanted+=(chromium)
    command -v chromedriver >/dev/null || wanted+=(chromium-driver)
    [ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ] || wanted+=(fontconfig fonts-noto-cjk)
    command -v pkg-config >/dev/null || wanted+=(pkg-config)
    [ -e /usr/include/openssl/ssl.h ] || wanted+=(libssl-dev)
}

# The tests let other programs read what is exported.
want_office() {
    command -v soffice >/dev/null || wanted+=(libreoffice-calc-nogui)
    /usr/bin/python3 -c 'import openpyxl' 2>/dev/null || wanted+=(python3-openpyxl)
}

# Ubuntu's package is only a pointer to a snap, which does not run everywhere.
check_browser() {
    chromium --version >/dev/null 2>&1 && chromedriver --version >/dev/null 2>&1 || give_up \
        "chromium 或 chromedriver 不能运行。Ubuntu 的 chromium 软件包只是 snap 的入口,在容器中不可用。" \
        "请在 Debian 上运行测试,或自行安装可用的 chromium 与 chromedriver 并放入 PATH。"
}

check_cargo() {
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH=$HOME/.cargo/bin:$PATH
    fi
    command -v cargo >/dev/null || give_up \
        "没有找到 cargo。请先安装 Rust(https://rustup.rs),再重新运行。"
    local needed found
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(cargo --version | cut -d ' ' -f 2)
    [ "$(printf '%s\n' "$needed" "$found" | sort -V | head -n 1)" = "$needed" ] || give_up \
        "本机的 Rust 是 $found,需要 $needed 或更新的版本。请运行:rustup update stable"
}

install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || give_up \
        "缺少:${wanted[*]}。本机没有 apt-get,请用系统的包管理器安装,或:bin/docker-env && docker compose up --build"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3)
    if [ "$(id -u)" != 0 ]; then
        # A build server's user may become root without being asked.
        if [ -n "${CI:-}" ] && sudo -n true 2>/dev/null; then
            apt=(sudo -n "${apt[@]}")
        else
            give_up "缺少:${wanted[*]}。请先运行:" \
                "    sudo apt-get update && sudo apt-get install -y ${wanted[*]}" \
                "不想安装的话,也可以用容器:bin/docker-env && docker compose up --build"
        fi
    fi
    say "正在安装:${wanted[*]} ……"
    local log
    log=$(mktemp)
    for pause in 0 5 15; do
        sleep "$pause"
        # The lists may be absent or older than the archive.
        if { [ "$pause" = 0 ] && compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null ||
            "${apt[@]}" update; } >>"$log" 2>&1 &&
            "${apt[@]}" install --no-install-recommends "${wanted[@]}" >>"$log" 2>&1; then
            rm -f "$log"
            wanted=()
            return 0
        fi
    done
    tail -n 20 "$log" >&2
    give_up "安装失败:${wanted[*]}。完整记录在 $log。"
}
