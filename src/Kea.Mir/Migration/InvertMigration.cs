using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// The way back of a migration that loses nothing: fields that were added are left out again, and what the older type cannot say
/// (a number beyond its range, None, a variant that is new) fails.
/// </summary>
internal sealed class InvertMigration(Representation old)
{
    private readonly Dictionary<MigrationPair, MigrationPair> _pairs = [];

    public MigrationStep Step(MigrationStep step) => step switch
    {
        MigrationStep.Keep => step,
        MigrationStep.Widen(var from, var to) => new MigrationStep.Narrow(to, from),
        MigrationStep.Narrow(var from, var to) => new MigrationStep.Widen(to, from),
        MigrationStep.Wrap(var option, var inner) => new MigrationStep.Unwrap(option, Step(inner)),
        MigrationStep.Unwrap(var option, var inner) => new MigrationStep.Wrap(option, Step(inner)),
        MigrationStep.Convert(var pair) => new MigrationStep.Convert(Pair(pair)),
    };

    private MigrationPair Pair(MigrationPair pair)
    {
        if (_pairs.TryGetValue(pair, out var known)) return known;
        _pairs.Add(pair, known = new MigrationPair(pair.To, pair.From));
        known.Body = Body(pair);
        return known;
    }

    private MigrationBody Body(MigrationPair pair) => pair.Body! switch
    {
        MigrationBody.Product(var fields) => new MigrationBody.Product(Fields(fields, old.FieldsOf(pair.From).Types.Length)),
        MigrationBody.Sum(var variants) => new MigrationBody.Sum(Variants(variants, (ClosedType.Nominal)pair.From, (ClosedType.Nominal)pair.To)),
        MigrationBody.Elements(var element) => new MigrationBody.Elements(Step(element)),
        MigrationBody.Bounds(var bound) => new MigrationBody.Bounds(Step(bound)),
        MigrationBody.Written => throw new InvalidOperationException("migration: written code has no inverse"),
    };

    private ImmutableArray<FieldSource> Fields(ImmutableArray<FieldSource> forward, int count)
    {
        var back = new FieldSource[count];
        for (var i = 0; i < forward.Length; i++)
            if (forward[i] is FieldSource.Taken(var field, var step)) back[field] = new FieldSource.Taken(i, Step(step));
        return [.. back];
    }

    private ImmutableArray<VariantStep> Variants(ImmutableArray<VariantStep> forward, ClosedType.Nominal from, ClosedType.Nominal to)
    {
        var back = new VariantStep[to.Symbol.Variants.Length];
        foreach (var variant in to.Symbol.Variants) back[variant.Index] = new VariantStep.Missing(variant.Name);
        for (var i = 0; i < forward.Length; i++)
            if (forward[i] is VariantStep.Becomes(var target, var fields)) back[target] = new VariantStep.Becomes(i, Fields(fields, from.Symbol.Variants[i].Fields.Length));
        return [.. back];
    }
}
