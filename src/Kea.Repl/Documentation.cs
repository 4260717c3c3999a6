using Kea.Syntax;
using Kea.Types;

namespace Kea.Repl;

/// <summary>What the doc blocks say about a name.</summary>
internal static class Documentation
{
    /// <param name="name"><c>f</c>, <c>Type</c>, <c>Module</c>, <c>Module.f</c> or <c>Type.method</c>.</param>
    /// <returns>Null when nothing has the name.</returns>
    public static string? Of(CheckedProgram program, string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot < 0)
            return In(program.Entry, name) ?? Module(program, name) ?? program.Modules.Where(m => m.LastSegment is "Prelude" || m.LastSegment == name).Select(m => In(m, name)).FirstOrDefault(d => d is not null);
        var (owner, member) = (name[..dot], name[(dot + 1)..]);
        foreach (var module in program.Modules.Where(m => m.Name == owner || m.LastSegment == owner))
            if (In(module, member) is { } found) return found;
        foreach (var module in program.Modules)
        {
            if (module.Types.TryGetValue(owner, out var type) && type.Methods.TryGetValue(member, out var method)) return Function(method);
            if (module.Traits.TryGetValue(owner, out var trait) && trait.Methods.TryGetValue(member, out var required)) return Function(required);
            if (module.Effects.TryGetValue(owner, out var effect) && effect.Operations.ContainsKey(member))
                return effect.Declaration?.Operations.FirstOrDefault(o => o.Name.Text == member) is { } operation ? Text(operation.Header, Signature(module, operation)) : member;
        }
        return null;
    }

    private static string? In(ModuleSymbol module, string name)
    {
        if (module.Functions.TryGetValue(name, out var function)) return Function(function);
        if (module.Types.TryGetValue(name, out var type)) return Text(type.Declaration?.Header, $"type {name}");
        if (module.Traits.TryGetValue(name, out var trait)) return Text(trait.Declaration?.Header, $"trait {name}");
        if (module.Consts.TryGetValue(name, out var constant)) return Text(constant.Declaration?.Header, $"{name} : {TypePrinter.Text(constant.Type)}");
        if (module.Effects.TryGetValue(name, out var effect) && module.LastSegment != name) return Text(effect.Declaration?.Header, $"effect {name}");
        foreach (var of in module.Effects.Values)
            if (of.Declaration?.Operations.FirstOrDefault(o => o.Name.Text == name) is { } operation) return Text(operation.Header, Signature(module, operation));
        return null;
    }

    private static string? Module(CheckedProgram program, string name) =>
        program.Modules.FirstOrDefault(m => m.LastSegment == name) is { Tree.ModuleDoc: { } doc } ? $"module {name}\n\n{doc.Text.Trim()}" : null;

    private static string Function(FunctionSymbol function) =>
        function.Declaration is { } declaration ? Text(declaration.Header, Signature(function.Module, declaration)) : function.QualifiedName;

    private static string Signature(ModuleSymbol module, Declaration.Function declaration) =>
        $"fn {module.Source.Text[declaration.Name.Span.Start..declaration.Signature.Span.End]}";

    private static string Text(Header? header, string headline) => header?.Doc is { } doc ? $"{headline}\n\n{doc.Text.Trim()}" : headline;
}
