using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>The effects with built-in names: one global identity each, whoever declares them (7.2.1).</summary>
/// <remarks>
/// The operations of <c>IO</c>, <c>Clock</c>, <c>Rand</c>, <c>Net</c>, <c>Test</c> and <c>Fail</c> are written down here, because a program may
/// redeclare them without loading the standard module. Those of the others come from the standard module's declaration.
/// </remarks>
internal static class BuiltinEffects
{
    /// <summary>Operations as <c>name(parameter: type, …) -> type</c>, by effect.</summary>
    private static readonly ImmutableArray<(string Effect, ImmutableArray<OperationShape> Operations)> Table =
    [
        ("IO",
        [
            new("stdout", "Unit", ("msg", "String")), new("stderr", "Unit", ("msg", "String")),
            new("read_file", "String", ("path", "String")), new("write_file", "Unit", ("path", "String"), ("data", "String")),
            new("exit", "Never", ("code", "Int")), new("file_exists", "Bool", ("path", "String")),
            new("env_var", "String", ("name", "String")), new("mkdir", "Unit", ("path", "String")),
        ]),
        ("Clock", [new("now", "Int"), new("monotonic", "Int")]),
        ("Rand", [new("seed", "Unit", ("seed", "Int")), new("int", "Int")]),
        ("Net",
        [
            new("connect", "Int", ("addr", "String")), new("send", "Unit", ("conn", "Int"), ("data", "String")),
            new("recv", "Int", ("conn", "Int"), ("size", "Int")), new("recv_text", "String", ("conn", "Int"), ("size", "Int")),
            new("listen", "Int", ("addr", "String")), new("accept", "Int", ("listener", "Int")), new("close", "Unit", ("conn", "Int")),
        ]),
        ("Test", [new("check", "Unit", ("passed", "Bool")), new("check_with_message", "Unit", ("passed", "Bool"), ("message", "String"))]),
        ("Fail", [new("fail", "Never", ("error", "E"))]),
        ("Live", [new("version", "Int")]),
        ("Par", []), ("Send", []), ("Spawn", []), ("Alloc", []),
    ];

    /// <summary>Names of operations for which only the names are compared, because their types need library types.</summary>
    private static readonly ImmutableArray<(string Effect, ImmutableArray<string> Names)> NamesOnly =
    [
        ("Par", ["map", "all2", "all3"]), ("Send", ["tell", "ask", "ask_within", "stop", "self_stop"]),
        ("Spawn", ["spawn", "spawn_with"]), ("Alloc", ["alloc"]),
    ];

    public static bool IsBuiltinName(string name) => name is "IO" or "Clock" or "Net" or "Rand" or "Test" or "Fail" or "Par" or "Send" or "Spawn" or "Alloc" or "Live";

    public static Dictionary<string, EffectSymbol> Create(Builtins builtins)
    {
        var effects = new Dictionary<string, EffectSymbol>();
        foreach (var (name, operations) in Table)
        {
            var effect = new EffectSymbol(name, null) { IsPublic = true, IsFail = name == "Fail", IsCapability = name != "Fail" };
            if (effect.IsFail) effect.Parameters = [new TypeVariable("E", VariableKind.Type)];
            foreach (var shape in operations) effect.Operations.Add(shape.Name, Operation(effect, shape, builtins));
            effects.Add(name, effect);
        }
        return effects;
    }

    /// <summary>Whether a declaration under a built-in name means the built-in effect: all its operations are standard ones.</summary>
    public static bool Denotes(Declaration.Effect declaration)
    {
        var name = declaration.Name.Text;
        foreach (var (effect, names) in NamesOnly)
            if (effect == name) return declaration.Operations.All(o => names.Contains(o.Name.Text));
        foreach (var (effect, shapes) in Table)
            if (effect == name) return declaration.Operations.All(o => shapes.Any(s => Matches(o, s, declaration)));
        return false;
    }

    private static bool Matches(Declaration.Function operation, OperationShape shape, Declaration.Effect declaration)
    {
        if (operation.Name.Text != shape.Name || operation.Signature.Parameters.Length != shape.Parameters.Length) return false;
        if (SimpleName(operation.Signature.Result) != shape.Result) return false;
        // Fail's payload is the effect's parameter or, without one, whatever the operation takes.
        if (declaration.Name.Text == "Fail")
            return declaration.Parameters.Length == 0
                || SimpleName(operation.Signature.Parameters[0].Type) == declaration.Parameters[0].Name.Text;
        for (var i = 0; i < shape.Parameters.Length; i++)
            if (SimpleName(operation.Signature.Parameters[i].Type) != shape.Parameters[i].Type) return false;
        return true;
    }

    private static string? SimpleName(TypeSyntax? type) => type switch
    {
        TypeSyntax.Named { Arguments.IsEmpty: true, Path.Parts: [var name] } => name.Text,
        TypeSyntax.Variable { Arguments.IsEmpty: true } variable => variable.Name.Text,
        TypeSyntax.Unit => "Unit",
        _ => null,
    };

    private static OperationSymbol Operation(EffectSymbol effect, OperationShape shape, Builtins builtins)
    {
        Type TypeOf(string name) => effect.IsFail && name == "E"
            ? new Type.Variable(effect.Parameters[0])
            : builtins.Primitive(name)!.Plain;
        var parameters = ImmutableArray.CreateBuilder<ParameterSymbol>(shape.Parameters.Length);
        foreach (var (name, type) in shape.Parameters)
            parameters.Add(new ParameterSymbol(name, name, TypeOf(type), false, false, null, TextSpan.Empty(0)));
        return new OperationSymbol(shape.Name, effect) { TypeVariables = effect.Parameters, Parameters = parameters.DrainToImmutable(), Result = TypeOf(shape.Result) };
    }

    private sealed record OperationShape(string Name, string Result, params ImmutableArray<(string Name, string Type)> Parameters);
}
