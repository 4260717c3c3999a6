# Sourced by ./kea and ./test: installs missing packages and builds what is missing or older than its
# sources. Says one line per step on a terminal's standard error and nothing when all is there; what the
# tools print goes to .build/log and is shown only when a step fails.

build_dir="$root/.build"
stamp="$build_dir/stamp"

# Which framework the toolchain was precompiled with, and runs on: the path of its core library, or nothing when
# any .NET 10 will do. See docs/decisions/0012-precompiled-with-its-framework.md.
core_library=""
[ ! -e "$build_dir/framework" ] || read -r core_library <"$build_dir/framework"

say() { printf 'kea: %s\n' "$*" >&2; }

run_step() { # TITLE LOG COMMAND...
  local title=$1 log="$build_dir/log/$2" started=$SECONDS
  shift 2
  mkdir -p "$build_dir/log"
  say "$title ..."
  # Without the lock of the set-up: a compiler's server that a step leaves running would keep it.
  if ! "$@" >"$log" 2>&1 </dev/null 9>&-; then
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

# True when nothing that is built from is newer than the stamp, and the framework is the one that was built with.
is_fresh() {
  [ -e "$stamp" ] && [ -e "$build_dir/framework" ] || return 1
  if [ -n "$core_library" ]; then
    [ -e "$core_library" ] && [ -z "$(find "$core_library" -cnewer "$stamp" 2>/dev/null)" ] || return 1
  fi
  [ -z "$(find "$root/src" "$root/stdlib" "$root/runtime" "$root/native" "$root/tools" \
    "$root"/Directory.*.props "$root/CMakeLists.txt" "$root/packages.txt" \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]
}

build_native() {
  cmake -S "$root" -B "$build_dir/native" -G Ninja -DCMAKE_BUILD_TYPE=Release && cmake --build "$build_dir/native" --target kea_runtime kea_musl kea_inline
}

publish_toolchain() { # true when bound to this machine's framework, or false
  dotnet publish "$root/src/Kea.Cli/Kea.Cli.csproj" -c Release -o "$build_dir/kea.new" -p:FrameworkBubble="$1" \
    -p:RestoreLockedMode=true --nologo -v quiet || return 1
}

# The core library of the framework that the published toolchain names, as the dotnet on the path has it.
framework_in_use() {
  local version
  version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$build_dir/kea.new/kea-cli.runtimeconfig.json" | head -n 1)
  dotnet --list-runtimes | sed -n "s|^Microsoft.NETCore.App $version \[\(.*\)\]\$|\1/$version/System.Private.CoreLib.dll|p"
}

# The runtime refuses precompiled code of another framework than its own, so whether it starts decides.
build_toolchain() {
  rm -rf "$build_dir/kea.new"
  publish_toolchain true || return 1
  core_library=$(framework_in_use)
  use_framework
  if [ -z "$core_library" ] || ! "$build_dir/kea.new/kea-cli" --version; then
    echo "the installed framework is not the one that the compiler's package was made for; taking portable code"
    core_library=""
    publish_toolchain false || return 1
  fi
  mkdir -p "$build_dir/kea.new/stdlib"
  cp -r "$root/stdlib/." "$build_dir/kea.new/stdlib/"
  rm -rf "$build_dir/kea.old"
  [ ! -e "$build_dir/kea" ] || mv "$build_dir/kea" "$build_dir/kea.old"
  mv "$build_dir/kea.new" "$build_dir/kea"
  rm -rf "$build_dir/kea.old"
  printf '%s\n' "$core_library" >"$build_dir/framework"
}

# The toolchain's program must find the framework that it was built with, and not another installation's.
use_framework() {
  [ -z "$core_library" ] || export DOTNET_ROOT="${core_library%/shared/Microsoft.NETCore.App/*}"
}

setup() {
  if is_fresh; then use_framework; return 0; fi
  mkdir -p "$build_dir"
  exec 9>"$build_dir/lock"
  flock 9
  [ ! -e "$build_dir/framework" ] || read -r core_library <"$build_dir/framework"
  if is_fresh; then exec 9>&-; use_framework; return 0; fi
  local begun="$build_dir/stamp.begun"
  touch "$begun"
  install_packages
  if ! command -v dotnet >/dev/null 2>&1; then
    say "the .NET 10 SDK is missing: install it so that 'dotnet --version' prints 10.0 or later, then try again"
    exit 1
  fi
  run_step "building the runtime" native.log build_native
  run_step "building the toolchain" toolchain.log build_toolchain
  mv "$begun" "$stamp"
  exec 9>&-
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
