using CommandLine;
using Kea.Driver.Live;

namespace Kea.Cli;

/// <summary>What every verb has.</summary>
public abstract class VerbOptions
{
    /// <summary>What stands behind the last argument that the verb takes; none may.</summary>
    [Value(1, Hidden = true)]
    public virtual IEnumerable<string> Surplus { get; set; } = [];
}

/// <summary>Flags that the verbs working on programs take (language reference 14.1).</summary>
public abstract class CommonOptions : VerbOptions
{
    [Option("json", HelpText = "Print diagnostics and results as JSON, one object a line.")]
    public bool Json { get; set; }

    [Option("color", Default = ColorChoice.Auto, MetaValue = "auto|always|never", HelpText = "When to colour diagnostics.")]
    public ColorChoice Color { get; set; }

    [Option("deny-warnings", HelpText = "Fail when there are warnings.")]
    public bool DenyWarnings { get; set; }

    [Option("offline", HelpText = "Never use the network.")]
    public bool Offline { get; set; }

    [Option('q', "quiet", HelpText = "Say nothing but errors and results.")]
    public bool Quiet { get; set; }
}

[Verb("run", HelpText = "Compile in memory and run a program. Arguments after FILE, or after FILE --, go to the program.")]
public sealed class RunOptions : CommonOptions
{
    [Value(0, MetaName = "FILE", HelpText = "The program's entry file.")]
    public string? File { get; set; }

    [Option("stats", HelpText = "Print times, units and slots at the end.")]
    public bool Stats { get; set; }

    [Option("watch", HelpText = "Change the program while it runs, whenever its sources change. Keys until it reads standard input: r restart, p plan, b roll back, x purge, q quit.")]
    public bool Watch { get; set; }

    [Option("debounce", Default = "50ms", MetaValue = "T", HelpText = "With --watch: changes within T form one batch.")]
    public string Debounce { get; set; } = "50ms";

    [Option("poll", HelpText = "With --watch: look at the contents of the files instead of waiting for file events.")]
    public bool Poll { get; set; }

    [Option("on-incompatible", Default = IncompatiblePolicy.Refuse, MetaValue = "refuse|ask|migrate|restart", HelpText = "With --watch: what to do when state cannot be carried over (L012).")]
    public IncompatiblePolicy OnIncompatible { get; set; }

    [Option("probation", Default = "2s", MetaValue = "T", HelpText = "With --watch: a panic within T after a reload leads back to the code before.")]
    public string Probation { get; set; } = "2s";

    [Option("grace", Default = "5s", MetaValue = "T", HelpText = "With --watch: report code that stays in an old world for longer than T (L022).")]
    public string Grace { get; set; } = "5s";

    [Option("keep-worlds", Default = 8, MetaValue = "K", HelpText = "With --watch: how many reloads can be undone.")]
    public int KeepWorlds { get; set; } = 8;

    [Option("repl", HelpText = "With --watch: a prompt into the running program.")]
    public bool Repl { get; set; }

    /// <summary>What stood after FILE; taken off before the flags are parsed.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];
}

[Verb("build", HelpText = "Compile to one static executable, or with -o NAME.o to an object file.")]
public sealed class BuildOptions : CommonOptions
{
    [Value(0, MetaName = "FILE", HelpText = "The program's entry file.")]
    public string? File { get; set; }

    [Option('o', "output", MetaValue = "OUT", HelpText = "Where to write; default: FILE without its extension.")]
    public string? Output { get; set; }

    [Option("emit", MetaValue = "mir|llvm|asm", HelpText = "Also write this form beside the output.")]
    public Emission? Emit { get; set; }

    [Option("cpu", Default = "x86-64-v2", MetaValue = "NAME", HelpText = "The processor to compile for; `native` for this machine's.")]
    public string Cpu { get; set; } = "x86-64-v2";
}

public enum Emission { Mir, Llvm, Asm }

[Verb("check", HelpText = "Analyse a program without running it; silent when there is nothing to say.")]
public sealed class CheckOptions : CommonOptions
{
    [Value(0, MetaName = "FILE", HelpText = "The file to check; it needs no main.")]
    public string? File { get; set; }
}

[Verb("test", HelpText = "Run the test blocks of a file.")]
public sealed class TestOptions : CommonOptions
{
    [Value(0, MetaName = "FILE", HelpText = "The file whose tests to run.")]
    public string? File { get; set; }

    [Option("filter", MetaValue = "TEXT", HelpText = "Only tests whose name contains the text.")]
    public string? Filter { get; set; }

    [Option("tag", Separator = ',', MetaValue = "TAG", HelpText = "Only tests with this tag; may be given several times.")]
    public IEnumerable<string> Tags { get; set; } = [];

    [Option("exclude-tag", Separator = ',', MetaValue = "TAG", HelpText = "No tests with this tag; may be given several times.")]
    public IEnumerable<string> ExcludedTags { get; set; } = [];
}

[Verb("plan", HelpText = "Say what a reload would do, without doing it: of what has been edited in a program that runs under --watch, or from one version to another. Status 1 if it would be rejected.")]
public sealed class PlanOptions : CommonOptions
{
    [Value(0, MetaName = "FILE or OLD", HelpText = "The entry file of the running program, if there are several; with NEW, that of the version that would be running.")]
    public string? Old { get; set; }

    [Value(1, MetaName = "NEW", HelpText = "The entry file of the version to change to.")]
    public string? New { get; set; }

    [Value(2, Hidden = true)]
    public override IEnumerable<string> Surplus { get; set; } = [];
}

[Verb("status", HelpText = "Compare what is on disk with what runs under --watch, declaration by declaration. Status 0 if all that is on disk runs, else 1.")]
public sealed class StatusOptions : CommonOptions
{
    [Value(0, MetaName = "FILE", HelpText = "The entry file of the running program; default: those of the project or folder, else all.")]
    public string? File { get; set; }

    [Option("all", HelpText = "List declarations that are the same too, and several programs in full.")]
    public bool All { get; set; }
}

[Verb("repl", HelpText = "Evaluate what is typed; without a verb too, when standard input is a terminal.")]
public sealed class ReplOptions : CommonOptions
{
    [Option("script", MetaValue = "FILE", HelpText = "Read the inputs from a file.")]
    public string? Script { get; set; }

    [Value(0, Hidden = true)]
    public override IEnumerable<string> Surplus { get; set; } = [];
}

[Verb("explain", HelpText = "Explain a diagnostic code, such as E0001, W1002 or L012.")]
public sealed class ExplainOptions : VerbOptions
{
    [Value(0, MetaName = "CODE", Required = true, HelpText = "The code.")]
    public string Code { get; set; } = "";
}
