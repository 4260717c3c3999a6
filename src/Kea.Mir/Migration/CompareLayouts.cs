using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>One of the two versions whose types are compared; both are closed in one session, so equal names mean equal layouts.</summary>
internal sealed class ProgramSide(CheckedProgram program, Representation shapes)
{
    public CheckedProgram Program { get; } = program;
    public Representation Shapes { get; } = shapes;
}

/// <summary>Where in the state a type stands.</summary>
/// <param name="Owner">The type that holds it; empty for the state itself.</param>
/// <param name="Field">The field of the owner.</param>
/// <param name="Module">The module of the owner, where a code_change would stand.</param>
internal readonly record struct StatePlace(string Owner, string Field, string Path, string Module)
{
    /// <summary>Inside a library type, whose own fields nobody knows: the arguments that lead out of it again.</summary>
    private ImmutableArray<ClosedType> Hidden { get; init; }

    /// <summary>The type that the whole field has in the running version; null for a field that is new.</summary>
    public string? Runs { get; private init; }

    public static readonly StatePlace Top = new("", "", "state", "");
    public bool IsTop => Owner.Length == 0;
    public bool IsHidden => !Hidden.IsDefault;
    public string Subject => MigrationChange.SubjectOf(Owner, Field, Path);

    public StatePlace Element() => IsHidden ? this : this with { Path = Path + "[]" };
    public StatePlace In(string owner, string field, string module, string? runs) =>
        IsHidden ? this : new(owner, field, $"{Path}.{field}", module) { Runs = runs };
    public StatePlace Hide(ImmutableArray<ClosedType> arguments) => IsHidden ? this : this with { Hidden = arguments };
    public StatePlace Reach(ClosedType type) => IsHidden && Hidden.Contains(type) ? this with { Hidden = default } : this;
}

/// <summary>
/// Finds for a type of the old version and one of the new how values of the first become values of the second: the table of
/// 10.11.2 (b), by name, recursively. What has no row there is an obstacle; all of them are collected.
/// </summary>
internal sealed partial class CompareLayouts(ProgramSide old, ProgramSide now)
{
    // As in lowering: types beyond this contain themselves at ever larger arguments.
    private const int typeSizeMax = 500, typeDepthMax = 40;

    private readonly Dictionary<(ClosedType, ClosedType), MigrationPair> _pairs = [];
    private readonly ImmutableArray<MigrationChange>.Builder _changes = ImmutableArray.CreateBuilder<MigrationChange>();
    private readonly ImmutableArray<MigrationObstacle>.Builder _obstacles = ImmutableArray.CreateBuilder<MigrationObstacle>();

    public ImmutableArray<MigrationChange> Changes => _changes.ToImmutable();
    public ImmutableArray<MigrationObstacle> Obstacles => _obstacles.ToImmutable();

    /// <summary>A closed type's name says all that code may rely on about its values: the version in it stands for the shapes of all types that it reaches.</summary>
    public static bool IsSame(ClosedType from, ClosedType to) => from.Name == to.Name;

    /// <summary>Whether any written function takes part that may fail.</summary>
    public bool CanFail { get; private set; }

    public MigrationStep Step(ClosedType from, ClosedType to, StatePlace place)
    {
        if (IsSame(from, to)) return MigrationStep.Same;
        place = place.Reach(to);
        if (_pairs.TryGetValue((from, to), out var known)) return new MigrationStep.Convert(known);
        if (from.Size > typeSizeMax || to.Size > typeSizeMax || from.Depth > typeDepthMax || to.Depth > typeDepthMax) return Differs(from, to, place);
        if (IsWritten(from, to, place)) return Pair(from, to, pair => Written(pair, place));
        if (Widening(from.BuiltinOrNone, to.BuiltinOrNone))
        {
            _changes.Add(new MigrationChange.Widened(place.Owner, place.Path, place.Field, Text(from), Text(to)));
            return new MigrationStep.Widen(from.BuiltinOrNone, to.BuiltinOrNone);
        }
        if (to is ClosedType.Nominal { Builtin: BuiltinType.Option } option && (from.BuiltinOrNone != BuiltinType.Option || IsSame(from, option.Arguments[0])))
            return Wrap(from, option, place);
        return (from, to) switch
        {
            (ClosedType.Nominal a, ClosedType.Nominal b) when IsSameName(a, b) => Nominal(a, b, place),
            (ClosedType.Tuple a, ClosedType.Tuple b) when a.Elements.Length == b.Elements.Length => Pair(from, to, pair => Product(pair, place, "")),
            (ClosedType.Record, ClosedType.Record) => Pair(from, to, pair => Product(pair, place, "")),
            (ClosedType.Function, ClosedType.Function) => FunctionDiffers(from, to, place),
            _ => Differs(from, to, place),
        };
    }

