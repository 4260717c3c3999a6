namespace Kea.Types.Inference;

/// <summary>A type must implement a trait, because of something at a place.</summary>
/// <param name="Equations">What associated types must be.</param>
internal sealed record Obligation(TraitSymbol Trait, Type Self, ImmutableArray<Type> Arguments, ImmutableArray<(string Member, Type Type)> Equations, TextSpan Span)
{
    /// <summary>The obligation that led here through a conditional implementation; null for one of the source's.</summary>
    public Obligation? Cause { get; init; }
    /// <summary>The operator that demands the trait, for the wording; null elsewhere.</summary>
    public string? Operator { get; init; }
}

internal enum Verdict
{
    Holds,
    Fails,
    /// <summary>The type is not known yet.</summary>
    Open,
}

/// <summary>Finds implementations for obligations of one body: assumptions of its signature, implementations, built-in instances.</summary>
internal sealed class TraitSolver(ProgramFacts facts, Unknowns unknowns, FunctionSymbol? function)
{
    private const int DepthMax = 64;

    /// <param name="failure">When it fails: the obligation at the bottom that has no implementation.</param>
    /// <param name="open">Conditions of implementations whose types are not known yet are added here.</param>
    public Verdict Solve(Obligation obligation, List<Obligation> open, out Obligation? failure, int depth = 0)
    {
        failure = null;
        var self = obligation.Self.Resolved;
        switch (self)
        {
            case Type.Error:
                return Verdict.Holds;
            case Type.Meta:
                return Verdict.Open;
            case Type.Variable { Symbol: var variable }:
                if (Assumption(variable, obligation.Trait, obligation.Arguments) is { } bound)
                {
                    for (var i = 0; i < bound.Arguments.Length && i < obligation.Arguments.Length; i++)
                        Unify.Types(unknowns, obligation.Arguments[i], bound.Arguments[i]);
                    return Equations(obligation, ref failure);
                }
                failure = obligation;
                return Verdict.Fails;
        }
        if (depth > DepthMax)
        {
            failure = obligation;
            return Verdict.Fails;
        }
        if (Candidate(obligation, out var several) is { } implementation)
        {
            var fresh = unknowns.FreshFor(implementation.Variables);
            Unify.Types(unknowns, Substitute.In(implementation.Self, implementation.Variables, fresh), self);
            for (var i = 0; i < implementation.TraitArguments.Length && i < obligation.Arguments.Length; i++)
                Unify.Types(unknowns, obligation.Arguments[i], Substitute.In(implementation.TraitArguments[i], implementation.Variables, fresh));
            foreach (var condition in implementation.Bounds)
            {
                var part = Substitute.In(new Type.Variable(condition.Variable), implementation.Variables, fresh);
                var inner = Substitute.In(condition, implementation.Variables, fresh);
                if (!Part(new Obligation(inner.Trait, part, inner.Arguments, inner.Equations, obligation.Span) { Cause = obligation }, open, ref failure, depth))
                    return Verdict.Fails;
            }
            return Equations(obligation, ref failure);
        }
        if (several) return Verdict.Open;
        if (Structural.Parts(facts, obligation.Trait, self) is { } parts)
        {
            foreach (var part in parts)
                if (!Part(new Obligation(obligation.Trait, part, [], [], obligation.Span) { Cause = obligation }, open, ref failure, depth)) return Verdict.Fails;
            return Verdict.Holds;
        }
        failure = obligation;
        return Verdict.Fails;
    }

    private bool Part(Obligation part, List<Obligation> open, ref Obligation? failure, int depth)
    {
        var verdict = Solve(part, open, out var inner, depth + 1);
        if (verdict == Verdict.Open) open.Add(part);
        if (verdict == Verdict.Fails) failure = inner;
        return verdict != Verdict.Fails;
    }

    private Verdict Equations(Obligation obligation, ref Obligation? failure)
    {
        foreach (var (member, type) in obligation.Equations)
        {
            if (Project(obligation.Self, obligation.Trait, member) is not { } found) continue;
            if (Unify.Types(unknowns, type, found) is null) continue;
            failure = obligation;
            return Verdict.Fails;
        }
        return Verdict.Holds;
    }

