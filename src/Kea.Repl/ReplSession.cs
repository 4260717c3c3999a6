using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Status;
using Kea.Live;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Repl;

/// <summary>
/// What is typed at a prompt, made part of a running program (14.9): definitions make up a module that is changed like any
/// other, and an expression is what the program does in its next turn.
/// </summary>
public sealed partial class ReplSession : IDisposable
{
    private const string FileName = "repl session.kea";

    private readonly ToolchainPaths _paths;
    private readonly IReplOutput _output;
    private readonly string _shownPath, _folder;
    private readonly Func<ReplSession, PromptProgram> _begin;
    private readonly Stack<Bindings> _past = [];
    private PromptProgram _program;
    private Bindings _bindings = Bindings.None;
    private volatile SessionModule? _evaluating;
    private int _inputs, _turns, _keys;
    private volatile bool _isTaking;

    /// <summary>A session with a program of its own.</summary>
    /// <param name="folder">Where the modules of the inputs' <c>use</c> are looked for.</param>
    public ReplSession(ToolchainPaths paths, IReplOutput output, string folder)
        : this(paths, output, folder, session => new OwnProgram(paths, Path.Combine(folder, FileName), SessionModule.Of(Bindings.None, null).Text, lines => output.Say(session.InInputs(lines).TrimEnd('\n')))) { }

    private ReplSession(ToolchainPaths paths, IReplOutput output, string folder, Func<ReplSession, PromptProgram> begin)
    {
        (_paths, _output, _folder, _begin) = (paths, output, folder, begin);
        _program = begin(this);
        _shownPath = ModulePaths.Shown(_program.Path);
    }

    /// <summary>A session in a program that runs already, between two turns of its loop.</summary>
    /// <param name="program">The program that runs now; null while none does.</param>
    public static ReplSession In(Func<LiveSession?> program, ToolchainPaths paths, IReplOutput output, string entryPath) =>
        new(paths, output, Path.GetDirectoryName(Path.GetFullPath(entryPath))!, _ => new HostProgram(program, entryPath));

    /// <summary>Declarations of disk and program, without those of a prompt's own that run around what was typed.</summary>
    public static ImmutableArray<DeclarationState> WithoutScaffold(ImmutableArray<DeclarationState> declarations) =>
        [.. declarations.Where(d => d.State != TextState.OnlyRunning || !SessionModule.IsScaffold(d.Name))];

    /// <summary>Set when the session is over.</summary>
    public int? Status { get; private set; }

    /// <summary>Ends the evaluation that is under way; the session goes on as after a panic. Any thread. False when none is.</summary>
    public bool Interrupt()
    {
        if (!_isTaking) return false;
        _program.IsInterrupted = true;
        return true;
    }

    /// <summary>Takes one input: a declaration, a statement or a command.</summary>
    public void Take(string text)
    {
        (_program.IsInterrupted, _isTaking) = (false, true);
        try
        {
            Follow();
            if (text.AsSpan().Trim() is { IsEmpty: false } trimmed && trimmed[0] == ':') Command(trimmed.ToString());
            else Take(text, isTimed: false);
        }
        catch (NoProgram)
        {
            _output.Say("no program runs that could take this: it waits for sources without errors");
        }
        catch (CompilerFault fault)
        {
            // Nothing has been published: the session goes on without the input.
            _output.Say(CompilerFault.Apology(fault.Phase, fault.InnerException!));
            if (Environment.GetEnvironmentVariable("KEA_DEBUG") == "1") _output.Say(fault.ToString());
        }
        finally
        {
            _isTaking = false;
        }
    }

    public void Dispose() => _program.Dispose();

    /// <summary>What the program says about itself, in terms of inputs. From any thread.</summary>
    /// <param name="lines">Whole lines.</param>
    public string InInputs(string lines) => _evaluating is { } module ? InputPlaces.In(lines, module, _shownPath, _program.Host is null) : lines;

    /// <summary>The module with what has been defined.</summary>
    private SessionModule Module(Bindings bindings) => SessionModule.Of(bindings, _program.Host);

