using System.Collections.Immutable;
using System.Text;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Repl;

/// <summary>The text of the module that the inputs make up, and where in the inputs its parts come from.</summary>
internal sealed class SessionModule
{
    /// <summary>No user's name begins like this.</summary>
    public const string Prefix = "kea_repl_";
    public const string ProbeName = Prefix + "probe";
    /// <summary>Of a function that evaluates an input when it is called with zero.</summary>
    public const string TurnName = Prefix + "turn";
    private const string Kept = Prefix + "kept";

    /// <summary>Modules that inputs may use without importing them.</summary>
    private static readonly string[] Imported = ["IO", "List", "Live", "Text"];

    private const string Capabilities = "-[IO, Clock, Net, Rand, Test, Par, Send, Spawn, Alloc, Live]>";

    /// <summary>The effects that the runtime serves.</summary>
    public static readonly ImmutableArray<string> Served = [.. Capabilities[2..^2].Split(", ")];

    private readonly StringBuilder _text = new();
    private readonly List<(int Start, int Length, SourceText Source, int SourceStart)> _origins = [];
    private readonly SourceText? _host;

    /// <param name="host">The module that the inputs are added to; null if they are all of it.</param>
    private SessionModule(Bindings bindings, SourceText? host, bool keeps = false)
    {
        _host = host;
        if (host is not null) CopyHost(host, bindings);
        else
            foreach (var module in (string[])[.. Imported, "Step"])
                if (!bindings.Pieces.Any(p => p.Key == $"use use {module}")) _text.Append($"use {module}\n");
        foreach (var piece in bindings.Pieces)
        {
            Copy(piece.Source, piece.Declaration.Span);
            _text.Append("\n\n");
        }
        if (bindings.Values.IsEmpty && !keeps) return;
        _text.Append($"@intrinsic(\"{ModuleSymbol.KeptValue}\")\nfn {Kept}(name: String) -> a\n  {Kept}(name)\n\n");
        foreach (var value in bindings.Values.Where(v => !bindings.IsDefined(v.Name))) _text.Append($"const {value.Name}: {value.Type} = {Kept}(\"{value.Key}\")\n\n");
    }

    public string Text => _text.ToString();

    /// <summary>Whether a declaration, as <c>kea status</c> names it, stands around what is typed and is typed by nobody.</summary>
    public static bool IsScaffold(string declaration) => declaration.Contains($".{Prefix}", StringComparison.Ordinal) || Imported.Any(m => declaration.EndsWith($" uses {m}", StringComparison.Ordinal));

    /// <summary>Only what is kept: a program that waits.</summary>
    public static SessionModule Of(Bindings bindings, SourceText? host)
    {
        var module = new SessionModule(bindings, host);
        module.Ending(bindings, "", "Step.Continue(n)");
        return module;
    }

    /// <summary>With an input as the body of a lambda, whose type says what the input is and does.</summary>
    public static SessionModule Probe(Bindings bindings, Input input, SourceText? host)
    {
        var module = new SessionModule(bindings, host);
        module._text.Append($"fn {ProbeName}() -[Live]> _\n");
        module.Prologue(bindings, input.Source, "  ");
        module._text.Append("  ||\n");
        module.Body(input, "    ");
        module._text.Append('\n');
        module.Ending(bindings, "", "Step.Continue(n)");
        return module;
    }

    /// <summary>With an input as what the program does in its next turn.</summary>
    /// <param name="turn">The number of turns done; no other turn evaluates it.</param>
    /// <param name="result">Its type, or <c>_</c>.</param>
    /// <param name="keeps">What a <c>let</c> binds; definitions see it from the next input on.</param>
    /// <param name="shown">Statements that print the value, which is called <c>it</c>.</param>
    public static SessionModule Evaluation(Bindings bindings, Input input, int turn, string result, IReadOnlyList<KeptValue> keeps, string shown, string helpers, SourceText? host)
    {
        var all = bindings with { Values = bindings.Values.AddRange(keeps) };
        var module = new SessionModule(bindings, host, keeps.Count > 0);
        module._text.Append(helpers);
        module._text.Append($"fn {Prefix}input() {Capabilities} {result}\n");
        module.Prologue(bindings, input.Source, "  ");
        module.Body(input, "  ", keeps);
        module._text.Append('\n');
        var work = $"let it = {Prefix}input()\n    {shown}\n    ";
        module.Ending(all, work, $"if n == {turn}\n    {work}Step.Continue(n + 1)\n  else\n    Step.Continue(n)");
        return module;
    }

    /// <summary>What is said about the module, said about the inputs; what concerns only what stands around them is left out.</summary>
    public Diagnostic? Place(Diagnostic diagnostic, string modulePath)
    {
        if (diagnostic.Primary is not { } primary || primary.Span.Source.Path != modulePath) return diagnostic;
        if (Place(primary.Span) is not { } place) return diagnostic.Severity == Severity.Error ? diagnostic with { Primary = null, Others = [], Fix = null } : null;
        var others = diagnostic.Others.Select(o => (Label: o, At: o.Span.Source.Path == modulePath ? Place(o.Span) : o.Span)).Where(o => o.At is not null).Select(o => o.Label with { Span = o.At!.Value });
        return diagnostic with { Primary = primary with { Span = place }, Others = [.. others], Fix = null };
    }

