using Kea.Repl.Editing;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Repl;

/// <summary>What an editor of this session's inputs asks.</summary>
public sealed partial class ReplSession
{
    private (string Text, CheckedProgram? Program)? _known;

    public IInputLanguage Language => field ??= new Inputs(this);

    private sealed class Inputs(ReplSession session) : IInputLanguage
    {
        private readonly Completer _completer = new(session._paths, session._folder, session.Known, session.Names, session.TypeOf);

        public bool GoesOn(string text, bool whole) => whole ? InputText.IsIncomplete(text) : InputText.MayGoOn(text + "\n");
        public Completion Complete(string text, int cursor) => _completer.At(text, cursor);
        public Look[] LooksOf(string text) => Looks.Of(text);
    }

    /// <summary>Names that have been defined here.</summary>
    private IEnumerable<string> Names() => _bindings.Pieces.Select(p => p.Name).Where(n => n.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')).Concat(_bindings.Values.Select(v => v.Name));

    /// <summary>What inputs see, checked; kept until it says something else.</summary>
    private CheckedProgram? Known()
    {
        try
        {
            Follow();
        }
        catch (NoProgram)
        {
            return null;
        }
        var text = Module(_bindings).Text;
        if (_known is not { } known || known.Text != text) _known = known = (text, _program.Check(text).Program);
        return known.Program;
    }

    /// <summary>Says nothing where there is no type.</summary>
    private (Type Type, CheckedProgram Program)? TypeOf(string expression)
    {
        if (Known() is null) return null;
        var source = new SourceText("input", expression);
        var parsed = SyntaxParser.ParseInput(source);
        if (parsed.HasErrors || parsed.Value.Statement is not { } statement) return null;
        return Probe(Input.Of(source, statement), isQuiet: true) is { } probed ? (probed.Type, probed.Program) : null;
    }
}