    /// <summary>A program that others change as well may be in another version by now.</summary>
    private void Follow()
    {
        if (_program is not HostProgram host || host.Follow(_bindings) is not { } news) return;
        _bindings = news.Bindings;
        if (news.Remark.Length > 0) _output.Say(news.Remark);
    }

    private void Take(string text, bool isTimed)
    {
        var source = new SourceText($"input {++_inputs}", text);
        var parsed = SyntaxParser.ParseInput(source);
        if (parsed.HasErrors && InputText.IsDeclarations(text))
        {
            Define([.. SyntaxParser.Parse(source).Value.Declarations.Select(d => Piece.Of(source, d))]);
            return;
        }
        if (!parsed.Diagnostics.IsEmpty) _output.Diagnostics(parsed.Diagnostics);
        if (parsed.HasErrors) return;
        if (parsed.Value.Declaration is { } declaration) Define([Piece.Of(source, declaration)]);
        else if (parsed.Value.Statement is { } statement) Evaluate(Input.Of(source, statement), isTimed);
    }

    private void Define(ImmutableArray<Piece> pieces)
    {
        if (pieces.FirstOrDefault(p => p.Declaration is Declaration.Function { Name.Text: "main" }) is not null)
        {
            _output.Say(_program.Host is null ? "`main` is the session's own here: give the function another name" : "`main` is running and cannot be replaced: change what it calls");
            return;
        }
        var candidate = pieces.Aggregate(_bindings, (all, piece) => all.With(piece));
        if (!Accept(candidate, [.. pieces.Select(p => p.Source)])) return;
        foreach (var piece in pieces)
            if (Headline(piece) is { } headline) _output.Line(headline);
    }

    private static string? Headline(Piece piece) => piece.Declaration switch
    {
        Declaration.Function function => $"fn {OneLine(piece.Source.Text[function.Name.Span.Start..function.Signature.Span.End])}",
        Declaration.Const constant => $"const {constant.Name}",
        Declaration.Struct type => $"struct {type.Name}",
        Declaration.Enum type => $"enum {type.Name}",
        Declaration.Alias type => $"type {type.Name}",
        Declaration.Opaque type => $"opaque {type.Name}",
        Declaration.Trait trait => $"trait {trait.Name}",
        Declaration.Effect effect => $"effect {effect.Name}",
        Declaration.Implementation => piece.Name,
        Declaration.Use or Declaration.Test or Declaration.Error => null,
    };

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Makes other definitions the current ones, if they are right and what lives can follow.</summary>
    private bool Accept(Bindings candidate, HashSet<SourceText> news)
    {
        var module = Module(candidate);
        var checking = _program.Check(module.Text).Diagnostics;
        if (Fails(checking, module, news))
        {
            if (news.Count > 0 && checking.Any(d => d.Severity == Severity.Error && module.Place(d, _shownPath)?.Primary is { } primary && IsEarlier(primary.Span.Source)))
                _output.Say("definitions that only fit together are given together: paste them as one input, or `:load` a file that has them");
            return false;
        }
        if (!Load(module)) return false;
        _past.Push(_bindings);
        _bindings = candidate;
        (_program as HostProgram)?.Note(candidate);
        return true;
    }

    /// <summary>Whether an input has been accepted, and still counts.</summary>
    private bool IsEarlier(SourceText input) => _bindings.Pieces.Any(p => p.Source == input);

    /// <summary>Publishes the module and lets the program come to it.</summary>
    private bool Load(SessionModule module)
    {
        var (plan, move) = _program.Load(module.Text);
        TellRules(plan);
        if (plan.Verdict is Verdict.Rejected or Verdict.Restart)
        {
            Fails(plan.Diagnostics, module, []);
            return false;
        }
        return move is null || Tell(move());
    }

    private void TellRules(ReloadPlan plan)
    {
        foreach (var rule in plan.Rules)
        {
            if (rule.Id is "L001" or "L007" or "L008" or "L009" or "L010" or "L019" || rule.Symbol.Contains(SessionModule.Prefix, StringComparison.Ordinal)) continue;
            _output.Say($"{rule.Id}: {InUsersTerms(rule.Message)}");
            if (rule.WayOut.Length > 0 && plan.Verdict == Verdict.Rejected) _output.Say($"  = help: {InUsersTerms(rule.WayOut)}");
        }
    }

