# What `.ci/run` and `.ci/deep` have in common: to be sourced, from the workspace's root.

export CARGO_TERM_COLOR=never
export INSTA_UPDATE=no
# Nothing is built twice on a machine of CI's; elsewhere it is.
if [ -n "${CI:-}" ]; then
    export CARGO_INCREMENTAL=0
fi

target=${CARGO_TARGET_DIR:-target}
# Where `cargo build-all` puts programs.
built=$target/debug
tools=$target/venv-ci/bin

work=$(mktemp -d)
trap 'finish $?' EXIT

# The steps that are done: a line each.
table=
current=
began=0
cpu_began=0

# Begins a step, and so ends the one before.
step() {
    end_step
    current=$1
    printf '\n== %s (%s s)\n' "$current" "$SECONDS"
}

end_step() {
    local cpu
    times >"$work/times"
    cpu=$(cpu_s)
    if [ -n "$current" ]; then
        table+=$(printf '%5d %5d  %s' $((SECONDS - began)) $((cpu - cpu_began)) "$current")$'\n'
    fi
    began=$SECONDS
    cpu_began=$cpu
}

# Processor seconds of every program that has ended. `times` has to be asked by the shell that waited
# for them, and not by one of a pipe's.
cpu_s() {
    awk 'NR == 2 { gsub(/[ms]/, " "); print int($1 * 60 + $2 + $3 * 60 + $4) }' "$work/times"
}

# Tells how long each step took, whether or not all went well.
finish() {
    local code=$1
    [ "$code" = 0 ] || current+=' FAILED'
    end_step
    printf '\n wall   cpu  step, in seconds (%s cores)\n%s' "$(nproc)" "$table"
    printf '%5d %5d  in all\n' "$SECONDS" "$cpu_began"
    rm -rf "$work"
    exit "$code"
}

# Installs what cargo lacks: from PyPI, or where that has nothing for this machine, from sources.
install_tools() {
    local list=.ci/requirements.txt venv=$target/venv-ci
    if cmp --silent "$list" "$venv/requirements.txt"; then
        return
    fi
    rm -rf "$venv"
    python3 -m venv "$venv"
    if ! "$tools/pip" install --quiet --disable-pip-version-check --only-binary :all: -r "$list"; then
        sed -n 's/^astral-dev-toolchain-\(.*\)==\(.*\)$/\1@\2/p' "$list" \
            | xargs cargo install --quiet --locked --root "$venv"
    fi
    cp "$list" "$venv/requirements.txt"
}
