using Kea.Driver;
using Kea.Repl.Editing;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Repl;

/// <summary>What may stand at the cursor of an input (14.9).</summary>
/// <param name="known">The definitions that inputs see; null while they are not to be had.</param>
/// <param name="names">What has been defined at the prompt.</param>
/// <param name="typeOf">The type of an expression; null when it has none.</param>
internal sealed class Completer(ToolchainPaths paths, string folder, Func<CheckedProgram?> known, Func<IEnumerable<string>> names, Func<string, (Type Type, CheckedProgram Program)?> typeOf)
{
    private static readonly string[] Keywords =
    [
        "and", "as", "borrow", "case", "catch", "cond", "const", "effect", "else", "enum", "expr", "fail", "false", "False", "fn", "for", "forall", "handle", "if", "in", "let", "None",
        "not", "opaque", "or", "pub", "resume", "struct", "test", "then", "trait", "true", "True", "type", "unsafe", "use", "when", "where", "while", "with",
    ];

    public Completion At(string text, int cursor)
    {
        var line = text.AsSpan(0, cursor).LastIndexOf('\n') + 1;
        if (text.AsSpan().TrimStart() is [':', ..])
        {
            var space = text.AsSpan(0, cursor).IndexOf(' ');
            var begin = text.Length - text.AsSpan().TrimStart().Length;
            if (space < begin) return Completion.Of(text, begin, cursor, ReplSession.Commands);
            if (text[begin..space] is ":load" or ":reload" or ":export") return Files(text, space + 1, cursor);
        }
        else if (text.AsSpan(line, cursor - line).StartsWith("use ")) return Completion.Of(text, line + 4, cursor, ModuleNames());
        var start = cursor;
        while (start > 0 && IsOfName(text[start - 1])) start--;
        if (start > 0 && text[start - 1] == '.') return Completion.Of(text, start, cursor, MembersOf(text[..(start - 1)]));
        return Completion.Of(text, start, cursor, InScope());
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private Completion Files(string text, int start, int cursor)
    {
        var begun = text[start..cursor];
        var slash = begun.LastIndexOf('/') + 1;
        try
        {
            var entries = new DirectoryInfo(Path.Combine(folder, begun[..slash])).EnumerateFileSystemInfos()
                .Where(e => e is DirectoryInfo || e.Extension == ".kea").Select(e => e is DirectoryInfo ? e.Name + "/" : e.Name);
            return Completion.Of(text, start + slash, cursor, entries.Where(e => begun.Length > slash || !e.StartsWith('.')));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Completion.None(cursor);
        }
    }

    /// <summary>Modules that <c>use</c> may name: of the library and of the session's folder.</summary>
    private IEnumerable<string> ModuleNames() =>
        paths.Library.Append(folder).Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.kea")).Select(f => ModulePaths.SegmentOf(Path.GetFileNameWithoutExtension(f)));

    private IEnumerable<string> InScope()
    {
        var all = names().Concat(Keywords);
        if (known() is not { } program) return all;
        foreach (var module in program.Modules)
        {
            if (module.Origin == ModuleOrigin.Standard) all = all.Append(module.LastSegment);
            all = all.Concat(Public(module.Types, t => t.IsPublic)).Concat(Public(module.Traits, t => t.IsPublic)).Concat(Public(module.Effects, e => e.IsPublic))
                .Concat(module.Types.Values.Where(t => t.IsPublic || IsOwn(module)).SelectMany(t => t.Variants).Select(v => v.Name));
        }
        return all.Where(IsUsers);

        IEnumerable<string> Public<T>(Dictionary<string, T> symbols, Func<T, bool> isPublic) => symbols.Where(s => isPublic(s.Value)).Select(s => s.Key);
    }

    private static bool IsOwn(ModuleSymbol module) => module.Origin == ModuleOrigin.Project;

    private static bool IsUsers(string name) => !name.StartsWith(SessionModule.Prefix, StringComparison.Ordinal);

    private IEnumerable<string> MembersOf(string before)
    {
        var receiver = Receiver(before);
        if (receiver.Length == 0) return [];
        if (receiver.Split('.').All(s => s is [>= 'A' and <= 'Z', ..] && s.All(IsOfName))) return known() is { } program ? MembersOfNamed(program, receiver).Where(IsUsers) : [];
        return typeOf(receiver) is var (type, of) ? MembersOfValue(of, type).Where(IsUsers) : [];
    }

    private static IEnumerable<string> MembersOfNamed(CheckedProgram program, string name)
    {
        foreach (var module in program.Modules)
        {
            var own = IsOwn(module);
            if (module.Name == name || module.LastSegment == name)
            {
                foreach (var (function, symbol) in module.Functions) if (own || symbol.IsPublic) yield return function;
                foreach (var (constant, symbol) in module.Consts) if (own || symbol.IsPublic) yield return constant;
                foreach (var (type, symbol) in module.Types) if (own || symbol.IsPublic) yield return type;
            }
            if (module.Types.TryGetValue(name, out var found))
                foreach (var member in found.Variants.Select(v => v.Name).Concat(found.Methods.Keys).Concat(found.Consts.Keys).Concat(found.NestedTypes.Keys)) yield return member;
            if (module.Traits.TryGetValue(name, out var trait))
                foreach (var method in trait.Methods.Keys) yield return method;
            if (module.Effects.TryGetValue(name, out var effect))
                foreach (var operation in effect.Operations.Keys) yield return operation;
        }
    }

    private static IEnumerable<string> MembersOfValue(CheckedProgram program, Type type)
    {
        type = type.Resolved;
        switch (type)
        {
            case Type.Tuple(var elements): return elements.Select((_, i) => $"{i}");
            case Type.Record(var row): return row.Entries.Select(e => e.Label);
            case Type.Named(var symbol, _):
                var members = symbol.Fields.Select(f => f.Name).Concat(symbol.Methods.Where(m => TakesFirst(m.Value, symbol)).Select(m => m.Key));
                foreach (var module in program.Modules)
                    if (module.LastSegment == (symbol.Builtin == BuiltinType.String ? "Text" : symbol.Name))
                        members = members.Concat(module.Functions.Where(f => (f.Value.IsPublic || IsOwn(module)) && TakesFirst(f.Value, symbol)).Select(f => f.Key));
                if (!TypeWalk.Any(type, t => t is Type.Variable or Type.Meta or Type.Error))
                    members = members.Concat(program.Modules.SelectMany(m => m.Traits.Values).Where(t => t.Parameters.IsEmpty && program.Implements(t, type)).SelectMany(t => t.Methods.Keys));
                return members;
            default: return [];
        }
    }

    private static bool TakesFirst(FunctionSymbol function, TypeSymbol symbol) => function.Parameters is [{ Type.Resolved: Type.Named(var first, _) }, ..] && ReferenceEquals(first, symbol);

    /// <summary>The expression that ends where a text ends: a name, literal or bracket with what is reached or called from it.</summary>
    private static string Receiver(string text)
    {
        var tokens = SyntaxParser.Parse(new SourceText("input", text)).Value.Tokens.Where(t => t.Span.Length > 0 && t.Kind != TokenKind.NewLine).ToArray();
        if (tokens.Length == 0 || tokens[^1].Span.End != text.Length) return "";
        var at = tokens.Length - 1;
        while (true)
        {
            var start = at;
            if (tokens[at].Kind is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace)
            {
                for (var depth = 0; at >= 0; at--)
                {
                    depth += tokens[at].Kind switch
                    {
                        TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace => 1,
                        TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.HashBrace or TokenKind.PercentBrace or TokenKind.HashBracket => -1,
                        _ => 0,
                    };
                    if (depth == 0) break;
                }
                if (at < 0) return "";
            }
            var touches = at > 0 && tokens[at - 1].Span.End == tokens[at].Span.Start;
            if (touches && tokens[at - 1].Kind == TokenKind.Dot && at > 1) at -= 2;
            else if (touches && at < start && tokens[at - 1].Kind is TokenKind.Lower or TokenKind.Upper or TokenKind.CloseParen or TokenKind.CloseBracket) at--;
            else return text[tokens[at].Span.Start..];
        }
    }
}
