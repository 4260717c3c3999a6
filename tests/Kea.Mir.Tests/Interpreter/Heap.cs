namespace Kea.Mir.Tests;

/// <summary>A heap object of the interpreter. Values are boxed: long, double, Cell, object[] for aggregates, Odd, Nothing.</summary>
internal sealed class Cell(int serial, LayoutId layout)
{
    public int Serial { get; } = serial;
    public LayoutId Layout { get; set; } = layout;
    public int Count { get; set; } = 1;
    public bool IsImmortal { get; init; }
    public bool IsToken { get; set; }
    public string Text { get; set; } = "";
    public FunctionId Code { get; set; }
    public List<object> Fields { get; } = [];
    public int Capacity { get; set; }
}

/// <summary>A variant without payload.</summary>
internal sealed record Odd(int Variant);

/// <summary>Null, and unit.</summary>
internal sealed record Nothing
{
    public static readonly Nothing Value = new();
}

internal sealed class MirPanic(PanicKind kind, string message) : Exception($"{kind}: {message}")
{
    public PanicKind Kind { get; } = kind;
}

/// <summary>The program ran too long; says nothing about it.</summary>
internal sealed class OutOfFuel : Exception;

/// <summary>The interpreter caught the program at something that must not happen.</summary>
internal sealed class MirBroken(string message) : Exception(message);
