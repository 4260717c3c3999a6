using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>The C services of the runtime that lowering refers to; prototypes in <c>runtime/include/kea/runtime.h</c>.</summary>
/// <remarks>References are borrowed and results owned, except where a capital says that a reference (S), or a reference or null (N), is consumed.</remarks>
public static class RuntimeFunctions
{
    private static readonly MirType _char = MirType.I32;

    public static readonly RuntimeFunction
        IntToString = Pure("int_to_string", "i", MirType.Ref),
        UIntToString = Pure("uint_to_string", "i", MirType.Ref),
        FloatToString = Pure("float_to_string", "f", MirType.Ref),
        CharToString = Pure("char_to_string", "c", MirType.Ref),
        StringConcat = Effect("string_concat", "Ss", MirType.Ref),
        StringAppendChar = Effect("string_append_char", "Sc", MirType.Ref),
        StringEqual = Pure("string_equal", "ss", MirType.Boolean),
        StringCompare = Pure("string_compare", "ss", MirType.I64),
        StringHash = Pure("hash_string", "s", MirType.I64),
        TextContains = Pure("text_contains", "ss", MirType.Boolean),
        PointerAlloc = Effect("ptr_alloc", "ii", MirType.Raw),
        PointerFree = Effect("ptr_free", "p", MirType.Nothing),
        TestCheckWithMessage = Panics("test_check_with_message", "bs", MirType.Nothing),
        TestFailed = Effect("test_failed", "S", MirType.Nothing),
        UnhandledFail = Panics("unhandled_fail", "N", MirType.Nothing),
        LiveLoop = Panics("live_loop", "SSss", MirType.Ref),
        LiveKept = Panics("live_kept", "ss", new MirType.Reference(false, true)),
        LiveKeep = Effect("live_keep", "sSs", MirType.Nothing);

    private static readonly FrozenDictionary<string, RuntimeFunction> _all = Table().ToFrozenDictionary(f => f.Symbol);

    /// <summary>The service behind <c>@intrinsic("__kea_…")</c>, or null.</summary>
    public static RuntimeFunction? Find(string intrinsic) =>
        intrinsic.StartsWith("__kea_", StringComparison.Ordinal) && _all.TryGetValue(intrinsic[2..], out var found) ? found : null;

    private static IEnumerable<RuntimeFunction> Table() =>
    [
        IntToString, UIntToString, FloatToString, CharToString, StringConcat, StringAppendChar, StringEqual, StringCompare, StringHash, TextContains,
        PointerAlloc, PointerFree, TestFailed, UnhandledFail, LiveLoop, LiveKept, LiveKeep,
        Effect("live_version", "", MirType.I64),
        Blocks("io_stdout", "s", MirType.Nothing), Blocks("io_stderr", "s", MirType.Nothing),
        Blocks("io_read_file", "s", MirType.Ref), Blocks("io_write_file", "ss", MirType.I64),
        Effect("io_exit", "i", MirType.Nothing), Effect("io_file_exists", "s", MirType.Boolean),
        Effect("io_env_var", "s", MirType.Ref), Effect("io_mkdir", "s", MirType.I64),
        Blocks("io_read_line", "", MirType.Ref), Effect("io_at_end", "", MirType.Boolean),
        Blocks("io_try_read", "s", MirType.Ref), Blocks("io_try_write", "ss", MirType.Boolean), Effect("io_last_error", "", MirType.Ref),
        Effect("io_arg_count", "", MirType.I64), Effect("io_arg", "i", MirType.Ref),
        Effect("clock_now", "", MirType.I64), Effect("clock_monotonic", "", MirType.I64), Blocks("clock_sleep", "i", MirType.Nothing),
        Effect("rand_seed", "i", MirType.Nothing), Effect("rand_int", "", MirType.I64),
        Pure("int_to_float", "i", MirType.F64), Pure("float_to_int", "f", MirType.I64),
        Pure("float_sqrt", "f", MirType.F64), Pure("float_floor", "f", MirType.F64), Pure("float_ceil", "f", MirType.F64),
        Pure("float_nearest", "f", MirType.F64), Pure("float_exp", "f", MirType.F64), Pure("float_log_e", "f", MirType.F64),
        Pure("float_pow", "ff", MirType.F64),
        Pure("char_to_int", "c", MirType.I64), Pure("char_from_int", "i", _char),
        Pure("text_starts_with", "ss", MirType.Boolean), Pure("text_ends_with", "ss", MirType.Boolean),
        Pure("text_index_of", "ss", MirType.I64), Pure("text_char_at", "si", MirType.I64),
        Pure("text_slice", "sii", MirType.Ref), Pure("text_to_upper", "s", MirType.Ref), Pure("text_to_lower", "s", MirType.Ref),
        Pure("text_trim", "s", MirType.Ref), Pure("text_replace", "sss", MirType.Ref), Effect("text_repeat", "si", MirType.Ref),
        Effect("text_as_ptr", "s", MirType.Raw), Effect("string_from_c_str", "p", MirType.Ref),
        Pure("float32_to_string", "g", MirType.Ref), Pure("float16_to_string", "h", MirType.Ref), Pure("text_index_from", "ssi", MirType.I64),
        Pure("text_length", "s", MirType.I64), Pure("text_to_float_valid", "s", MirType.Boolean), Pure("text_to_float_value", "s", MirType.F64),
        Pure("text_decode_char", "si", MirType.I64), Pure("text_char_width", "si", MirType.I64),
        Effect("string_with_capacity", "i", MirType.Ref), Effect("string_append", "Ss", MirType.Ref), Pure("string_hash", "s", MirType.I64),
        Pure("float_sin", "f", MirType.F64), Pure("float_cos", "f", MirType.F64),
        Effect("sys_malloc", "i", MirType.I64), Effect("sys_free", "i", MirType.Nothing),
        Panics("panic", "s", MirType.Nothing),
        Panics("test_check", "b", MirType.Nothing), TestCheckWithMessage,
    ];

    /// <summary>Reads nothing but its arguments and changes nothing; a dead call may go.</summary>
    private static RuntimeFunction Pure(string name, string parameters, MirType result) =>
        new("kea_" + name, true, Parameters(parameters), result, false, true);

    private static RuntimeFunction Effect(string name, string parameters, MirType result) =>
        new("kea_" + name, true, Parameters(parameters), result, false, false);

    private static RuntimeFunction Blocks(string name, string parameters, MirType result) => Effect(name, parameters, result) with { MayBlock = true };

    private static RuntimeFunction Panics(string name, string parameters, MirType result) =>
        new("kea_" + name, true, Parameters(parameters), result, true, false);

    private static ImmutableArray<(MirType, Ownership)> Parameters(string letters) => [.. letters.Select(letter => letter switch
    {
        's' => (MirType.Ref, Ownership.Borrowed),
        'S' => (MirType.Ref, Ownership.Owned),
        'N' => (new MirType.Reference(false, true), Ownership.Owned),
        'i' => (MirType.I64, Ownership.Owned),
        'f' => (MirType.F64, Ownership.Owned),
        'g' => (MirType.F32, Ownership.Owned),
        'h' => (new MirType.Float(16), Ownership.Owned),
        'b' => (MirType.Boolean, Ownership.Owned),
        'c' => (_char, Ownership.Owned),
        'p' => (MirType.Raw, Ownership.Owned),
        _ => throw new InvalidOperationException($"no parameter letter {letter}"),
    })];
}
