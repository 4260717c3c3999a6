# Sourced by ./kea and ./test: installs missing packages and builds what is missing or older than its
# sources. Says one line per step on a terminal's standard error and nothing when all is there; what the
# tools print goes to .build/log and is shown only when a step fails.

build_dir="$root/.build"
stamp="$build_dir/stamp"

say() { printf 'kea: %s\n' "$*" >&2; }

run_step() { # TITLE LOG COMMAND...
  local title=$1 log="$build_dir/log/$2" started=$SECONDS
  shift 2
  mkdir -p "$build_dir/log"
  say "$title ..."
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    say "$title failed after $((SECONDS - started)) s; the whole output is in ${log#"$root"/}"
    exit 1
  fi
}

packages() { sed 's/#.*//' "$root/packages.txt" | xargs -n1; }

missing_packages() {
  local name
  for name in $(packages); do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || printf '%s ' "$name"
  done
}

install_packages() {
  local missing command
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command="apt-get install -y --no-install-recommends $missing"
  if [ "$(id -u)" = 0 ]; then
    run_step "updating the package lists" apt-update.log apt-get update
    run_step "installing $missing" apt.log env DEBIAN_FRONTEND=noninteractive $command
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run_step "updating the package lists" apt-update.log sudo apt-get update
    run_step "installing $missing" apt.log sudo env DEBIAN_FRONTEND=noninteractive $command
  else
    say "these Debian packages are missing; please install them and try again:"
    printf '    sudo apt-get update && sudo %s\n' "$command" >&2
    exit 1
  fi
}

# True when nothing that is built from is newer than the stamp.
is_fresh() {
  [ -e "$stamp" ] && [ -z "$(find "$root/src" "$root/stdlib" "$root/runtime" "$root/native" "$root/tools" \
    "$root"/Directory.*.props "$root/CMakeLists.txt" "$root/packages.txt" \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]
}

build_native() {
  cmake -S "$root" -B "$build_dir/native" -G Ninja -DCMAKE_BUILD_TYPE=Release && cmake --build "$build_dir/native" --target kea_runtime kea_musl kea_inline
}

publish_toolchain() {
  dotnet publish "$root/src/Kea.Cli/Kea.Cli.csproj" -c Release -o "$build_dir/kea.new" \
    -p:RestoreLockedMode=true --nologo -v quiet || return 1
  mkdir -p "$build_dir/kea.new/stdlib"
  cp -r "$root/stdlib/." "$build_dir/kea.new/stdlib/"
  rm -rf "$build_dir/kea.old"
  [ ! -e "$build_dir/kea" ] || mv "$build_dir/kea" "$build_dir/kea.old"
  mv "$build_dir/kea.new" "$build_dir/kea"
  rm -rf "$build_dir/kea.old"
}

setup() {
  is_fresh && return 0
  mkdir -p "$build_dir"
  exec 9>"$build_dir/lock"
  flock 9
  if is_fresh; then exec 9>&-; return 0; fi
  local begun="$build_dir/stamp.begun"
  touch "$begun"
  install_packages
  if ! command -v dotnet >/dev/null 2>&1; then
    say "the .NET 10 SDK is missing: install it so that 'dotnet --version' prints 10.0 or later, then try again"
    exit 1
  fi
  run_step "building the runtime" native.log build_native
  run_step "building the toolchain" toolchain.log publish_toolchain
  mv "$begun" "$stamp"
  exec 9>&-
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