    /// <summary>With the names of <c>let</c> for those under which the values are kept.</summary>
    private string InUsersTerms(string message)
    {
        foreach (var value in _bindings.Values) message = message.Replace($"Live.keep(\"{value.Key}\")", $"`let {value.Name}`", StringComparison.Ordinal);
        if (_program.Host is null)
        {
            var module = ModulePaths.NameOfEntry(_program.Path);
            message = message.Replace($" in module {module}", " in it", StringComparison.Ordinal).Replace($"{module}.", "", StringComparison.Ordinal);
        }
        return KeptOfEarlier().Replace(message, "an earlier `let $1`");
    }

    [GeneratedRegex("Live\\.keep\\(\"(\\w+)_\\d+\"\\)")]
    private static partial Regex KeptOfEarlier();

    /// <summary>Shows what is said about inputs: all errors, warnings only about new ones.</summary>
    private bool Fails(IEnumerable<Diagnostic> diagnostics, SessionModule module, HashSet<SourceText> news)
    {
        var placed = diagnostics.Select(d => module.Place(d, _shownPath)).OfType<Diagnostic>()
            .Where(d => d.Severity == Severity.Error || (d.Primary is { } primary && news.Contains(primary.Span.Source))).ToArray();
        if (placed.Length > 0) _output.Diagnostics(placed);
        return placed.Any(d => d.Severity == Severity.Error);
    }

    /// <summary>What an input is and does, and its checked body.</summary>
    private sealed record Probed(Type Type, Row Effects, TypedExpression Body, SessionModule Module, CheckedProgram Program);

    /// <summary>Null after saying what is wrong, unless it is to be quiet. Nothing is evaluated.</summary>
    private Probed? Probe(Input input, bool isQuiet = false)
    {
        var module = SessionModule.Probe(_bindings, input, _program.Host);
        var outcome = _program.Check(module.Text);
        if ((isQuiet ? outcome.HasErrors : Fails(outcome.Diagnostics, module, [input.Source])) || outcome.Program is not { } program) return null;
        var probe = program.Entry.Functions[SessionModule.ProbeName];
        if (probe.Result.Resolved is not Type.Function(_, var effects, var type) || program.BodyOf(probe) is not { } body)
            throw new InvalidOperationException("a probe is a function that makes a lambda");
        return new Probed(type, effects, body.Body, module, program);
    }

    private void Evaluate(Input input, bool isTimed)
    {
        var watch = Stopwatch.StartNew();
        if (Probe(input) is not { } probed) return;
        if (Unhandled(input, probed.Effects) is { } unhandled)
        {
            _output.Diagnostics([unhandled]);
            return;
        }
        if (MakesUnserved(probed.Type) is { } effect)
        {
            _output.Say($"a function that performs `{effect}` cannot be a value here: nothing handles the effect (`:handlers {effect}`)");
            return;
        }
        var keeps = KeptBy(input, probed.Type);
        if (!FitsDefinitions(keeps)) return;
        var text = new ValueText(probed.Program);
        var shown = input.Names is null ? text.Printing("it", probed.Type) : "()";
        // What never returns says nothing about its type.
        var result = probed.Type.Resolved is Type.Named { Symbol.Builtin: BuiltinType.Never } ? "Never" : "_";
        var module = SessionModule.Evaluation(_bindings, input, _turns, result, keeps, shown, text.Functions, _program.Host);
        _evaluating = module;
        var (refusal, evaluate) = _program.Prepare(module.Text);
        if (evaluate is null)
        {
            Unloadable(refusal!, module, keeps);
            return;
        }
        var prepared = watch.Elapsed.TotalMilliseconds;
        _output.Flush();
        if (!Tell(evaluate())) return;
        _turns++;
        Bind(keeps);
        if (!probed.Effects.Entries.IsEmpty) _output.Line($"  effects: [{string.Join(", ", probed.Effects.Entries.Select(TextOf))}]");
        if (isTimed) _output.Line(FormattableString.Invariant($"  {watch.Elapsed.TotalMilliseconds - prepared:0.0} ms, after {prepared:0.0} ms of checking and loading"));
    }