    private MigrationStep Wrap(ClosedType from, ClosedType.Nominal option, StatePlace place)
    {
        var (changes, obstacles) = (_changes.Count, _obstacles.Count);
        var inner = Step(from, option.Arguments[0], place);
        if (_obstacles.Count > obstacles && !HasSameHead(from, option.Arguments[0]))
        {
            // Not the same type in an Option but another one: say it of the whole field.
            _changes.Count = changes;
            _obstacles.Count = obstacles;
            return Differs(from, option, place);
        }
        _changes.Add(new MigrationChange.Wrapped(place.Owner, place.Path, place.Field, Text(from), Text(option)));
        return new MigrationStep.Wrap(option, inner);
    }

    private static bool HasSameHead(ClosedType from, ClosedType to) => (from, to) switch
    {
        (ClosedType.Nominal a, ClosedType.Nominal b) => IsSameName(a, b),
        _ => from.GetType() == to.GetType(),
    };

    private MigrationStep Nominal(ClosedType.Nominal from, ClosedType.Nominal to, StatePlace place)
    {
        if (KeyOf(from, to) is var (oldKey, newKey) && !IsSame(oldKey, newKey)) return KeyDiffers(from, to, oldKey, newKey, place);
        switch (to.Builtin)
        {
            case BuiltinType.Vector: return Pair(from, to, _ => new MigrationBody.Elements(Step(from.Arguments[0], to.Arguments[0], place.Element())));
            case BuiltinType.Range: return Pair(from, to, _ => new MigrationBody.Bounds(Step(from.Arguments[0], to.Arguments[0], place)));
            case BuiltinType.Unique or BuiltinType.Ptr: return Differs(from, to, place);
        }
        if (from.Symbol.Kind != to.Symbol.Kind) return KindDiffers(from, to, place);
        return to.Symbol.Kind switch
        {
            TypeKind.Struct => Pair(from, to, pair => Product(pair, place, to.Symbol.Name)),
            TypeKind.Enum => Pair(from, to, pair => Sum(pair, place)),
            TypeKind.Opaque => Step(old.Shapes.UnwrapOnce(from), now.Shapes.UnwrapOnce(to), place),
            TypeKind.Primitive => Differs(from, to, place),
        };
    }

    private MigrationStep.Convert Pair(ClosedType from, ClosedType to, Func<MigrationPair, MigrationBody> compare)
    {
        var pair = new MigrationPair(from, to);
        _pairs.Add((from, to), pair);
        pair.Body = compare(pair);
        return new MigrationStep.Convert(pair);
    }

    private MigrationBody.Product Product(MigrationPair pair, StatePlace place, string owner)
    {
        var (before, after) = (old.Shapes.FieldsOf(pair.From), now.Shapes.FieldsOf(pair.To));
        var symbol = (pair.To as ClosedType.Nominal)?.Symbol;
        if (symbol?.Module is { Origin: ModuleOrigin.Standard })
            return new MigrationBody.Product(Inside(before, after, place.Element().Hide(((ClosedType.Nominal)pair.To).Arguments)));
        if (owner.Length == 0) owner = Text(pair.To);
        var holder = new FieldsHolder(owner, symbol?.Module?.Name ?? place.Module, place, [.. symbol?.Fields.Select(f => f.Default) ?? after.Labels.Select(_ => (ConstSymbol?)null)]);
        return new MigrationBody.Product(Fields(before, after, holder));
    }

    /// <summary>The parts of a library type, of which a user only knows that they belong to the value.</summary>
    private ImmutableArray<FieldSource> Inside(ProductFields before, ProductFields after, StatePlace place) =>
        [.. after.Labels.Select((label, i) => new FieldSource.Taken(before.IndexOf(label), Step(before.Types[before.IndexOf(label)], after.Types[i], place)))];

    /// <summary>What the fields of one struct, record, tuple or variant have in common.</summary>
    private sealed record FieldsHolder(string Owner, string Module, StatePlace Place, ImmutableArray<ConstSymbol?> Defaults);

    private ImmutableArray<FieldSource> Fields(ProductFields before, ProductFields after, FieldsHolder holder)
    {
        var sources = ImmutableArray.CreateBuilder<FieldSource>(after.Labels.Length);
        for (var i = 0; i < after.Labels.Length; i++)
        {
            var at = before.Labels.IndexOf(after.Labels[i]);
            var place = holder.Place.In(holder.Owner, after.Labels[i], holder.Module, at < 0 ? null : Text(before.Types[at]));
            sources.Add(at < 0 ? Added(after.Types[i], holder.Defaults[i], place) : new FieldSource.Taken(at, Step(before.Types[at], after.Types[i], place)));
        }
        for (var i = 0; i < before.Labels.Length; i++)
            if (!after.Labels.Contains(before.Labels[i]))
                _changes.Add(new MigrationChange.Dropped(holder.Owner, $"{holder.Place.Path}.{before.Labels[i]}", before.Labels[i], Text(before.Types[i])));
        var common = sources.OfType<FieldSource.Taken>().Select(t => t.Field).ToArray();
        if (!common.SequenceEqual(common.Order())) _changes.Add(new MigrationChange.Reordered(holder.Owner, holder.Place.Path));
        return sources.MoveToImmutable();
    }

