#!/bin/sh
# Builds static_program.c the way the compiler builds programs (bitcode of the runtime linked in,
# all but main internal, O2, lld with link.txt) and checks what comes out.
# usage: static_program.sh LLVM_BIN MUSL_DIR FOLDER COMPILER...
set -eu
llvm=$1 musl=$2 folder=$3
shift 3
here=$(dirname "$0")
mkdir -p "$folder"
cd "$folder"

fail() { echo "failed: $*" >&2; exit 1; }

build() { # PROGRAM COMPILER...
    program=$1
    shift
    "$@" -Xclang -disable-llvm-passes -emit-llvm -c "$here/static_program.c" -o program.bc
    "$llvm/llvm-link" program.bc "$musl/kea_runtime.bc" -o linked.bc
    "$llvm/opt" --internalize-public-api-list=main --passes='internalize,default<O2>' linked.bc -o optimised.bc
    "$llvm/llc" -O2 --relocation-model=static -function-sections -data-sections -filetype=obj optimised.bc -o program.o
    sed "s#{input}#program.o#; s#{output}#$program#" "$musl/link.txt" > arguments
    "$llvm/ld.lld" @arguments
}

build hello "$@" -DKEA_HELLO
[ "$(./hello)" = "hello, world" ] || fail "hello says $(./hello)"
size=$(wc -c < hello)
[ "$size" -le 90000 ] || fail "hello has $size bytes"

build program "$@"
"$llvm/llvm-dis" optimised.bc -o - | grep -q 'call.*@kea_alloc(' && fail "kea_alloc was not inlined"
"$llvm/llvm-readelf" -l program | grep -q INTERP && fail "not static"

expect() { # STATUS OUT ERROR ARGUMENTS...
    status=$1 out=$2 error=$3
    shift 3
    got=0
    KEA_CHECK_LEAKS=1 ./program "$@" > out 2> error || got=$?
    [ "$got" = "$status" ] || fail "status $got, not $status, with $*: $(cat error)"
    [ "$(cat out)" = "$out" ] || fail "printed $(cat out)"
    [ "$(cat error)" = "$error" ] || fail "reported $(cat error)"
}
text="499500
2.718281828459045"
expect 0 "$text" ""
expect 101 "$text" "panic: integer overflow
  at main.kea:3:7 in Main.fail
  backtrace:
    Main.fail" panic
expect 102 "$text" "kea: 5 live objects at exit
  5 List(Int).Cons" two arguments
expect 9 "$text" "" now three arguments
echo "hello: $size bytes"