    public SourceSpan? Place(SourceSpan span) => Place(span.Span);

    /// <summary>The place in an input of a line and column of the module, both from one.</summary>
    public SourceSpan? Place(int line, int column)
    {
        var lines = LineMap.Of(Text);
        return line > 0 && line <= lines.LineCount ? Place(TextSpan.Empty(lines.LineStart(line - 1) + column - 1)) : null;
    }

    /// <summary>Lines that are those of the module that inputs are added to.</summary>
    public int HostLines => _host?.Lines.LineCount ?? 0;

    private SourceSpan? Place(TextSpan span)
    {
        foreach (var (start, length, source, sourceStart) in _origins)
        {
            if (span.Start < start || span.Start > start + length) continue;
            var from = span.Start - start + sourceStart;
            // Lines are copied one by one: the end of a span may lie in a later one.
            return new SourceSpan(source, new TextSpan(from, Math.Max(from, EndOf(span.End, source) ?? sourceStart + length)));
        }
        return null;
    }

    private int? EndOf(int offset, SourceText source)
    {
        foreach (var (start, length, from, sourceStart) in _origins)
            if (ReferenceEquals(from, source) && offset >= start && offset <= start + length) return offset - start + sourceStart;
        return null;
    }

    /// <summary>The host, with blanks for what inputs have replaced, so that every place stays where it is.</summary>
    private void CopyHost(SourceText host, Bindings bindings)
    {
        var text = host.Text.ToCharArray();
        var pieces = SyntaxParser.Parse(host).Value.Declarations.Select(d => Piece.Of(host, d)).ToArray();
        foreach (var piece in pieces)
            if (bindings.Pieces.Any(p => p.Key == piece.Key) || (piece.IsNamedValue && bindings.Values.Any(v => v.Name == piece.Name)))
                foreach (ref var c in text.AsSpan(piece.Declaration.Span.Start, piece.Declaration.Span.End - piece.Declaration.Span.Start))
                    if (c != '\n') c = ' ';
        _origins.Add((0, text.Length, host, 0));
        _text.Append(text).Append("\n\n");
        foreach (var module in Imported)
            if (!pieces.Concat(bindings.Pieces).Any(p => Uses(p, module))) _text.Append($"use {module}\n");
    }

    private static bool Uses(Piece piece, string module) =>
        piece.Declaration is Declaration.Use && piece.Name.StartsWith($"use {module}", StringComparison.Ordinal) && (piece.Name.Length == module.Length + 4 || piece.Name.AsSpan(module.Length + 4).StartsWith(".{"));

    private void Copy(SourceText source, TextSpan span)
    {
        _origins.Add((_text.Length, span.Length, source, span.Start));
        _text.Append(source.Slice(span));
    }

    private void Prologue(Bindings bindings, SourceText input, string indent)
    {
        foreach (var value in bindings.UsedIn(input)) _text.Append($"{indent}let {value.Name}: {value.Type} = {Kept}(\"{value.Key}\")\n");
    }

    private void Body(Input input, string indent, IEnumerable<KeptValue>? keeps = null)
    {
        var text = input.Source.Text;
        for (var start = input.Span.Start; start < input.Span.End;)
        {
            var end = text.IndexOf('\n', start, input.Span.End - start);
            if (end < 0) end = input.Span.End;
            _text.Append(indent);
            Copy(input.Source, new TextSpan(start, end));
            _text.Append('\n');
            start = end + 1;
        }
        foreach (var kept in keeps ?? []) _text.Append($"{indent}let _ = Live.keep(\"{kept.Key}\", || {kept.Name})\n");
        if (input.Names is { } names) _text.Append(indent).Append(names is [var only] ? only : $"({string.Join(", ", names)})").Append('\n');
    }

    /// <summary>All values are within reach of every version: their types go along with definitions.</summary>
    /// <param name="work">What a turn does that is called by itself, in a program that has a loop of its own.</param>
    /// <param name="step">What a step of the session's own loop does.</param>
    private void Ending(Bindings bindings, string work, string step)
    {
        _text.Append($"fn {Prefix}values() -[Live]> Unit\n");
        foreach (var value in bindings.Values) _text.Append($"  let _: {value.Type} = {Kept}(\"{value.Key}\")\n");
        // So do functions: values that mean them by name call what they are now.
        foreach (var piece in bindings.Pieces)
            if (piece.IsPlainFunction) _text.Append($"  let _ = {piece.Name}\n");
        _text.Append("  ()\n\n");
        if (_host is not null)
        {
            _text.Append($"fn {TurnName}(n: Int) {Capabilities} Int\n  if n == 0\n    {work}0\n  else\n    let _ = {Prefix}values()\n    n\n");
            return;
        }
        _text.Append($"fn {Prefix}step(n: Int) {Capabilities} Step Int\n  if n < 0 then {Prefix}values() else ()\n  {step}\n\n");
        _text.Append($"fn main() {Capabilities} Unit\n  let _ = Live.loop(0, {Prefix}step)\n  ()\n");
    }
}
