using System.Text;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Repl;
using Kea.Repl.Editing;

namespace Kea.Cli.Watch;

/// <summary>
/// The prompt of <c>kea run --watch --repl</c>: inputs are read and taken on a thread of its own. On a terminal all that is said,
/// by the program too, stands above what is being typed.
/// </summary>
internal sealed class ProgramPrompt : IDisposable
{
    private readonly Action _quit;
    private readonly ReplSession _session;
    private readonly LineEditor? _editor;
    private readonly ProgramTerminal? _output, _errors;
    private readonly PlainLines _lines;
    private readonly FileStream _nothing = File.OpenRead("/dev/null");

    /// <param name="program">The program that runs now.</param>
    /// <param name="quit">Called when no more is to be read and nothing to be run.</param>
    public ProgramPrompt(Func<LiveSession?> program, ToolchainPaths paths, string file, RunOptions options, Terminal terminal, Action quit)
    {
        _quit = quit;
        _lines = PlainLines.OfProcess(terminal.Output, prompts: !Console.IsInputRedirected);
        if (!UnixTerminal.IsUsable)
        {
            Terminal = terminal;
            _session = ReplSession.In(program, paths, new ReplOutput(options, terminal), file);
            _errors = ProgramTerminal.Open(lines => terminal.Error.Write(_session.InInputs(lines)));
            return;
        }
        var writer = new EditorWriter();
        Terminal = new Terminal(writer, writer, errorIsTerminal: true, outputIsTerminal: true) { Color = terminal.Color };
        _session = ReplSession.In(program, paths, new ReplOutput(options, Terminal), file);
        _editor = writer.Editor = new LineEditor(new UnixTerminal(), new History(History.DefaultPath()), _session.Language, terminal.OutputHasColors);
        _output = _errors = ProgramTerminal.Open(lines => _editor.Print(_session.InInputs(lines)));
    }

    /// <summary>Where everything else is to be said.</summary>
    public Terminal Terminal { get; }

    /// <summary>What a run of the program gets: standard input is the prompt's.</summary>
    public Kea.Live.RunOptions Around(Kea.Live.RunOptions run)
    {
        run = run with { InFd = (int)_nothing.SafeFileHandle.DangerousGetHandle() };
        return run with { OutFd = _output?.File ?? run.OutFd, ErrorFd = _errors?.File ?? run.ErrorFd };
    }

    /// <summary>Ctrl-C ends the evaluation that is under way, or discards the line that is being typed.</summary>
    /// <returns>False if neither is there: then somebody wants all of it to end.</returns>
    public bool Interrupt() => _session.Interrupt() || (_editor is null && _lines.Discarded());

    public void Start() => new Thread(_editor is null ? ReadLines : Edit) { IsBackground = true, Name = "kea prompt" }.Start();

    public void Dispose()
    {
        _errors?.Drain();
        _editor?.Close();
        _errors?.Dispose();
        _nothing.Dispose();
    }

    private void ReadLines()
    {
        var reader = new InputReader(_lines.Read);
        while (reader.Read() is { } text)
            if (Ends(text)) return;
    }

    private void Edit()
    {
        while (true)
        {
            switch (_editor!.Read(PlainLines.Prompt, PlainLines.Continuation))
            {
                case LineRead.Submitted(var text):
                    foreach (var input in InputText.Split(text))
                        if (Ends(input)) return;
                    break;
                case LineRead.Discarded: break;
                case LineRead.Ended:
                    _quit();
                    return;
            }
        }
    }

    private bool Ends(string input)
    {
        _session.Take(input);
        _errors?.Drain();
        if (_session.Status is null) return false;
        _quit();
        return true;
    }

    /// <summary>Prints above the prompt, line by line.</summary>
    private sealed class EditorWriter : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _line = new();

        public LineEditor? Editor { get; set; }
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            lock (_gate)
            {
                _line.Append(value);
                if (value is null || !value.Contains('\n', StringComparison.Ordinal)) return;
                var text = _line.ToString();
                var end = text.LastIndexOf('\n') + 1;
                _line.Clear().Append(text.AsSpan(end));
                Editor?.Print(text[..end]);
            }
        }

        public override void WriteLine(string? value) => Write(value + "\n");
    }
}
