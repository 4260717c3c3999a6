using System.Reflection;
using CommandLine;
using CommandLine.Text;

namespace Kea.Cli;

/// <summary>From arguments to a verb (language reference 14). Usage errors: message and usage on standard error, status 1.</summary>
public static class Dispatch
{
    private static readonly Type[] Verbs = [typeof(RunOptions), typeof(BuildOptions), typeof(CheckOptions), typeof(TestOptions), typeof(ExplainOptions)];

    public static int Run(string[] arguments, Terminal terminal)
    {
        if (arguments is ["--version"])
        {
            terminal.Output.WriteLine($"kea {Version}");
            return 0;
        }
        var (own, forProgram) = SplitProgramArguments(arguments);
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.CaseInsensitiveEnumValues = true;
            settings.AutoVersion = false;
            settings.AllowMultiInstance = true;
            settings.GetoptMode = false;
        });
        var result = parser.ParseArguments(own, Verbs);
        if (result is NotParsed<object> notParsed) return Usage(result, notParsed.Errors, terminal);
        var options = ((Parsed<object>)result).Value;
        if (options is CommonOptions common) terminal.Color = common.Color;
        if (options is RunOptions toRun) toRun.Arguments = forProgram;
        return options switch
        {
            RunOptions run => RunVerb.Execute(run, terminal),
            BuildOptions build => BuildVerb.Execute(build, terminal),
            CheckOptions check => CheckVerb.Execute(check, terminal),
            TestOptions test => TestVerb.Execute(test, terminal),
            ExplainOptions explain => ExplainVerb.Execute(explain, terminal),
            _ => throw new InvalidOperationException($"verb without code: {options.GetType()}"),
        };
    }

    public static string Version =>
        typeof(Dispatch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    // Everything after `run`'s FILE belongs to the program, whatever it looks like.
    private static (string[] Own, string[] ForProgram) SplitProgramArguments(string[] arguments)
    {
        if (arguments is not ["run", ..]) return (arguments, []);
        for (var i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == "--color") i++;
            else if (!arguments[i].StartsWith('-') || arguments[i] == "-")
                return (arguments[..(i + 1)], arguments is [..] && i + 1 < arguments.Length && arguments[i + 1] == "--" ? arguments[(i + 2)..] : arguments[(i + 1)..]);
        }
        return (arguments, []);
    }

    private static int Usage(ParserResult<object> result, IEnumerable<Error> errors, Terminal terminal)
    {
        var wanted = errors.Any(e => e.Tag is ErrorType.HelpRequestedError or ErrorType.HelpVerbRequestedError);
        var help = HelpText.AutoBuild(result, text =>
        {
            text.Heading = $"kea {Version}: the Kea language, native";
            text.Copyright = "";
            text.AdditionalNewLineAfterOption = false;
            text.AddEnumValuesToHelpText = false;
            text.AutoVersion = false;
            text.MaximumDisplayWidth = 100;
            return wanted ? text : HelpText.DefaultParsingErrorsHandler(result, text);
        });
        (wanted ? terminal.Output : terminal.Error).WriteLine(help.ToString().TrimEnd());
        return wanted ? 0 : 1;
    }
}
