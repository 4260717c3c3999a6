namespace Kea.Types.Inference;

/// <summary>The shape of <c>main</c> (2.1.2, 7.11). Its effects are looked at with its body.</summary>
internal static class EntryPoint
{
    public static IEnumerable<Diagnostic> Check(FunctionSymbol main)
    {
        if (!main.Parameters.IsEmpty)
            yield return Error(main, "E0009", $"`main` takes no parameters, but has {main.Parameters.Length}", "arguments of the program come from `IO.args`");
        if (main.Parameters.IsEmpty && !main.TypeVariables.IsEmpty)
            yield return Error(main, "E0012", "`main` cannot have type variables", null);
        if (main.Result.Resolved is not (Type.Error or Type.Named { Symbol.Builtin: BuiltinType.Unit or BuiltinType.Never }) && !Numbers.IsInteger(main.Result))
            yield return Error(main, "E0001", $"type mismatch: `main` returns `Unit` or an integer, not `{TypePrinter.Text(main.Result)}`", null);
    }

    private static Diagnostic Error(FunctionSymbol main, string code, string message, string? help) =>
        new(code, Severity.Error, message, new Label(new SourceSpan(main.Module.Source, main.Span), ""), [], [], help);
}