    /// <summary>False after saying which definitions use a name for what it would not be any more. Nothing is evaluated.</summary>
    private bool FitsDefinitions(ImmutableArray<KeptValue> keeps)
    {
        if (!keeps.Any(k => _bindings.IsMentioned(k.Name))) return true;
        var module = Module(keeps.Aggregate(_bindings, (all, kept) => all.With(kept)));
        var fails = Fails(_program.Check(module.Text).Diagnostics, module, []);
        if (fails) _output.Say($"not bound: definitions above mean another `{string.Join("`, `", keeps.Select(k => k.Name).Where(_bindings.IsMentioned))}`; change them first, or take another name");
        return !fails;
    }

    /// <summary>Values whose names now mean others are let go of, unless functions that a definition made may still ask for them.</summary>
    private void Bind(ImmutableArray<KeptValue> keeps)
    {
        var gone = _bindings.Values.Where(v => keeps.Any(k => k.Name == v.Name) && !_bindings.IsMentioned(v.Name)).Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var kept in keeps)
        {
            _bindings = _bindings.With(kept);
            _output.Line($"{kept.Name} : {kept.Type}");
        }
        (_program as HostProgram)?.Note(_bindings);
        if (gone.Count > 0) _program.Program.Forget(gone);
    }

    private void Unloadable(ReloadPlan plan, SessionModule module, IReadOnlyList<KeptValue> keeps)
    {
        TellRules(plan);
        if (keeps.Count > 0 && plan.Diagnostics.Any(d => d.Severity == Severity.Error))
            _output.Say($"the type `{string.Join("`, `", keeps.Select(k => k.Type))}` cannot be written here: import what it names with `use` first");
        else Fails(plan.Diagnostics, module, []);
    }

    private ImmutableArray<KeptValue> KeptBy(Input input, Type type)
    {
        if (input.Names is not { Length: > 0 } names) return [];
        var types = names.Length == 1 ? [type] : ((Type.Tuple)type.Resolved).Elements;
        return [.. names.Zip(types, (name, of) => new KeptValue(name, $"{name}_{++_keys}", TypePrinter.Text(of)))];
    }

    private static string TextOf(RowEntry entry) =>
        entry.Payload.Resolved is Type.Named { Symbol.Builtin: BuiltinType.Unit } ? entry.Label : $"{entry.Label} {TypePrinter.Text(entry.Payload)}";

    /// <summary>An effect that functions in a value perform and that nobody serves; null if there is none.</summary>
    private static string? MakesUnserved(Type type)
    {
        string? found = null;
        TypeWalk.Any(type, t => t is Type.Function(_, var effects, _) && (found ??= effects.Entries.FirstOrDefault(e => e.Effect is not ({ IsCapability: true } or { IsFail: true }))?.Label) is not null);
        return found;
    }

    /// <summary>Capabilities are served by the runtime; nobody handles anything else here (14.9.4).</summary>
    private static Diagnostic? Unhandled(Input input, Row effects) =>
        effects.Entries.FirstOrDefault(e => e.Effect is not { IsCapability: true }) is not { } entry ? null
            : new Diagnostic("E0015", Severity.Error, $"unhandled effect `{TextOf(entry)}`", new Label(new SourceSpan(input.Source, input.Span), "performed here"), [], [],
                entry.Label == "Fail" ? "turn the failure into a value with `catch`" : "handle it with `handle`");

    /// <summary>False unless the evaluation came to its end.</summary>
    private bool Tell(Ending ending)
    {
        switch (ending)
        {
            case Ending.Done: return true;
            case Ending.Panicked or Ending.Interrupted: return false;
            case Ending.NotMigrated(var message):
                _output.Say($"L016: the migration of a value failed: {message}; the definitions before stay");
                return false;
            case Ending.NotRunning:
                _output.Say("the program does not run: there is nothing to evaluate this in");
                return false;
            case Ending.Exited(var status):
                Status = status;
                return false;
        }
        throw new InvalidOperationException("a closed family");
    }
}
