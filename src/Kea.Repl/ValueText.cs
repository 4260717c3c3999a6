using System.Text;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Repl;

/// <summary>Kea code that turns a value into text: by <c>Show</c>, otherwise by what the type is made of.</summary>
internal sealed class ValueText(CheckedProgram program)
{
    private const int CharactersMax = 2000;
    private const string Short = SessionModule.Prefix + "short";

    private readonly StringBuilder _functions = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly TraitSymbol _show = program.StandardTrait("Show", "Show");

    /// <summary>The functions that the expressions call.</summary>
    public string Functions => $"{_functions}fn {Short}(s: String) -> String\n  if Text.length(s) > {CharactersMax} then \"{{Text.slice(s, 0, {CharactersMax})}}...\" else s\n\n";

    /// <summary>A statement that prints a value with its type.</summary>
    public string Printing(string value, Type type) =>
        type.Resolved is Type.Named { Symbol.Builtin: BuiltinType.Never } ? value : $"IO.println(\"{{{Short}({Of(type, value)})}} : {Quoted(TypePrinter.Text(type))}\")";

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private string Of(Type type, string value)
    {
        type = type.Resolved;
        if (type is Type.Named { Symbol.Builtin: BuiltinType.Unit }) return "\"()\"";
        if (!TypeWalk.Any(type, t => t is Type.Variable or Type.Meta or Type.Error) && program.Implements(_show, type)) return $"Show.show({value})";
        switch (type)
        {
            case Type.Function: return "\"<function>\"";
            case Type.Tuple(var elements):
                return Call(type, value, "it", $"\"({string.Join(", ", elements.Select((e, i) => $"{{{Of(e, $"it.{i}")}}}"))})\"");
            case Type.Named { Symbol.Builtin: BuiltinType.List, Arguments: [var element] }:
                return Call(type, value, "it", $"\"[{{Text.join(List.map(it, |x| {Of(element, "x")}), \", \")}}]\"");
            case Type.Named { Symbol.Builtin: BuiltinType.Option, Arguments: [var inner] }:
                return Call(type, value, "it", $"case it\n    Some(x) -> \"Some({{{Of(inner, "x")}}})\"\n    None -> \"None\"");
            case Type.Named { Symbol: { Kind: TypeKind.Struct, Builtin: BuiltinType.None } symbol, Arguments.IsEmpty: true } when IsOwn(symbol):
                // The name is taken before the fields are looked at: a type may hold itself.
                return Call(type, value, "it", () => $"\"{symbol.Name}({string.Join(", ", symbol.Fields.Select(f => $"{f.Name}: {{{Of(f.Type, $"it.{f.Name}")}}}"))})\"");
            case Type.Named { Symbol: { Kind: TypeKind.Enum, Builtin: BuiltinType.None } symbol, Arguments.IsEmpty: true } when IsOwn(symbol) && symbol.Variants.All(v => v.Equations.IsEmpty):
                return Call(type, value, "it", () => "case it" + string.Concat(symbol.Variants.Select(Arm)));
            default: return $"\"<{Quoted(TypePrinter.Text(type))}>\"";
        }
    }

    private static bool IsOwn(TypeSymbol symbol) => symbol.Module is { Origin: ModuleOrigin.Project } && symbol.Outer is null && !symbol.Name.Contains('.', StringComparison.Ordinal);

    private string Arm(VariantSymbol variant)
    {
        var names = variant.Fields.Select((_, i) => $"x{i}").ToArray();
        var pattern = names.Length == 0 ? "" : $"({string.Join(", ", variant.Fields.Select((f, i) => f.Name is { } name ? $"{name}: {names[i]}" : names[i]))})";
        var parts = names.Length == 0 ? "" : $"({string.Join(", ", variant.Fields.Select((f, i) => $"{{{Of(f.Type, names[i])}}}"))})";
        return $"\n    {variant.Owner.Name}.{variant.Name}{pattern} -> \"{variant.Name}{parts}\"";
    }

    private string Call(Type type, string value, string parameter, string body) => Call(type, value, parameter, () => body);

    private string Call(Type type, string value, string parameter, Func<string> body)
    {
        var text = TypePrinter.Text(type);
        if (!_names.TryGetValue(text, out var name))
        {
            _names.Add(text, name = $"{SessionModule.Prefix}show_{_names.Count}");
            var made = body();
            _functions.Append($"fn {name}({parameter}: {text}) -> String\n  {made}\n\n");
        }
        return $"{name}({value})";
    }
}