    private FieldSource Added(ClosedType type, ConstSymbol? value, StatePlace place)
    {
        if (value is not null)
        {
            var text = value.Module.Source.Slice(value.Span).ToString();
            _changes.Add(new MigrationChange.Added(place.Owner, place.Path, place.Field, Text(type), text));
            return new FieldSource.Default(value);
        }
        if (type.BuiltinOrNone != BuiltinType.Option) NothingToAdd(type, place);
        else _changes.Add(new MigrationChange.Added(place.Owner, place.Path, place.Field, Text(type), "None"));
        return new FieldSource.Nothing();
    }

    private MigrationBody.Sum Sum(MigrationPair pair, StatePlace place)
    {
        var (from, to) = ((ClosedType.Nominal)pair.From, (ClosedType.Nominal)pair.To);
        var steps = ImmutableArray.CreateBuilder<VariantStep>(from.Symbol.Variants.Length);
        foreach (var variant in from.Symbol.Variants) steps.Add(Variant(variant, from, to, place));
        foreach (var variant in to.Symbol.Variants)
            if (from.Symbol.Variants.All(v => v.Name != variant.Name)) _changes.Add(new MigrationChange.VariantAdded(to.Symbol.Name, place.Path, variant.Name));
        var kept = from.Symbol.Variants.Select(v => to.Symbol.Variants.FirstOrDefault(w => w.Name == v.Name)?.Index).OfType<int>().ToArray();
        if (!kept.SequenceEqual(kept.Order())) _changes.Add(new MigrationChange.Reordered(to.Symbol.Name, place.Path));
        return new MigrationBody.Sum(steps.MoveToImmutable());
    }

    private VariantStep Variant(VariantSymbol variant, ClosedType.Nominal from, ClosedType.Nominal to, StatePlace place)
    {
        if (WrittenFor(variant, from, to, place) is { } written) return written;
        var target = to.Symbol.Variants.FirstOrDefault(v => v.Name == variant.Name);
        if (target is null)
        {
            VariantGone(variant, to, place);
            return new VariantStep.Missing(variant.Name);
        }
        var (before, after) = (Labelled(variant, old.Shapes.VariantFieldsOf(from)[variant.Index]), Labelled(target, now.Shapes.VariantFieldsOf(to)[target.Index]));
        var owner = $"{to.Symbol.Name}.{variant.Name}";
        if (CountsDiffer(variant, target))
        {
            PositionsDiffer(variant, target, to, place);
            return new VariantStep.Missing(variant.Name);
        }
        if (to.Symbol.Module is { Origin: ModuleOrigin.Standard })
            return new VariantStep.Becomes(target.Index, Inside(before, after, to.Builtin == BuiltinType.List ? place.Element() : place));
        var holder = new FieldsHolder(owner, to.Symbol.Module?.Name ?? place.Module, place, target.Defaults);
        return new VariantStep.Becomes(target.Index, Fields(before, after, holder));
    }

    // Without names nothing says which of several fields went or came.
    private static bool CountsDiffer(VariantSymbol before, VariantSymbol after) =>
        (before.Fields.Any(f => f.Name is null) || after.Fields.Any(f => f.Name is null)) && before.Fields.Length != after.Fields.Length;

    private static ProductFields Labelled(VariantSymbol variant, ImmutableArray<ClosedType> types) =>
        new([.. variant.Fields.Select((f, i) => f.Name ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture))], types);

    /// <summary>The key of a collection that is ordered or found by functions of it.</summary>
    private static (ClosedType, ClosedType)? KeyOf(ClosedType.Nominal from, ClosedType.Nominal to) =>
        to.Symbol.Module is { Origin: ModuleOrigin.Standard } && to.Symbol.Name is "Map" or "Set" or "SortedMap" or "SortedSet" ? (from.Arguments[0], to.Arguments[0]) : null;

    private static bool IsSameName(ClosedType.Nominal a, ClosedType.Nominal b) =>
        a.Symbol.Name == b.Symbol.Name && a.Symbol.Module?.Name == b.Symbol.Module?.Name && a.Symbol.Module?.Origin == b.Symbol.Module?.Origin && a.Arguments.Length == b.Arguments.Length;

    /// <summary>Every value of the first has one in the second (6.2): integers into wider ones, and floats.</summary>
    private static bool Widening(BuiltinType from, BuiltinType to)
    {
        if (Representation.IsFloat(from) && Representation.IsFloat(to)) return FloatBits(from) <= FloatBits(to);
        if (!Representation.IsInteger(from) || !Representation.IsInteger(to)) return false;
        var (small, large) = (((MirType.Int)Representation.IntegerOf(from)).Bits, ((MirType.Int)Representation.IntegerOf(to)).Bits);
        return Representation.IsSigned(from) == Representation.IsSigned(to) ? small <= large : !Representation.IsSigned(from) && small < large;
    }

    private static int FloatBits(BuiltinType type) => type switch { BuiltinType.Float16 => 16, BuiltinType.Float32 => 32, _ => 64 };

    private static string Text(ClosedType type) => TypePrinter.Text(type.Source);
}
