using System.Reflection;
using CommandLine;
using Kea.Driver;

namespace Kea.Cli;

/// <summary>From arguments to a verb (language reference 14). Usage errors: message and usage on standard error, status 1.</summary>
public static class Dispatch
{
    private static readonly Type[] Verbs = [typeof(RunOptions), typeof(BuildOptions), typeof(CheckOptions), typeof(TestOptions), typeof(PlanOptions), typeof(StatusOptions), typeof(ReplOptions), typeof(ExplainOptions)];

    /// <summary>Runs what the arguments ask for. A fault of ours ends in one line and status 1, never in a stack trace.</summary>
    public static int Run(string[] arguments, Terminal terminal)
    {
        try
        {
            return Execute(arguments, terminal);
        }
        catch (Exception e)
        {
            terminal.Output.Flush();
            terminal.Say(CompilerFault.Apology(e, "the command"));
            if (Environment.GetEnvironmentVariable("KEA_DEBUG") == "1") terminal.Say(e.ToString());
            return 1;
        }
    }

    private static int Execute(string[] arguments, Terminal terminal)
    {
        if (arguments is ["--version"])
        {
            terminal.Output.WriteLine($"kea {Version}");
            return 0;
        }
        if (arguments.Length == 0 && !Console.IsInputRedirected) arguments = ["repl"];
        var (own, forProgram) = ArgumentShape.Split(arguments);
        if (ArgumentShape.MissingValue(own, Verbs) is { } flag) return Usage.Wrong($"flag `{flag}` needs a value", VerbOf(own), Verbs, terminal);
        own = ArgumentShape.GatherRepeated(own);
        using var parser = Usage.NewParser();
        var result = parser.ParseArguments(own, Verbs);
        if (result is NotParsed<object> notParsed) return Usage.Answer(notParsed, own, Verbs, terminal);
        var options = ((Parsed<object>)result).Value;
        if (options is VerbOptions { Surplus: var surplus } && surplus.FirstOrDefault() is { } extra)
            return Usage.Wrong($"unexpected argument `{extra}`", VerbOf(own), Verbs, terminal);
        if (options is CommonOptions common) terminal.Color = common.Color;
        if (options is RunOptions toRun) toRun.Arguments = forProgram;
        return options switch
        {
            RunOptions run => RunVerb.Execute(run, terminal),
            BuildOptions build => BuildVerb.Execute(build, terminal),
            CheckOptions check => CheckVerb.Execute(check, terminal),
            TestOptions test => TestVerb.Execute(test, terminal),
            PlanOptions plan => PlanVerb.Execute(plan, terminal),
            StatusOptions status => StatusVerb.Execute(status, terminal),
            ReplOptions repl => ReplVerb.Execute(repl, terminal),
            ExplainOptions explain => ExplainVerb.Execute(explain, terminal),
            _ => throw new InvalidOperationException($"verb without code: {options.GetType()}"),
        };
    }

    public static string Version =>
        typeof(Dispatch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static string? VerbOf(string[] arguments) => arguments.FirstOrDefault();
}