    private ImplementationSymbol? Candidate(Obligation obligation, out bool several)
    {
        several = false;
        var candidates = facts.Implementations(obligation.Trait, obligation.Self);
        if (candidates.Length == 1) return Fits(candidates[0], obligation) ? candidates[0] : null;
        ImplementationSymbol? found = null;
        foreach (var candidate in candidates)
        {
            if (!Fits(candidate, obligation)) continue;
            if (found is not null)
            {
                several = true;
                return null;
            }
            found = candidate;
        }
        return found;
    }

    private static bool Fits(ImplementationSymbol implementation, Obligation obligation)
    {
        var found = new Type?[implementation.Variables.Length];
        if (!Match.Fits(implementation.Self, obligation.Self, implementation.Variables, found, lenient: true)) return false;
        for (var i = 0; i < implementation.TraitArguments.Length && i < obligation.Arguments.Length; i++)
            if (!Match.Fits(implementation.TraitArguments[i], obligation.Arguments[i], implementation.Variables, found, lenient: true)) return false;
        return true;
    }

    /// <summary>The bound of the signature that gives the variable this trait, directly or as a supertrait.</summary>
    public Bound? Assumption(TypeVariable variable, TraitSymbol trait, ImmutableArray<Type> arguments)
    {
        foreach (var bound in AssumptionsOf(variable))
        {
            if (!Provides(bound.Trait, trait)) continue;
            if (!ReferenceEquals(bound.Trait, trait)) return new Bound(variable, trait, [], []);
            var fits = true;
            for (var i = 0; i < bound.Arguments.Length && i < arguments.Length && fits; i++)
                fits = Match.Fits(bound.Arguments[i], arguments[i], [], [], lenient: true);
            if (fits) return bound;
        }
        return null;
    }

    public IEnumerable<Bound> AssumptionsOf(TypeVariable variable)
    {
        if (function is null) yield break;
        foreach (var bound in function.Bounds) if (ReferenceEquals(bound.Variable, variable)) yield return bound;
        if (function.OwnerTrait is { } trait && ReferenceEquals(trait.Self, variable))
            yield return new Bound(variable, trait, ImmutableArray.CreateRange(trait.Parameters, Type (p) => new Type.Variable(p)), []);
    }

    private static bool Provides(TraitSymbol trait, TraitSymbol wanted, int depth = 0)
    {
        if (ReferenceEquals(trait, wanted)) return true;
        if (depth > DepthMax) return false;
        foreach (var super in trait.Supertraits) if (Provides(super, wanted, depth + 1)) return true;
        return false;
    }

    /// <summary>An associated type of a type; null while the type is not known. For a variable it may stay a projection.</summary>
    public Type? Project(Type target, TraitSymbol trait, string member)
    {
        var self = target.Resolved;
        switch (self)
        {
            case Type.Meta:
                return null;
            case Type.Error:
                return facts.Error;
            case Type.Variable { Symbol: var variable }:
                foreach (var bound in AssumptionsOf(variable))
                    if (ReferenceEquals(bound.Trait, trait))
                        foreach (var (name, type) in bound.Equations) if (name == member) return type;
                return new Type.Projection(self, trait, member);
            case Type.Projection:
                return new Type.Projection(self, trait, member);
        }
        foreach (var implementation in facts.Implementations(trait, self))
        {
            var found = new Type?[implementation.Variables.Length];
            if (!Match.Fits(implementation.Self, self, implementation.Variables, found, lenient: true)) continue;
            var type = implementation.AssociatedTypes.GetValueOrDefault(member);
            foreach (var associated in trait.Types) if (type is null && associated.Name == member) type = associated.Default;
            if (type is null) return facts.Error;
            var arguments = new Type[found.Length];
            for (var i = 0; i < found.Length; i++) arguments[i] = found[i] ?? facts.Error;
            type = Substitute.In(type, implementation.Variables, ImmutableCollectionsMarshal.AsImmutableArray(arguments));
            return Substitute.In(type, [trait.Self], [self]);
        }
        return facts.Error;
    }
}
