using System.Collections.Immutable;
using Kea.Driver;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Repl;

/// <summary>The commands (14.9).</summary>
public sealed partial class ReplSession
{
    public static readonly ImmutableArray<string> Commands =
        [":help", ":quit", ":type", ":effects", ":env", ":load", ":reload", ":export", ":reset", ":plan", ":worlds", ":purge", ":rollback", ":doc", ":info", ":instances", ":handlers", ":time"];

    private static readonly TimeSpan PurgePatience = TimeSpan.FromSeconds(5);

    private const string Help = """
        :help          this list
        :quit          end the session (also Ctrl-D)
        :type E        the type of an expression, without evaluating it
        :effects E     its effects, and where each comes from
        :env           what has been defined
        :load F        take the definitions of a file
        :reload F      take them again
        :export F      write the definitions to a file
        :reset         forget everything
        :plan [D]      what changed files, or a definition, would do to what runs
        :worlds        loaded code, and who runs in it
        :purge [now]   free old code and say who still holds some; with `now`, end turns that do
        :rollback      take back the last definition
        :doc N         documentation of a name
        :info N        what a name is: its type, its parts, its methods
        :instances T   the traits that a type has, or the types that have a trait
        :handlers E    the operations of an effect, and who serves and performs it
        :time E        evaluate and say how long it took
        """;

    private void Command(string text)
    {
        var space = text.AsSpan().IndexOfAny(' ', '\n');
        var (command, argument) = space < 0 ? (text, "") : (text[..space], text[(space + 1)..].Trim());
        switch (command)
        {
            case ":help": _output.Line(Help); break;
            case ":quit": Status = 0; break;
            case ":env": ShowBindings(); break;
            case ":reset": Reset(); break;
            case ":worlds": ShowWorlds(); break;
            case ":purge" when argument is "" or "now": Purge(endsTurns: argument == "now"); break;
            case ":purge":
                _output.Say("`:purge` takes nothing, or `now`");
                break;
            case ":rollback": RollBack(); break;
            case ":plan": ShowPlan(argument); break;
            case ":type" or ":effects" or ":time" or ":load" or ":reload" or ":export" or ":doc" or ":info" or ":instances" or ":handlers" when argument.Length == 0:
                _output.Say($"`{command}` needs an argument; `:help` lists the commands");
                break;
            case ":type": ShowType(argument); break;
            case ":effects": ShowEffects(argument); break;
            case ":time": Take(argument, isTimed: true); break;
            case ":load" or ":reload": LoadFile(argument); break;
            case ":export": Export(argument); break;
            case ":doc": Show(argument, p => Documentation.Of(p, argument) is { } doc ? [doc] : null); break;
            case ":info": Show(argument, p => InfoOf(p, argument)); break;
            case ":instances": Show(argument, p => Information.Instances(p, argument) is { } found ? found.Count > 0 ? found : [$"nothing: `{argument}` has none"] : null); break;
            case ":handlers": Show(argument, p => Information.Handlers(p, argument)); break;
            default:
                var close = EditDistance.Closest(command, Commands);
                _output.Say($"unknown command `{command}`{(close is null ? "" : $"; did you mean `{close}`?")}");
                break;
        }
    }

    private Input? Expression(string text)
    {
        var source = new SourceText($"input {++_inputs}", text);
        var parsed = SyntaxParser.ParseInput(source);
        if (!parsed.Diagnostics.IsEmpty) _output.Diagnostics(parsed.Diagnostics);
        if (parsed.HasErrors) return null;
        if (parsed.Value.Statement is { } statement) return Input.Of(source, statement);
        _output.Say("an expression is needed here");
        return null;
    }

    private void ShowType(string text)
    {
        if (Expression(text) is { } input && Probe(input) is { } probed) _output.Line(TypePrinter.Text(probed.Type));
    }

    private void ShowEffects(string text)
    {
        if (Expression(text) is not { } input || Probe(input) is not { } probed) return;
        if (probed.Effects.Entries.IsEmpty)
        {
            _output.Line("pure");
            return;
        }
        var sources = Effects.SourcesIn(probed.Body).ToLookup(s => s.Effect);
        foreach (var entry in probed.Effects.Entries)
            foreach (var (_, performer, span) in sources[entry.Label])
                if (probed.Module.Place(new SourceSpan(probed.Program.Entry.Source, span)) is { } place)
                    _output.Line($"{TextOf(entry)} from {performer} (line {place.Source.Lines.LineOf(place.Span.Start) + 1})");
    }

    private void ShowBindings()
    {
        foreach (var piece in _bindings.Pieces) _output.Line(Headline(piece) ?? piece.Name);
        foreach (var value in _bindings.Values) _output.Line($"{value.Name} : {value.Type}");
    }

    private void Reset()
    {
        if (_program is HostProgram)
        {
            _output.Say("the running program cannot be forgotten: `:rollback` goes back by a version, and a save of its sources takes back what was typed");
            return;
        }
        _program.Dispose();
        (_bindings, _turns) = (Bindings.None, 0);
        _past.Clear();
        _program = _begin(this);
    }

    private void ShowWorlds()
    {
        foreach (var line in Worlds.Lines(_program.Program.List())) _output.Line(line);
    }

