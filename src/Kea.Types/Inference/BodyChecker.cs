using System.Runtime.CompilerServices;
using Kea.Types.Binding;

namespace Kea.Types.Inference;

/// <summary>
/// Checks one body. All state of the check is here and dies with it; the files of this class are the families of
/// expressions. An expression is inferred with an optional expected type as a hint (<see cref="Infer"/>) or checked against
/// one (<see cref="Check"/>), which makes implicit conversions explicit (6.8).
/// </summary>
internal sealed partial class BodyChecker
{
    private readonly ProgramFacts _facts;
    private readonly FunctionSymbol? _function;
    private readonly ModuleSymbol _module;
    private readonly SourceText _source;
    private readonly IModuleScope _scope;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Namespace> _namespaces;
    private readonly TypeSymbol? _owner;
    private readonly DiagnosticBag _bag;
    private readonly Unknowns _unknowns = new();
    private readonly TraitSolver _traits;
    private readonly ITypeVariableScope _typeVariables;

    /// <summary>The expression being looked at is the last thing its function does. Consumed by <see cref="Infer"/>.</summary>
    private bool _isTail;
    private int _unsafeDepth;
    private bool _isMain;

    private BodyChecker(ProgramFacts facts, FunctionSymbol? function, ModuleSymbol module, SourceText source, TypeSymbol? owner, DiagnosticBag bag)
    {
        _facts = facts;
        _function = function;
        _module = module;
        _source = source;
        _scope = facts.Program.ScopeOf(module);
        _owner = owner;
        _bag = bag;
        _traits = new TraitSolver(facts, _unknowns, function);
        _typeVariables = function is null ? SignatureScope.Empty : SignatureScope.Of(function);
        _namespaces = facts.NamespacesOf(module);
        _effects = new EffectCollector(null, EffectBoundary.Function);
    }

    /// <summary>Checks the body of a declared function against its signature.</summary>
    /// <param name="body">The function's own, or what an edit put in its place.</param>
    /// <param name="source">What the spans of the body refer to.</param>
    public static TypedBody Function(ProgramFacts facts, FunctionSymbol function, Expression body, SourceText source, bool isMain, DiagnosticBag bag)
    {
        var checker = new BodyChecker(facts, function, function.Module, source, function.OwnerType, bag) { _isMain = isMain };
        return checker.FunctionBody(function, body);
    }

    private TypedBody FunctionBody(FunctionSymbol function, Expression written)
    {
        if (function.IsUnsafe) _unsafeDepth++;
        var declared = Rows.Flatten(function.Effects);
        if (function.Origin != FunctionOrigin.Test) _effects.FailPayload = Rows.Find(declared, _facts.Program.FailEffect)?.Payload;
        var scope = OpenScope();
        var patterns = ImmutableArray.CreateBuilder<TypedPattern>(function.Parameters.Length);
        for (var i = 0; i < function.Parameters.Length; i++)
        {
            var parameter = function.Parameters[i];
            var type = WithoutForall(NormalizeIn(function, parameter.Type), parameter.Span);
            patterns.Add(PatternOf(function, i) is { } syntax
                ? ParameterPattern(syntax, type, BindingKind.Parameter)
                : new TypedPattern.Binding(Declare(parameter.Name, type, parameter.Span, BindingKind.Parameter), type, parameter.Span));
        }
        var result = NormalizeIn(function, function.Result);
        _isTail = true;
        var body = Check(written, result, Why.Body);
        _isTail = false;
        CloseScope(scope);
        SolveAll();
        CheckDeclaredEffects(function, declared);
        Settle();
        Finish();
        return new TypedBody(function, patterns.DrainToImmutable(), body);
    }

    /// <summary>Polymorphic parameters are not implemented; what uses one says nothing more about it.</summary>
    private Type WithoutForall(Type type, TextSpan span)
    {
        if (type.Resolved is not Type.Forall) return type;
        Error("E0904", span, "polymorphic parameters (`forall`) are not implemented in this version", "", "pass one function for each type that it is used at");
        return _facts.Error;
    }

    private static Pattern? PatternOf(FunctionSymbol function, int parameter) =>
        function.Signature is { } signature && parameter < signature.Parameters.Length
            ? signature.Parameters[parameter].Pattern : null;

    /// <summary>A type of a signature as its body sees it: projections that the bounds determine are replaced.</summary>
    private Type NormalizeIn(FunctionSymbol function, Type type) => HasProjections(function) ? Normalize(type, function.Span) : type;

    private SourceSpan At(TextSpan span) => new(_source, span);
    private static SourceSpan At(ModuleSymbol module, TextSpan span) => new(module.Source, span);

