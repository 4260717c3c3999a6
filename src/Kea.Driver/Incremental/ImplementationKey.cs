using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Incremental;

/// <summary>An implementation as calls see it: a trait and the type that has it, by their full names.</summary>
internal readonly record struct ImplementationKey(string Trait, string Type)
{
    public static ImplementationKey Of(TraitSymbol trait, TypeSymbol type) => new($"{trait.Module.Name}.{trait.Name}", $"{type.Module?.Name}.{type.Name}");

    /// <summary>The implementation that a function is part of, as a method or as a default of the trait at a type; null for all others.</summary>
    public static ImplementationKey? Of(LoweredInstance instance)
    {
        if (instance.Symbol.OwnerImplementation is { Self: Type.Named(var self, _) } implementation) return Of(implementation.Trait, self);
        return instance.Symbol.OwnerTrait is { } trait && instance.Arguments is [Type.Named(var type, _), ..] ? Of(trait, type) : null;
    }
}
