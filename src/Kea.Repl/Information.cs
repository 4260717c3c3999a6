using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Repl;

/// <summary>What a name means: <c>:info</c>, <c>:instances</c>, <c>:handlers</c>.</summary>
internal static class Information
{
    /// <param name="name"><c>f</c>, <c>Type</c>, <c>Module</c>, <c>Module.f</c> or <c>Type.method</c>.</param>
    /// <returns>Lines; none when nothing has the name.</returns>
    public static IEnumerable<string> Of(CheckedProgram program, string name)
    {
        var dot = name.LastIndexOf('.');
        var (owner, member) = dot < 0 ? (null, name) : (name[..dot], name[(dot + 1)..]);
        foreach (var module in program.Modules)
        {
            if (owner is null ? IsVisible(program, module) : module.Name == owner || module.LastSegment == owner)
            {
                if (module.Functions.TryGetValue(member, out var function) && (owner is not null || module == program.Entry)) yield return Function(function);
                if (module.Consts.TryGetValue(member, out var constant) && (owner is not null || module == program.Entry)) yield return $"{member} : {TypePrinter.Text(constant.Type)}";
                if (module.Types.TryGetValue(member, out var type))
                    foreach (var line in TypeLines(type)) yield return line;
                if (module.Traits.TryGetValue(member, out var trait))
                    foreach (var line in Trait(trait)) yield return line;
                if (module.Effects.TryGetValue(member, out var effect))
                    foreach (var line in Effect(effect)) yield return line;
            }
            if (owner is not null && module.Types.TryGetValue(owner, out var holder) && holder.Methods.TryGetValue(member, out var method)) yield return Function(method);
            if (owner is not null && module.Traits.TryGetValue(owner, out var with) && with.Methods.TryGetValue(member, out var required)) yield return Function(required);
        }
        if (program.Modules.FirstOrDefault(m => m.Name == name || m.LastSegment == name) is { } named)
            yield return $"module {named.Name}: {named.Functions.Values.Count(f => f.IsPublic)} functions, {named.Types.Values.Count(t => t.IsPublic)} types";
    }

    /// <summary>The traits that a type has; or the types that have a trait.</summary>
    /// <returns>Null when neither has the name.</returns>
    public static IReadOnlyList<string>? Instances(CheckedProgram program, string name)
    {
        var implementations = program.Modules.SelectMany(m => m.Implementations).ToArray();
        if (program.Modules.SelectMany(m => m.Traits.Values).FirstOrDefault(t => t.Name == name) is { } trait)
            return [.. implementations.Where(i => i.Trait == trait).Select(Instance).Order(StringComparer.Ordinal)];
        var types = program.Modules.SelectMany(m => m.Types.Values).Where(t => t.Name == name).Concat(Primitives(program).Where(t => t.Name == name)).Distinct().ToArray();
        if (types.Length == 0) return null;
        var type = types.FirstOrDefault(t => t.Module == program.Entry) ?? types[0];
        var written = implementations.Where(i => i.Self.Resolved is Type.Named(var self, _) && self == type).ToArray();
        var structural = type.Parameters.IsEmpty
            ? program.Modules.SelectMany(m => m.Traits.Values).Where(t => t.Parameters.IsEmpty && written.All(i => i.Trait != t) && program.Implements(t, type.Plain)).Select(t => $"{name} as {t.Name} (built in)")
            : [];
        return [.. written.Select(Instance).Concat(structural).Order(StringComparer.Ordinal)];
    }

