using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>How one value becomes a value of another version's type.</summary>
internal abstract record MigrationStep
{
    private MigrationStep() { }

    /// <summary>The same memory means the same.</summary>
    public sealed record Keep : MigrationStep;
    /// <summary>A number of a wider type; never fails.</summary>
    public sealed record Widen(BuiltinType From, BuiltinType To) : MigrationStep;
    /// <summary>The inverse of <see cref="Widen"/>: fails for a value that does not fit.</summary>
    public sealed record Narrow(BuiltinType From, BuiltinType To) : MigrationStep;
    /// <summary>Into Some of the option.</summary>
    public sealed record Wrap(ClosedType.Nominal Option, MigrationStep Inner) : MigrationStep;
    /// <summary>The inverse of <see cref="Wrap"/>: fails for None.</summary>
    public sealed record Unwrap(ClosedType.Nominal Option, MigrationStep Inner) : MigrationStep;
    /// <summary>By the function of a pair of types.</summary>
    public sealed record Convert(MigrationPair Pair) : MigrationStep;

    public static readonly MigrationStep Same = new Keep();
}

/// <summary>Two types of which one becomes the other in a function of its own; made once for each pair, so recursive types end.</summary>
internal sealed class MigrationPair(ClosedType from, ClosedType to)
{
    public ClosedType From { get; } = from;
    public ClosedType To { get; } = to;
    /// <summary>Set when the types have been compared.</summary>
    public MigrationBody? Body { get; set; }
}

/// <summary>What the function of a pair does.</summary>
internal abstract record MigrationBody
{
    private MigrationBody() { }

    /// <summary>A struct, record or tuple; a source for each field of the result, in declaration order.</summary>
    public sealed record Product(ImmutableArray<FieldSource> Fields) : MigrationBody;
    /// <summary>An enum; for each variant of the value.</summary>
    public sealed record Sum(ImmutableArray<VariantStep> Variants) : MigrationBody;
    /// <summary>A vector, element by element.</summary>
    public sealed record Elements(MigrationStep Element) : MigrationBody;
    /// <summary>A range: both bounds.</summary>
    public sealed record Bounds(MigrationStep Bound) : MigrationBody;
    /// <summary>A function of the user takes the fields.</summary>
    public sealed record Written(CodeChange Change) : MigrationBody;
}

/// <summary>Where a field of the result comes from.</summary>
internal abstract record FieldSource
{
    private FieldSource() { }
    public sealed record Taken(int Field, MigrationStep Step) : FieldSource;
    public sealed record Default(ConstSymbol Value) : FieldSource;
    public sealed record Nothing : FieldSource;
}

/// <summary>What becomes of a value of one variant.</summary>
internal abstract record VariantStep
{
    private VariantStep() { }
    public sealed record Becomes(int Variant, ImmutableArray<FieldSource> Fields) : VariantStep;
    public sealed record Written(CodeChange Change) : VariantStep;
    /// <summary>The other version has no such variant; the migration fails for it. In inverses only.</summary>
    public sealed record Missing(string Name) : VariantStep;
}

/// <summary>A call of a user's <c>code_change</c>: the record that it takes, and for each of its labels a field of the value.</summary>
internal sealed record CodeChange(FunctionSymbol Function, ImmutableArray<ClosedType> Arguments, ClosedType.Record Row, ImmutableArray<FieldSource.Taken> Fields, bool CanFail);
