using System.Reflection;
using CommandLine;
using CommandLine.Text;
using Kea.Source;

namespace Kea.Cli;

/// <summary>The usage text: asked for, on standard output; after a mistake, below one line that names it, on standard error.</summary>
internal static class Usage
{
    public static Parser NewParser() => new(settings =>
    {
        settings.HelpWriter = null;
        settings.CaseInsensitiveEnumValues = true;
        settings.AutoVersion = false;
        settings.AllowMultiInstance = true;
        settings.GetoptMode = false;
    });

    /// <summary>Prints the help that was asked for, or what is wrong with the arguments.</summary>
    public static int Answer(NotParsed<object> result, string[] arguments, Type[] verbs, Terminal terminal)
    {
        var first = result.Errors.First();
        if (result.Errors.Any(e => e.Tag is ErrorType.HelpRequestedError or ErrorType.HelpVerbRequestedError))
        {
            terminal.Output.WriteLine(Text(arguments.FirstOrDefault(), verbs));
            return 0;
        }
        return Wrong(Sentence(first, arguments, verbs), arguments.FirstOrDefault(), verbs, terminal);
    }

    public static int Wrong(string mistake, string? verb, Type[] verbs, Terminal terminal)
    {
        terminal.Say($"kea: {mistake}");
        terminal.Say("");
        terminal.Say(Text(verb, verbs));
        return 1;
    }

    private static string Sentence(Error error, string[] arguments, Type[] verbs) => error switch
    {
        NoVerbSelectedError => "name what to do",
        BadVerbSelectedError bad when bad.Token.StartsWith('-') => $"unknown flag `{bad.Token}`",
        BadVerbSelectedError bad => $"unknown verb `{bad.Token}`{Suggestion(bad.Token, verbs)}",
        UnknownOptionError unknown => $"unknown flag `{AsWritten(unknown.Token, arguments)}`",
        MissingValueOptionError missing => $"flag `--{missing.NameInfo.LongName}` needs a value",
        BadFormatConversionError { NameInfo.LongName: { Length: > 0 } flag } => $"flag `--{flag}` does not take this value",
        MissingRequiredOptionError => $"`kea {arguments[0]}` needs an argument",
        _ => "these arguments do not fit together",
    };

    private static string AsWritten(string name, string[] arguments) =>
        arguments.FirstOrDefault(a => a.StartsWith('-') && a.TrimStart('-').Split('=')[0] == name)?.Split('=')[0] ?? (name.Length == 1 ? "-" : "--") + name;

    private static string Suggestion(string verb, Type[] verbs) =>
        EditDistance.Closest(verb, verbs.Select(NameOf)) is { } close ? $"; did you mean `{close}`?" : "";

    private static string NameOf(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;

    private static string Text(string? verb, Type[] verbs)
    {
        var known = verbs.FirstOrDefault(v => NameOf(v) == verb);
        using var parser = NewParser();
        var result = parser.ParseArguments(known is null ? ["--help"] : [NameOf(known), "--help"], verbs);
        var help = HelpText.AutoBuild(result, text =>
        {
            text.Heading = known is null ? "usage: kea VERB [FLAGS] [FILE]" : $"usage: kea {NameOf(known)} {Operands(known)}";
            text.Copyright = "";
            text.AdditionalNewLineAfterOption = false;
            text.AddEnumValuesToHelpText = false;
            text.AutoVersion = false;
            text.MaximumDisplayWidth = 100;
            return text;
        });
        var lines = help.ToString().Trim();
        return known is null ? $"{lines}\n\n`kea VERB --help` lists a verb's flags; `kea --version` prints the version." : lines;
    }

    private static string Operands(Type verb)
    {
        if (verb == typeof(ExplainOptions)) return "CODE";
        if (verb == typeof(ReplOptions)) return "[FLAGS]";
        if (verb == typeof(PlanOptions)) return "[FLAGS] [FILE | OLD NEW]";
        return verb == typeof(RunOptions) ? "[FLAGS] [FILE] [ARGS]" : "[FLAGS] [FILE]";
    }
}