    /// <summary>The operations of an effect, who serves it, and which definitions of the session perform it.</summary>
    /// <returns>Null when no effect has the name.</returns>
    public static IReadOnlyList<string>? Handlers(CheckedProgram program, string name)
    {
        var effects = program.Modules.SelectMany(m => m.Effects.Values).Where(e => e.Name == name).ToArray();
        var own = program.Modules.Where(m => m.Origin == ModuleOrigin.Project).SelectMany(m => m.Functions.Values)
            .Where(f => !f.Name.StartsWith(SessionModule.Prefix, StringComparison.Ordinal) && f.Name != "main" && f.Effects.Entries.Any(e => e.Label == name)).Select(f => f.Module == program.Entry ? f.Name : f.QualifiedName).ToArray();
        if (effects.Length == 0 && name != "Fail" && own.Length == 0) return null;
        var effect = effects.FirstOrDefault(e => e.Module == program.Entry) ?? effects.FirstOrDefault();
        return
        [
            .. effect is null ? [$"effect {name}"] : Effect(effect),
            name == "Fail" ? "handled by `catch`, which makes it a Result; `?` and the signature pass it on"
                : effect is { IsCapability: true } ? "handled by the runtime" : "handled by nothing that runs: an input that performs it is refused (E0015)",
            .. own.Length == 0 ? [] : (string[])[$"performed by {string.Join(", ", own)}"],
        ];
    }

    private static bool IsVisible(CheckedProgram program, ModuleSymbol module) => module == program.Entry || module.Origin == ModuleOrigin.Standard || module.Name == program.Entry.Name;

    private static IEnumerable<TypeSymbol> Primitives(CheckedProgram program) =>
        Enum.GetValues<BuiltinType>().Where(b => b is >= BuiltinType.Int and <= BuiltinType.Bytes).Select(program.Primitive);

    private static string Instance(ImplementationSymbol implementation)
    {
        var arguments = string.Concat(implementation.TraitArguments.Select(a => $" {TypePrinter.Text(a)}"));
        return $"{TypePrinter.Text(implementation.Self)} as {implementation.Trait.Name}{arguments}{(implementation.IsDerived ? " (derived)" : "")}{Place(implementation.Module)}";
    }

    private static string Place(ModuleSymbol module) => module.Origin == ModuleOrigin.Standard ? $" in {module.Name}" : "";

    private static string Function(FunctionSymbol function) =>
        $"{(function.Module.Origin == ModuleOrigin.Standard ? function.QualifiedName : function.Name)} : {TypePrinter.Text(new Type.Function([.. function.Parameters.Select(p => p.Type)], function.Effects, function.Result))}";

    private static IEnumerable<string> TypeLines(TypeSymbol type)
    {
        var parameters = string.Concat(type.Parameters.Select(p => $" {p.Name}"));
        yield return $"{(type.Kind switch { TypeKind.Struct => "struct", TypeKind.Enum => "enum", TypeKind.Opaque => "opaque", TypeKind.Primitive => "type" })} {type.Name}{parameters}{(type.Module is { } module ? Place(module) : "")}";
        foreach (var field in type.Fields) yield return $"  {field.Name}: {TypePrinter.Text(field.Type)}";
        foreach (var variant in type.Variants)
            yield return $"  {variant.Name}{(variant.Fields.IsEmpty ? "" : $"({string.Join(", ", variant.Fields.Select(f => f.Name is { } label ? $"{label}: {TypePrinter.Text(f.Type)}" : TypePrinter.Text(f.Type)))})")}";
        foreach (var method in type.Methods.Values.OrderBy(m => m.Name, StringComparer.Ordinal)) yield return $"  {Function(method)}";
    }

    private static IEnumerable<string> Trait(TraitSymbol trait)
    {
        yield return $"trait {trait.Name}{Place(trait.Module)}";
        foreach (var method in trait.Methods.Values) yield return $"  {method.Name} : {TypePrinter.Text(new Type.Function([.. method.Parameters.Select(p => p.Type)], method.Effects, method.Result))}";
    }

    private static IEnumerable<string> Effect(EffectSymbol effect)
    {
        yield return $"effect {effect.Name}{(effect.Module is { } module ? Place(module) : "")}";
        foreach (var operation in effect.Operations.Values) yield return $"  {operation.Name} : {TypePrinter.Text(new Type.Function([.. operation.Parameters.Select(p => p.Type)], Row.Empty, operation.Result))}";
    }
}