    /// <summary>An expression without a required type; the hint is pushed inward and need not be met.</summary>
    private TypedExpression Infer(Expression expression, Type? expected)
    {
        var isTail = _isTail;
        _isTail = false;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _bag.Error("E0012", At(expression.Span), "expression is nested too deeply", help: "split it up with `let`");
            return ErrorAt(expression.Span);
        }
        switch (expression)
        {
            case Expression.Variable variable: return InferVariable(variable, expected);
            case Expression.Literal literal: return InferLiteral(literal, expected);
            case Expression.Call call: return InferCall(call, expected, isTail);
            case Expression.Field field: return InferField(field, expected);
            case Expression.Binary binary: return InferBinary(binary, expected);
            case Expression.Upper upper: return InferUpper(upper, expected);
            case Expression.Block block: return InferBlock(block, expected, isTail);
            case Expression.Let let: return InferLet(let);
            case Expression.If conditional: return InferIf(conditional, expected, isTail);
            case Expression.Case match: return InferCase(match, expected, isTail);
            case Expression.Lambda lambda: return InferLambda(lambda, expected);
            case Expression.Interpolation interpolation: return InferInterpolation(interpolation);
            case Expression.Unit unit: return new TypedExpression.Unit(_facts.Unit, unit.Span);
            case Expression.Unary unary: return InferUnary(unary, expected);
            case Expression.Tuple tuple: return InferTuple(tuple, expected);
            case Expression.List list: return InferList(list, expected);
            case Expression.Record record: return InferRecord(record, expected);
            case Expression.Update update: return InferUpdate(update, expected);
            case Expression.Map map: return InferMap(map, expected);
            case Expression.Cond cond: return InferCond(cond, expected, isTail);
            case Expression.When statement: return InferWhen(statement);
            case Expression.For loop: return InferFor(loop);
            case Expression.While loop: return InferWhile(loop);
            case Expression.With with: return InferWith(with, expected);
            case Expression.Unsafe block: return InferUnsafe(block, expected, isTail);
            case Expression.Fail fail: return InferFail(fail);
            case Expression.Try attempt: return InferTry(attempt, expected);
            case Expression.Catch attempt: return InferCatch(attempt, expected);
            case Expression.Panic panic: return InferPanic(panic);
            case Expression.Ascription ascription: return InferAscription(ascription);
            case Expression.AnonymousFunction function: return InferAnonymousFunction(function);
            case Expression.TailRecursive call: return InferTailRecursive(call, expected, isTail);
            case Expression.Assertion assertion: return InferAssertion(assertion, expected);
            case Expression.LayoutQuery query: return InferLayoutQuery(query);
            case Expression.Atom atom: return new TypedExpression.Atom(atom.Name.Text, _facts.Atom, atom.Span);
            case Expression.Handle handle: return InferHandle(handle);
            case Expression.Resume resume: return InferResume(resume);
            case Expression.TypeArgument argument: return InferTypeArgument(argument);
            // Where a placeholder may not stand the parser has reported it.
            case Expression.Placeholder placeholder: return ErrorAt(placeholder.Span);
            case Expression.Error error: return ErrorAt(error.Span);
        }
        return ErrorAt(expression.Span);
    }

    /// <summary>An expression that must have the expected type.</summary>
    /// <remarks>A known type is required of each branch by itself, so that the message points at the branch that is wrong.</remarks>
    private TypedExpression Check(Expression expression, Type expected, in Why why)
    {
        if (expression is Expression.Block or Expression.If or Expression.Case or Expression.Cond or Expression.Unsafe
            && expected.Resolved is not (Type.Meta or Type.Error) && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            var isTail = _isTail;
            _isTail = false;
            var value = expression switch
            {
                Expression.Block block => InferBlock(block, expected, isTail, why),
                Expression.If conditional => InferIf(conditional, expected, isTail, why),
                Expression.Case match => InferCase(match, expected, isTail, why),
                Expression.Cond cond => InferCond(cond, expected, isTail, why),
                Expression.Unsafe block => InferUnsafe(block, expected, isTail, why),
                _ => ErrorAt(expression.Span),
            };
            return Coerce(value, expected, why);
        }
        return Coerce(Infer(expression, expected), expected, why);
    }

    private TypedExpression.Error ErrorAt(TextSpan span) => new(_facts.Error, span);

    /// <summary>What can be said only when every type is known, and only about a body that has no errors.</summary>
    private void Finish()
    {
        if (_bag.HasErrors) return;
        CheckCoverage();
        if (!_bag.HasErrors) ReportUnused();
    }

    /// <summary>At the end: numeric defaults, empty effect tails, and messages about what stayed ambiguous (6.7.8).</summary>
    private void Settle()
    {
        SettleObligations();
        foreach (var cell in _unknowns.All.ToArray())
        {
            if (cell.Solution is not null) continue;
            switch (cell.Kind)
            {
                case VariableKind.Type:
                    cell.Solution = _facts.Unit;
                    break;
                case VariableKind.RecordRow:
                    cell.Solution = new Type.RowArgument(Row.Empty);
                    break;
                case VariableKind.EffectRow:
                    EffectBounds.Settle(_unknowns, cell, keepOpen: false);
                    break;
            }
        }
    }
}
