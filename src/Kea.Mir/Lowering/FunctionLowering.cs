using System.Collections.Immutable;
using Kea.Source;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>What a local name stands for while a body is lowered.</summary>
internal abstract record LocalBinding
{
    private LocalBinding() { }
    public sealed record Value(ValueId Id, MirType Type) : LocalBinding;
    /// <summary>A lambda that is only called: a function that takes what it captures as further arguments.</summary>
    public sealed record Known(MirSignature Code, ImmutableArray<LocalSymbol> Captures, ClosedType.Function Type) : LocalBinding;
    /// <summary>A generalised value, lowered anew at each use; its names are those of the function that holds it.</summary>
    public sealed record Polymorphic(TypedExpression.LetPolymorphic Definition, TypeSubstitution Substitution) : LocalBinding;
}

/// <summary>Names lambdas of one instance, its nested ones included, in order of appearance.</summary>
internal sealed class LambdaNames(string root)
{
    private int _next;
    public string Next() => $"{root}{Lambdas.Mark}{++_next}";
}

/// <summary>Lambdas belong to the function that holds them: they change with it and are compiled with it.</summary>
public static class Lambdas
{
    public const string Mark = ".lambda";

    /// <summary>The name of the function that a lambda stands in; of any other function its own.</summary>
    public static string RootOf(string name) => Parts(name).Root;

    /// <summary>The number of the body that a lambda stands in; 0 for any other function, and for the first body.</summary>
    public static int BodyOf(string name) => Parts(name).Body;

    private static (string Root, int Body) Parts(string name)
    {
        var at = name.IndexOf(Mark, StringComparison.Ordinal);
        while (at >= 0 && (at + Mark.Length == name.Length || !char.IsAsciiDigit(name[at + Mark.Length]))) at = name.IndexOf(Mark, at + 1, StringComparison.Ordinal);
        if (at < 0) return (name, 0);
        var root = name.AsSpan(0, at);
        var mark = root.LastIndexOf(ClosedTypes.VersionMark);
        return mark >= 0 && int.TryParse(root[(mark + 1)..], out var body) ? (root[..mark].ToString(), body) : (root.ToString(), 0);
    }
}

/// <summary>Lowers one function. What is alike for all kinds of functions stands here; each family of expressions has its own file.</summary>
internal sealed partial class FunctionLowering
{
    private readonly LoweringContext _context;
    private readonly FunctionBuilder _b = new();
    private readonly SourceText? _source;
    private readonly string _module;
    private readonly LambdaNames _lambdas;
    private readonly FunctionLowering? _outer;
    private readonly Dictionary<LocalSymbol, LocalBinding> _locals = [];
    private TypeSubstitution _substitution;
    private ClosedType? _result;
    private ClosedType? _failure;
    private CatchTarget? _catch;

    private FunctionLowering(LoweringContext context, SourceText? source, string module, LambdaNames lambdas, TypeSubstitution substitution, FunctionLowering? outer)
    {
        _context = context;
        _source = source;
        _module = module;
        _lambdas = lambdas;
        _substitution = substitution;
        _outer = outer;
    }

    private Representation Shapes => _context.Representation;
    private ClosedTypes Types => _context.Types;
    private CheckedProgram Program => _context.Program;

    public static void LowerInstance(LoweringContext context, Instance instance)
    {
        if (LowerLive(context, instance)) return;
        var symbol = instance.Symbol;
        var body = context.Program.BodyOf(symbol) ?? throw new InvalidOperationException($"lowering: {symbol.QualifiedName} has no body");
        var names = new LambdaNames(context.LambdaRoot(instance));
        var lowering = new FunctionLowering(context, context.Program.SourceOf(symbol), instance.Signature.Module, names, instance.Substitution, null);
        lowering.LowerBody(instance, body);
    }

    public static void LowerConst(LoweringContext context, ConstSymbol constant, MirSignature signature)
    {
        var lowering = new FunctionLowering(context, constant.Module.Source, signature.Module, new LambdaNames(signature.Name), TypeSubstitution.Empty, null);
        var value = context.Program.ConstValue(constant);
        lowering._result = lowering.TypeOf(value);
        lowering.Into(value, Destination.Return);
        lowering.Finish(signature, [], lowering.LocationOf(constant.Span));
    }