    private void Purge(bool endsTurns)
    {
        var report = _program.Program.Purge(PurgePatience, endsTurns);
        foreach (var line in PurgeText.Lines(report, "`:purge now`")) _output.Line(line);
    }

    /// <summary>Values stay, as their names are still known; the definitions are those before.</summary>
    private void RollBack()
    {
        if (_program.RollsBack(_output)) return;
        if (!_past.TryPop(out var before))
        {
            _output.Say("there is no older version to go back to");
            return;
        }
        var replaced = _bindings;
        if (Needing(before) is { } needing)
        {
            _past.Push(before);
            _output.Say(needing);
        }
        else if (Accept(_bindings.WithDefinitionsOf(before), []))
        {
            _past.Pop();
            foreach (var piece in replaced.Pieces.Where(p => !before.Pieces.Contains(p))) _output.Line($"taken back: {Headline(piece) ?? piece.Name}");
        }
        else _past.Push(before);
    }

    /// <summary>Why the definitions before cannot be had again: values are of a type that they do not have. Null where none is.</summary>
    private string? Needing(Bindings before)
    {
        foreach (var piece in _bindings.Pieces.Where(p => before.Pieces.All(b => b.Key != p.Key)))
            if (_bindings.Values.Where(v => Bindings.NamesIn(new SourceText("type", v.Type))(piece.Name)).Select(v => v.Name).ToArray() is { Length: > 0 } values)
                return $"`{Headline(piece) ?? piece.Name}` stays: {string.Join(", ", values.Select(v => $"`{v}`"))} would lose {(values.Length == 1 ? "its" : "their")} type. Bind {(values.Length == 1 ? "the name" : "the names")} to something else first, as with `let {values[0]} = ()`; `:reset` forgets everything";
        return null;
    }

    private void ShowPlan(string text)
    {
        if (text.Length > 0)
        {
            var source = new SourceText($"input {++_inputs}", text);
            var parsed = SyntaxParser.ParseInput(source);
            if (!parsed.Diagnostics.IsEmpty) _output.Diagnostics(parsed.Diagnostics);
            if (parsed.HasErrors) return;
            if (parsed.Value.Declaration is not { } declaration)
            {
                _output.Say("a definition is needed here");
                return;
            }
            var module = Module(_bindings.With(Piece.Of(source, declaration)));
            if (!Fails(_program.Check(module.Text).Diagnostics, module, [source])) Show(_program.Plan(module.Text));
            return;
        }
        Show(_program.Plan(null));
    }

    /// <summary>Without what concerns only the session's own functions.</summary>
    private void Show(Live.ReloadPlan plan) => _output.Line(InUsersTerms(PlanText.Of(plan with
    {
        Functions = [.. plan.Functions.Where(f => !f.Name.Contains(SessionModule.Prefix, StringComparison.Ordinal))],
        Rules = [.. plan.Rules.Where(r => !r.Symbol.Contains(SessionModule.Prefix, StringComparison.Ordinal))],
    })));

    private void LoadFile(string path)
    {
        var read = new DiskFiles().Read(path, path);
        if (read.Source is not { } source)
        {
            _output.Say(read.Problem!);
            return;
        }
        var parsed = SyntaxParser.Parse(source);
        if (!parsed.Diagnostics.IsEmpty) _output.Diagnostics(parsed.Diagnostics);
        if (parsed.HasErrors) return;
        var pieces = parsed.Value.Declarations.Where(d => d is not Declaration.Test).Select(d => Piece.Of(source, d)).ToArray();
        var own = pieces.Where(p => p.Declaration is not Declaration.Function { Name.Text: "main" }).ToImmutableArray();
        if (own.Length < pieces.Length) _output.Say("`main` of the file is left out: it would be the session's own");
        Define(own);
    }

    private void Export(string path)
    {
        try
        {
            File.WriteAllText(path, string.Concat(_bindings.Pieces.Select(p => p.Text.TrimEnd() + "\n" + (p.Declaration is Declaration.Use ? "" : "\n"))).TrimEnd() + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _output.Say($"cannot write `{path}`: {e.Message}");
        }
    }

    private string[]? InfoOf(CheckedProgram program, string name)
    {
        string[] values = [.. _bindings.Values.Where(v => v.Name == name).Select(v => $"let {v.Name} : {v.Type}")];
        return values.Length > 0 ? values : Information.Of(program, name).Distinct().ToArray() is { Length: > 0 } lines ? lines : null;
    }

    /// <summary>Shows what is known about a name, which may be of a module that nothing has used yet.</summary>
    private void Show(string name, Func<CheckedProgram, IReadOnlyList<string>?> about)
    {
        var module = name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : name;
        CheckedProgram? program = null;
        if (module.Length > 0 && module.All(c => char.IsAsciiLetterOrDigit(c) || c == '.') && char.IsAsciiLetterUpper(module[0]))
        {
            var outcome = _program.Check($"{Module(_bindings).Text}\nuse {module}\n");
            if (!outcome.HasErrors) program = outcome.Program;
        }
        program ??= Known();
        if (program is null || about(program) is not { } lines) _output.Say($"there is nothing called `{name}` here");
        else
            foreach (var line in lines) _output.Line(line);
    }
}
