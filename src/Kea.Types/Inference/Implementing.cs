using System.Collections.Concurrent;

namespace Kea.Types.Inference;

/// <summary>Finds what trait method calls and projections mean for types without variables.</summary>
internal sealed class Implementing(ProgramFacts facts)
{
    private readonly ConcurrentDictionary<FunctionSymbol, ImmutableArray<Type>> _ownArguments = new();

    public MethodResolution Method(TraitSymbol trait, FunctionSymbol method, Type self, ImmutableArray<Type> traitArguments, ImmutableArray<Type> methodArguments)
    {
        if (Find(trait, self, traitArguments) is not var (implementation, arguments)) return new MethodResolution.Structural();
        if (!implementation.Methods.TryGetValue(method.Name, out var own) || ReferenceEquals(own, method))
            return new MethodResolution.Found(method, [self.Resolved, .. implementation.TraitArguments.Select(t => Substitute.In(t, implementation.Variables, arguments)), .. methodArguments]);
        if (own.TypeVariables.Length == implementation.Variables.Length) return new MethodResolution.Found(own, arguments);
        var variables = method.TypeVariables[(1 + trait.Parameters.Length)..];
        var template = _ownArguments.GetOrAdd(own, _ => OwnArguments(trait, method, implementation, own));
        var full = arguments.ToBuilder();
        foreach (var type in template)
            full.Add(Normalize(Substitute.In(Substitute.In(type, variables, methodArguments), implementation.Variables, arguments)));
        return new MethodResolution.Found(own, full.ToImmutable());
    }

    /// <summary>Does a type without variables implement the trait, conditions included?</summary>
    public bool Holds(TraitSymbol trait, Type type) =>
        new TraitSolver(facts, new Unknowns(), null).Solve(new Obligation(trait, type, [], [], default), [], out _) == Verdict.Holds;

    private (ImplementationSymbol Implementation, ImmutableArray<Type> Arguments)? Find(TraitSymbol trait, Type self, ImmutableArray<Type> traitArguments)
    {
        foreach (var implementation in facts.Implementations(trait, self))
        {
            var found = new Type?[implementation.Variables.Length];
            if (!Match.Fits(implementation.Self, self, implementation.Variables, found)) continue;
            var fits = true;
            for (var i = 0; i < implementation.TraitArguments.Length && i < traitArguments.Length && fits; i++)
                fits = Match.Fits(implementation.TraitArguments[i], traitArguments[i], implementation.Variables, found);
            if (!fits) continue;
            return (implementation, Filled(found, implementation.Variables));
        }
        return null;
    }

    private ImmutableArray<Type> Filled(Type?[] found, ImmutableArray<TypeVariable> variables)
    {
        var filled = new Type[found.Length];
        for (var i = 0; i < filled.Length; i++)
            filled[i] = found[i] ?? (variables[i].Kind == VariableKind.Type ? facts.Unit : new Type.RowArgument(Row.Empty));
        return ImmutableCollectionsMarshal.AsImmutableArray(filled);
    }

    /// <summary>
    /// What the own variables of an implementation's method stand for, in terms of those of the trait's method: the two signatures
    /// say the same, but each with names, and an order of names, of its own.
    /// </summary>
    private ImmutableArray<Type> OwnArguments(TraitSymbol trait, FunctionSymbol method, ImplementationSymbol implementation, FunctionSymbol own)
    {
        ImmutableArray<TypeVariable> outer = [trait.Self, .. trait.Parameters];
        ImmutableArray<Type> meaning = [implementation.Self, .. implementation.TraitArguments];
        Type Seen(Type type) => Assigned(Substitute.In(type, outer, meaning), trait, implementation);
        var found = new Type?[own.TypeVariables.Length];
        for (var i = 0; i < own.Parameters.Length && i < method.Parameters.Length; i++)
            Match.Fits(own.Parameters[i].Type, Seen(method.Parameters[i].Type), own.TypeVariables, found);
        Match.Fits(own.Result, Seen(method.Result), own.TypeVariables, found);
        return Filled(found, own.TypeVariables)[implementation.Variables.Length..];
    }

    /// <summary>Projections of the implementing type are what the implementation assigns.</summary>
    private Type Assigned(Type type, TraitSymbol trait, ImplementationSymbol implementation) => Map(type, projection =>
        ReferenceEquals(projection.Trait, trait) && TypeShape.Same(projection.Base, implementation.Self)
            ? implementation.AssociatedTypes.GetValueOrDefault(projection.Member) : null);

    /// <summary>Replaces every projection whose base is known.</summary>
    public Type Normalize(Type type) => Map(type, projection =>
    {
        var solver = new TraitSolver(facts, new Unknowns(), null);
        return solver.Project(projection.Base, projection.Trait, projection.Member) is { } found and not Type.Projection ? Normalize(found) : null;
    });

    private static Type Map(Type type, Func<Type.Projection, Type?> replace)
    {
        if (!TypeWalk.Any(type, t => t is Type.Projection)) return type;
        ImmutableArray<Type> All(ImmutableArray<Type> types) => ImmutableArray.CreateRange(types, t => Map(t, replace));
        Row InRow(Row row)
        {
            var flat = Rows.Flatten(row);
            return new Row(ImmutableArray.CreateRange(flat.Entries, e => e with { Payload = Map(e.Payload, replace) }), flat.Tail);
        }
        switch (type.Resolved)
        {
            case Type.Projection projection:
                var known = projection with { Base = Map(projection.Base, replace) };
                return replace(known) ?? known;
            case Type.Named named: return new Type.Named(named.Symbol, All(named.Arguments));
            case Type.Function function: return new Type.Function(All(function.Parameters), InRow(function.Effects), Map(function.Result, replace));
            case Type.Tuple tuple: return new Type.Tuple(All(tuple.Elements));
            case Type.Record record: return new Type.Record(InRow(record.Row));
            case Type.RowArgument argument: return new Type.RowArgument(InRow(argument.Row));
            case Type.Forall forall: return new Type.Forall(forall.Variables, Map(forall.Body, replace));
            case var other: return other;
        }
    }
}