    /// <summary>The function that computes a field's default in a closed type; the caller keeps it.</summary>
    public static MirSignature LowerDefault(LoweringContext context, ConstSymbol constant, ClosedType type, TypeSubstitution owner, Action<MirFunction> keep)
    {
        var module = context.ModuleName(constant.Module);
        var id = context.Session.Function($"{constant.QualifiedName}({type.Name})", module, [], context.Representation.Of(type), isClosureCode: false);
        var lowering = new FunctionLowering(context, constant.Module.Source, module, new LambdaNames(constant.QualifiedName), owner, null) { _result = type };
        lowering.Into(context.Program.ConstValue(constant), Destination.Return);
        keep(lowering.Made(context.Session[id], [], lowering.LocationOf(constant.Span)));
        return context.Session[id];
    }

    public static void LowerSynthetic(LoweringContext context, MirSignature signature, Action<FunctionLowering, ImmutableArray<ValueId>> write)
    {
        var lowering = new FunctionLowering(context, null, signature.Module, new LambdaNames(signature.Name), TypeSubstitution.Empty, null);
        var parameters = ImmutableArray.CreateBuilder<ValueId>(signature.Parameters.Length);
        foreach (var (type, _) in signature.Parameters) parameters.Add(lowering._b.NewValue(type));
        var values = parameters.MoveToImmutable();
        write(lowering, values);
        lowering.Finish(signature, values, default);
    }

    private void LowerBody(Instance instance, TypedBody body)
    {
        _result = instance.Result;
        _failure = instance.Failure;
        var parameters = ImmutableArray.CreateBuilder<ValueId>(instance.Parameters.Length);
        foreach (var parameter in instance.Parameters) parameters.Add(_b.NewValue(Shapes.Of(parameter)));
        var values = parameters.MoveToImmutable();
        var arguments = values;
        if (CallsItselfInTailPosition(body.Body, instance.Symbol))
        {
            var header = _b.NewBlock();
            arguments = [.. instance.Parameters.Select(p => _b.AddParameter(header, Shapes.Of(p)))];
            _b.Jump(header, values.AsSpan());
            _b.Continue(header);
            _self = new SelfCall(instance, header);
        }
        for (var i = 0; i < arguments.Length; i++) Bind(body.Parameters[i], arguments[i], instance.Parameters[i]);
        Into(body.Body, Destination.Return);
        Finish(instance.Signature, values, LocationOf(instance.Symbol.Span));
    }

    private void Finish(MirSignature signature, ImmutableArray<ValueId> parameters, Location location, List<Instruction>? prologue = null) =>
        _context.Add(Made(signature, parameters, location, prologue));

    private MirFunction Made(MirSignature signature, ImmutableArray<ValueId> parameters, Location location, List<Instruction>? prologue = null)
    {
        var (blocks, types) = _b.Finish(prologue);
        var owned = ImmutableArray.CreateBuilder<MirParameter>(parameters.Length);
        for (var i = 0; i < parameters.Length; i++) owned.Add(new MirParameter(parameters[i], signature.Parameters[i].Ownership));
        return new MirFunction(
            signature.Id, signature.Name, signature.Module, _source?.Path ?? "", location, owned.MoveToImmutable(), signature.Result, signature.IsClosureCode, blocks, types);
    }

    private ClosedType Close(Type type) => Types.Close(type, _substitution);
    private ClosedType TypeOf(TypedExpression expression) => Types.Close(expression.Type, _substitution);
    private MirType Of(ClosedType type) => Shapes.Of(type);
    private Location LocationOf(TextSpan span) => _source is null ? default : LoweringContext.LocationOf(_source, span);

    private void At(TypedExpression expression) => _b.Location = LocationOf(expression.Span);

    private LocalBinding Find(LocalSymbol symbol)
    {
        if (_locals.TryGetValue(symbol, out var binding)) return binding;
        if (_outer is null) throw new InvalidOperationException($"lowering: {symbol.Name} is not bound");
        binding = _outer.Find(symbol);
        // Only values are captured; the other kinds are looked through by whoever uses them.
        if (binding is LocalBinding.Value value) binding = new LocalBinding.Value(Capture(symbol, value.Type), value.Type);
        _locals.Add(symbol, binding);
        return binding;
    }

    private void BindValue(LocalSymbol symbol, ValueId value) => _locals[symbol] = new LocalBinding.Value(value, _b.TypeOf(value));
}
